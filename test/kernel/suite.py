"""jupyter-kernel-test against the lab's kernel, with every attribute that the kernel claims.

    python suite.py [KERNEL]

Only the pager is left out: the kernel has none.
"""
import sys
import unittest

import jupyter_kernel_test

KERNEL = sys.argv.pop(1) if len(sys.argv) > 1 else "tslab"


class TypeScriptKernel(jupyter_kernel_test.KernelTests):
    kernel_name = KERNEL
    language_name = "typescript"
    file_extension = ".ts"

    code_hello_world = "console.log('hello, world')"
    code_stderr = "console.error('test')"
    code_generate_error = "throw new Error('raised')"
    code_execute_result = [
        {"code": "1 + 2 + 3", "result": "6"},
        {"code": "[1, 2].map((n) => n * n)", "result": "[ 1, 4 ]"},
        {"code": "({ a: 'b' })", "result": "{ a: 'b' }"},
    ]
    code_display_data = [
        {"code": "import * as tslab from 'tslab';\ntslab.display.html('<b>a</b>')", "mime": "text/html"},
        {"code": "import { display } from 'pathlab';\nawait display('a')", "mime": "text/plain"},
    ]
    code_clear_output = "import { clearOutput } from 'pathlab';\nclearOutput()"
    code_inspect_sample = "Math.sqrt"

    completion_samples = [
        {"text": "Math.sq", "matches": {"sqrt", "SQRT2", "SQRT1_2"}},
        {"text": "consol", "matches": {"console"}},
    ]
    complete_code_samples = ["1", "const a = 1;", "function f() {\n  return 1;\n}", "`a ${1} b`", "// a"]
    incomplete_code_samples = ["function f() {", "f(", "const a = [1,", "`a", "/* a", "1 +"]
    invalid_code_samples = ["const 1 = a;", "f)", "let let = ;", '"a']

    code_history_pattern = "1 + 2*"
    supported_history_operations = ("tail", "range", "search")


class TypeScriptWelcome(jupyter_kernel_test.IopubWelcomeTests):
    kernel_name = KERNEL
    support_iopub_welcome = True


if __name__ == "__main__":
    unittest.main(verbosity=2)
