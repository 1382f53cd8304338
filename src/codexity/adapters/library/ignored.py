"""What of a folder is nobody's document: what `.gitignore` names, and what tools put there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

NAME: Final = ".gitignore"
"""The file whose patterns hold in its folder and all below it."""
_MOST_BYTES: Final = 500_000
_TOOLS: Final = frozenset({"node_modules", "bower_components", "__pycache__", "__pypackages__"})
_VIRTUALENV: Final = ("pyvenv.cfg", "conda-meta")
_CACHE: Final = "CACHEDIR.TAG"
_CACHE_SIGNATURE: Final = b"Signature: 8a477f597d28d172789f06886806bc55"
_STARS = re.compile(r"(?:\*+[^*/]+){4}\*|(?:\*\*/[^*]*){4}\*\*|.{1000}")


@dataclass(frozen=True, slots=True)
class IgnoreRules:
    """The patterns that hold in one folder: its own, and those of the folders above it.

    Those nearer to a file come first, and of one file the last that fits decides, as git has it.
    """

    folder: str
    spec: GitIgnoreSpec
    above: IgnoreRules | None

    def ignore(self, path: str, *, is_folder: bool) -> bool:
        """Whether git would not look at this file or folder."""
        rules: IgnoreRules | None = self
        while rules is not None:
            inner = PurePosixPath(path).relative_to(rules.folder).as_posix()
            said = rules.spec.check_file(f"{inner}/" if is_folder else inner).include
            if said is not None:
                return said
            rules = rules.above
        return False


def rules_of(folder: str, above: IgnoreRules | None) -> IgnoreRules | None:
    """The rules of a folder below another; where it has none of its own, those above hold on."""
    spec = _spec(Path(folder) / NAME)
    return above if spec is None else IgnoreRules(folder, spec, above)


def rules_above(folder: str) -> IgnoreRules | None:
    """The rules that the working tree of git around a folder has for it.

    None where it is in none, and where these very rules would leave it out: who names a folder
    wants it.
    """
    top = next((one for one in Path(folder).parents if (one / ".git").exists()), None)
    if top is None or (Path(folder) / ".git").exists():
        return None
    rules: IgnoreRules | None = None
    between = [one for one in reversed(Path(folder).parents) if one == top or top in one.parents]
    for one, inner in zip(between, [*between[1:], Path(folder)], strict=True):
        rules = rules_of(str(one), rules)
        if rules is not None and rules.ignore(str(inner), is_folder=True):
            return None
    return rules


def is_of_tools(folder: str) -> bool:
    """Whether a folder holds packages or caches that a tool put there, and can put there again.

    Source: PEP 405 for virtual environments, the Cache Directory Tagging Specification.
    """
    path = Path(folder)
    if path.name in _TOOLS or any((path / name).exists() for name in _VIRTUALENV):
        return True
    try:
        with (path / _CACHE).open("rb") as tag:
            return tag.read(len(_CACHE_SIGNATURE)) == _CACHE_SIGNATURE
    except OSError:
        return False


def _spec(path: Path) -> GitIgnoreSpec | None:
    """The patterns of one file; None where there is none to be read."""
    try:
        if not path.is_file() or path.stat().st_size > _MOST_BYTES:
            return None
        lines = path.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return None
    from pathspec import GitIgnoreSpec

    # As regular expressions, stars by the dozen take years over one name; no honest pattern has so
    # many in a row.
    patterns = [line for line in lines if _STARS.search(line) is None]
    try:
        return GitIgnoreSpec.from_lines(patterns)
    except ValueError:
        # What is no pattern to git either is passed over, and the others hold.
        return GitIgnoreSpec.from_lines([one for one in patterns if _is_pattern(one)])


def _is_pattern(line: str) -> bool:
    from pathspec import GitIgnoreSpec

    try:
        GitIgnoreSpec.from_lines([line])
    except ValueError:
        return False
    return True
