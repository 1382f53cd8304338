"""What of a folder is nobody's document: what ignore files name, and what tools put there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

_GIT: Final = ".git"
_RULES: Final = (".git/info/exclude", ".gitignore", ".ignore")
"""The files whose patterns hold in a folder and all below it; of those of one the last decides."""
PLACES: Final = frozenset({_GIT, *_RULES})
"""In a folder that has none of these, those above hold on."""
_MOST_BYTES: Final = 500_000
_TOOLS: Final = frozenset(
    """node_modules bower_components jspm_packages __pycache__ __pypackages__ site-packages __MACOSX
    @eaDir $RECYCLE.BIN""".split()
) | {"System Volume Information"}
_MADE: Final = frozenset(
    """package-lock.json npm-shrinkwrap.json packages.lock.json project.assets.json deno.lock
    yarn.lock pnpm-lock.yaml bun.lock bun.lockb poetry.lock uv.lock pdm.lock pipfile.lock
    pylock.toml conda-lock.yml cargo.lock composer.lock gemfile.lock mix.lock pubspec.lock
    podfile.lock package.resolved flake.lock gradle.lockfile go.sum go.work.sum""".split()
)
"""Lock files of package managers, in lower case: what was installed, written by a program."""
_PACKED = re.compile(r"~\$.+|.+[.-]min\.(?:js|mjs|cjs|css|html)|.+\.(?:js|mjs|cjs|css|ts)\.map")
"""The owner's name beside an open document of Office, minified files, and source maps."""
_LOGSEQ: Final = ("logseq", "config.edn")
_VIRTUALENV: Final = ("pyvenv.cfg", "conda-meta")
_CACHE: Final = "CACHEDIR.TAG"
_CACHE_SIGNATURE: Final = b"Signature: 8a477f597d28d172789f06886806bc55"
_STARS = re.compile(r"(?:\*+[^*/]+){4}\*|(?:\*\*/[^*]*){4}\*\*|.{1000}")


@dataclass(frozen=True, slots=True)
class IgnoreRules:
    """The patterns that hold in one folder: its own, and those of the folders above it.

    Those nearer to a file come first, and of one file the last that fits decides, as git has it.
    `place` is the name of the file that has them.
    """

    folder: str
    place: str
    spec: GitIgnoreSpec
    above: IgnoreRules | None

    def ignore(self, path: str, *, is_folder: bool) -> str:
        """The place of the rules that leave this file or folder out; empty where none do."""
        rules: IgnoreRules | None = self
        while rules is not None:
            inner = PurePosixPath(path).relative_to(rules.folder).as_posix()
            said = rules.spec.check_file(f"{inner}/" if is_folder else inner).include
            if said is not None:
                return rules.place if said else ""
            rules = rules.above
        return ""


def rules_of(folder: str, above: IgnoreRules | None) -> IgnoreRules | None:
    """The rules of a folder below another; where it has none of its own, those above hold on."""
    rules = above
    for place in _RULES:
        if (spec := _spec(Path(folder) / place)) is not None:
            rules = IgnoreRules(folder, place, spec, rules)
    return rules


def rules_above(folder: str) -> IgnoreRules | None:
    """The rules that the working tree of git around a folder has for it.

    None where it is in none, and where these very rules would leave it out: who names a folder
    wants it.
    """
    top = next((one for one in Path(folder).parents if (one / _GIT).exists()), None)
    if top is None or (Path(folder) / _GIT).exists():
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
    if path.name == _LOGSEQ[0] and (path / _LOGSEQ[1]).exists():
        return True
    try:
        with (path / _CACHE).open("rb") as tag:
            return tag.read(len(_CACHE_SIGNATURE)) == _CACHE_SIGNATURE
    except OSError:
        return False


def is_made(name: str) -> bool:
    """Whether a file of this name was written by a program for itself, or for another one."""
    lower = name.lower()
    return lower in _MADE or _PACKED.fullmatch(lower) is not None


def _spec(path: Path) -> GitIgnoreSpec | None:
    """The patterns of one file; None where there is none to be read."""
    try:
        if not path.is_file() or path.stat().st_size > _MOST_BYTES:
            return None
        lines = path.read_text(encoding="utf-8-sig", errors="surrogateescape").split("\n")
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
