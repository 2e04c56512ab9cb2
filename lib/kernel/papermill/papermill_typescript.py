"""Has papermill write parameters into notebooks of TypeScript.

    pip install ./papermill
    papermill in.ipynb out.ipynb -p lr 0.1

Papermill knows languages by a table that nothing outside can add to but code that it loads; what it
loads are engines, so this comes as one, which is papermill's own.
"""
import json

from papermill.engines import NBClientEngine
from papermill.translators import Translator, papermill_translators


class TypeScriptTranslator(Translator):
    @classmethod
    def translate(cls, val):
        # JSON is TypeScript, and so are NaN and Infinity, which Python writes besides.
        return json.dumps(val, default=str, ensure_ascii=False)

    @classmethod
    def comment(cls, cmt_str):
        return f"// {cmt_str}".strip()

    @classmethod
    def assign(cls, name, str_val):
        return f"let {name} = {str_val};"


class TypeScriptEngine(NBClientEngine):
    pass


for name in ("typescript", "tslab"):
    papermill_translators.register(name, TypeScriptTranslator)
