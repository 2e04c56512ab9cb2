"""What corpus.py puts its files together from: types, names, numbers and pieces of JSON."""
import numpy as np

NUMPY = dict(BOOL=np.uint8, U8=np.uint8, I8=np.int8, I16=np.int16, U16=np.uint16, F16=np.float16,
             I32=np.int32, U32=np.uint32, F32=np.float32, F64=np.float64, I64=np.int64, U64=np.uint64)
OTHER = dict(BF16=16, C64=64, F4=4, F6_E2M3=6, F6_E3M2=6, F8_E5M2=8, F8_E4M3=8, F8_E8M0=8,
             F8_E4M3FNUZ=8, F8_E5M2FNUZ=8)
BITS = {name: np.dtype(t).itemsize * 8 for name, t in NUMPY.items()} | OTHER
COMMON = ["F32", "F32", "F32", "F64", "F16", "BF16", "I64", "I32", "U8", "BOOL"]
NAMES = ["a", "b", "c", "layers.1.weight", "layers.1.bias", "__proto__", "constructor", "toString", "",
         "0", "1", "ü", "😀", "a b", '"', "\\", "\0", "/", "__metadata", "dtype", "\x7f", "\u2028"]
SIZES = ["0", "1", "2", "3", "4", "8", "16"]
ODD_NUMBERS = ["4.0", "1e0", "4E0", "-0", "-1", "01", "+1", "0x4", "1.", ".5", "1e", "0.4e1", "null", "true",
               '"4"', "[4]", "{}", "NaN", "Infinity", "9007199254740993", "18446744073709551615",
               "18446744073709551616", "4294967296", "9223372036854775808", "1e400", "1e-400", "4e-0",
               "1" + "0" * 309, "00", "-00", "0.0", "0e0"]
ODD_VALUES = ODD_NUMBERS + ["[]", '""', "[null]", '{"a":[{"b":1e999}]}', '"\\ud800"', '"\\ude00"',
                            '"\\ud83d\\ude00"', '"\\ud83d\\u0041"', '"\\x"', '"\\u12"', '"\t"', "'a'", "tru",
                            "nulll", "[1,]", "[,1]", "[1 2]", '{"a":1,}', '{"a":1 "b":2}', "{1:2}",
                            '{"x":1,"x":2}', "//", "/* */ 1"]
WORDS = list('{}[]:,"\\ \t\n\r\f\v/-+.0123456789eEuntfa') + ["\ufeff", "\0", "\u00a0", "\u2028", "null", "1.0", "-0",
         "\\u0000", "\\ud800", '"__metadata__"', '"dtype"', '"shape"', "[0,4]", "{}", '"F32"', "\x1f", "__metadata__"]
