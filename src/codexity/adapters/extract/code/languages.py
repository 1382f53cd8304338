"""How programming languages mark comments and texts, by families that mark them alike."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

PYTHON: Final = "text/x-python"
_SOURCE: Final = "text/x-source-"
_DOUBLE: Final = r'"(?:[^"\\\n]|\\.)*+"?'
_SINGLE: Final = r"'(?:[^'\\\n]|\\.)*+'?"
_ONE: Final = r"'(?:[^'\\\n]|\\.[^'\n]{0,10})'"
"""A single character, where the mark also begins other things: `&'a str`."""
_BACKTICK: Final = r"`(?:[^`\\]|\\.)*+`?"
_THREE: Final = r'"""(?:[^"\\]|\\.|"(?!""))*+(?:""")?'
_C_COMMENT: Final = r"/\*(?:[^*]|\*(?!/))*+(?:\*/)?"
_SLASHES: Final = r"//[^\n]*+"
_HASH: Final = r"(?:(?<=\s)|(?<![^\n]))#[^\n]*+"
_DASHES: Final = r"--[^\n]*+"


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """A family of languages: `tokens` finds its comments (the group of that name) and texts.

    `braces`: blocks stand in braces, so that a header goes on to the first one. `functions`: a
    function is told by its shape alone, without a word before it.
    """

    tokens: re.Pattern[str]
    braces: bool = False
    functions: bool = False


def _language(
    *comments: str, texts: tuple[str, ...], braces: bool = False, functions: bool = False
) -> Language:
    pattern = f"(?P<comment>{'|'.join(comments)})|{'|'.join(texts)}"
    return Language(tokens=re.compile(pattern, re.DOTALL), braces=braces, functions=functions)


_C: Final = (_SLASHES, _C_COMMENT)
_FAMILIES: Final[Mapping[str, Language]] = {
    "c": _language(*_C, texts=(_DOUBLE, _ONE), braces=True, functions=True),
    "java": _language(*_C, texts=(_THREE, _DOUBLE, _ONE), braces=True, functions=True),
    "js": _language(*_C, texts=(_DOUBLE, _SINGLE, _BACKTICK), braces=True, functions=True),
    "go": _language(*_C, texts=(_DOUBLE, _ONE, r"`[^`]*+`?"), braces=True),
    "rust": _language(*_C, texts=(_DOUBLE, _ONE), braces=True),
    "kotlin": _language(*_C, texts=(_THREE, _DOUBLE, _ONE), braces=True),
    "php": _language(*_C, _HASH, texts=(_DOUBLE, _SINGLE), braces=True),
    "shell": _language(_HASH, texts=(_DOUBLE, r"'[^']*+'?")),
    "ruby": _language(
        _HASH,
        r"(?<![^\n])=begin\b(?:[^\n]|\n(?!=end))*+(?:\n=end[^\n]*+)?",
        texts=(_DOUBLE, _SINGLE),
    ),
    "hash": _language(_HASH, texts=(_DOUBLE, _ONE)),
    "hcl": _language(_HASH, *_C, texts=(_DOUBLE,), braces=True),
    "powershell": _language(_HASH, r"<#(?:[^#]|#(?!>))*+(?:#>)?", texts=(_DOUBLE, _SINGLE)),
    "julia": _language(r"#=(?:[^=]|=(?!#))*+(?:=#)?", _HASH, texts=(_THREE, _DOUBLE, _ONE)),
    "elixir": _language(
        _HASH, r'@(?:module)?doc\s+"""(?:[^"]|"(?!""))*+(?:""")?', texts=(_DOUBLE,)
    ),
    "sql": _language(_DASHES, _C_COMMENT, texts=(r"'(?:[^']|'')*+'?", r'"[^"\n]*+"?')),
    "lua": _language(r"--\[\[(?:[^\]]|\](?!\]))*+(?:\]\])?", _DASHES, texts=(_DOUBLE, _SINGLE)),
    "haskell": _language(r"\{-(?:[^-]|-(?!\}))*+(?:-\})?", _DASHES, texts=(_DOUBLE, _ONE)),
    "lisp": _language(
        r";[^\n]*+", r"#\|(?:[^|]|\|(?!#))*+(?:\|#)?", texts=(r'"(?:[^"\\]|\\.)*+"?',)
    ),
    "percent": _language(r"%[^\n]*+", texts=(_DOUBLE, _SINGLE)),
    "fortran": _language(r"![^\n]*+", texts=(_DOUBLE, _SINGLE)),
    "basic": _language(r"'[^\n]*+", texts=(r'"[^"\n]*+"?',)),
}  # fmt: skip
_SUFFIXES: Final = {
    "c": "c h cc cpp cxx hpp hh hxx ino mm glsl",
    "java": "java cs scala groovy gradle dart",
    "js": "js mjs cjs jsx ts mts cts tsx",
    "go": "go",
    "rust": "rs zig proto thrift",
    "kotlin": "kt kts swift",
    "php": "php",
    "shell": "sh bash zsh fish ksh",
    "ruby": "rb rake gemspec",
    "hash": "pl pm r nim tcl awk mk cmake gd",
    "hcl": "tf hcl nix",
    "powershell": "ps1 psm1",
    "julia": "jl",
    "elixir": "ex exs",
    "sql": "sql",
    "lua": "lua",
    "haskell": "hs elm adb ads vhd",
    "lisp": "lisp cl el clj cljs scm rkt",
    "percent": "erl hrl",
    "fortran": "f90 f95 f03",
    "basic": "vb bas vbs",
}
SUFFIXES: Final[Mapping[str, str]] = {
    ".py": PYTHON,
    ".pyi": PYTHON,
    ".pyw": PYTHON,
    **{
        f".{suffix}": f"{_SOURCE}{family}"
        for family, told in _SUFFIXES.items()
        for suffix in told.split()
    },
}
"""The media types that source code has here, by the suffix of its file."""
LANGUAGES: Final[Mapping[str, Language]] = {
    f"{_SOURCE}{name}": language for name, language in _FAMILIES.items()
}
"""The families by those media types; Python is read by its own grammar."""
PYTHON_MARKS: Final = _language(_HASH, texts=(_THREE, _DOUBLE, _SINGLE))
"""Python that its grammar does not take, as that of an older version."""
