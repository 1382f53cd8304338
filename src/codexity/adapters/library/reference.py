"""The Python reference that every interpreter carries: its topics, and its modules' docstrings."""

from __future__ import annotations

import ast
import builtins
import re
import sys
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from codexity.adapters.library.plain import plain
from codexity.model import Block

MAX_DOCUMENT_CHARS = 80_000
MAX_DOCSTRING_CHARS = 12_000
MAX_SIGNATURE_CHARS = 160
MAX_SOURCE_BYTES = 1_000_000

# Programs, tests, data, jokes and what is no part of the language for its users.
_LEFT_OUT = frozenset(
    """__future__ antigravity distutils encodings ensurepip idlelib lib2to3 nturl2path pydoc_data
    sre_compile sre_constants sre_parse test tests this turtledemo __phello__ __hello__""".split()
)
# Modules written in C whose Python twin carries the same docstrings.
_TWINS = {"datetime": "_pydatetime", "decimal": "_pydecimal", "io": "_pyio"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One document of the reference, before it is cut into passages; `blocks` are as in `Page`."""

    slug: str
    title: str
    text: str
    blocks: tuple[Block, ...] = ()


def topics() -> Iterator[Entry]:
    """Every topic of the interpreter's own help; of two with the same text the first."""
    from pydoc_data.topics import topics as found

    seen: set[str] = set()
    # A topic that stands under two names is best known by the one in its title: `if`, not `else`.
    for key, text in sorted(
        found.items(), key=lambda item: (f'"{item[0]}"' not in item[1][:80], item)
    ):
        title, _, rest = text.lstrip().partition("\n")
        if text not in seen:
            seen.add(text)
            name = re.sub(r"^\"(\w+)\" — ", r"\1: ", title.strip())
            body = plain(re.sub(r"\A\*+\n", "", rest))
            yield Entry(slug=f"topic-{key}", title=name, text=body[:MAX_DOCUMENT_CHARS])


def built_in() -> Entry:
    """The docstrings of the built-in functions, types and exceptions, which have no source file."""
    parts: list[str] = []
    for name, value in sorted(vars(builtins).items(), key=lambda item: item[0].lower()):
        doc = getattr(value, "__doc__", None)
        if not name.startswith("_") and callable(value) and isinstance(doc, str):
            told = f"{name}()" if not isinstance(value, type) else f"class {name}"
            parts.append(f"{told}\n\n{plain(doc)}")
    return Entry(
        slug="module-builtins",
        title="Built-in functions, types and exceptions",
        text="\n\n".join(parts)[:MAX_DOCUMENT_CHARS],
    )


def modules() -> list[tuple[str, Path]]:
    """The public modules of the standard library that have a source file, by name.

    Only file names are looked at; nothing is imported.
    """
    home = Path(sysconfig.get_path("stdlib"))
    found: list[tuple[str, Path]] = []
    for name in sorted(sys.stdlib_module_names):
        if name.startswith("_") or name in _LEFT_OUT:
            continue
        twin = home / f"{_TWINS.get(name, name)}.py"
        if twin.is_file() or (twin := home / f"{name}.py").is_file():
            found.append((name, twin))
        elif (home / name).is_dir():
            found.extend(_package(name, home / name))
    return found


def _package(name: str, folder: Path) -> Iterator[tuple[str, Path]]:
    start = folder / "__init__.py"
    if start.is_file():
        yield name, start
    for path in sorted(folder.iterdir()):
        inner = path.stem
        if inner.startswith("_") or inner in _LEFT_OUT:
            continue
        if path.suffix == ".py":
            yield f"{name}.{inner}", path
        elif path.is_dir():
            yield from _package(f"{name}.{inner}", path)


def module(name: str, path: Path) -> Entry | None:
    """A module's docstrings: its own and those of what is public in it; None when it has none.

    Its source is parsed, never run.
    """
    try:
        if path.stat().st_size > MAX_SOURCE_BYTES:
            return None
        tree = ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return None
    doc = ast.get_docstring(tree) or ""
    parts = [plain(doc[:MAX_DOCSTRING_CHARS]), *_members(tree.body, "")]
    text = "\n\n".join(part for part in parts if part)[:MAX_DOCUMENT_CHARS].rstrip()
    if not text:
        return None
    return Entry(slug=f"module-{name}", title=_title(name, doc), text=text)


def _title(name: str, doc: str) -> str:
    """The module's name, and what its docstring begins with where that is one short line."""
    first = plain(doc).partition("\n")[0].strip().rstrip(".")
    first = re.sub(
        rf"^(?:{re.escape(name)}(?:\.py)?|module {re.escape(name)})\s*[:\-—]+\s*", "", first
    )
    return f"{name}: {first}" if 0 < len(first) <= 80 else name


def _members(body: list[ast.stmt], within: str) -> Iterator[str]:
    """What is public and has a docstring, in the order of the source, as heading and text."""
    for node in body:
        if isinstance(node, ast.If | ast.Try):
            yield from _members(node.body, within)
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        if node.name.startswith("_") and node.name != "__init__":
            continue
        name = f"{within}.{node.name}" if within else node.name
        doc = ast.get_docstring(node)
        if doc:
            yield f"{_heading(node, name)}\n\n{plain(doc[:MAX_DOCSTRING_CHARS])}"
        if isinstance(node, ast.ClassDef):
            yield from _members(node.body, name)


def _heading(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, name: str) -> str:
    if isinstance(node, ast.ClassDef):
        return f"class {name}"
    signature = ast.unparse(node.args)
    if len(signature) > MAX_SIGNATURE_CHARS:
        signature = ", ".join(one.arg for one in node.args.args)[:MAX_SIGNATURE_CHARS]
    return f"{name}({signature})"
