"""What of a folder is left out of the library, and that it is said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from codexity.adapters.library.found import LeftOut
from codexity.adapters.library.scan import scan
from serving import installed, run


def made(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def names(folder: Path, *, ignore: bool = True) -> set[str]:
    found = scan([str(folder)], 1_000, ignore=ignore)
    assert found.failed == []
    return {Path(path).relative_to(folder).as_posix() for path in found.files}


PATTERNS = {
    "a name": ("build", {"build/a.md", "deep/build/b.md"}, {"builder/c.md"}),
    "a folder alone": ("build/", {"build/a.md"}, {"deep/build.md"}),
    "from here": ("/build", {"build/a.md"}, {"deep/build/b.md"}),
    "a path": ("deep/*.md", {"deep/a.md"}, {"deep/er/b.md", "c.md"}),
    "any depth": ("deep/**/x.md", {"deep/x.md", "deep/e/r/x.md"}, {"x.md"}),
    "a negation": ("*.md\n!keep.md", {"a.md", "deep/b.md"}, {"keep.md", "deep/keep.md"}),
    "below what is left out": ("build/\n!build/keep.md", {"build/keep.md"}, {"a.md"}),
    "the last one": ("!a.md\na.md", {"a.md"}, {"b.md"}),
    "a comment": ("# a.md\n\\#b.md", {"#b.md"}, {"a.md"}),
    "no pattern at all": ("!\n\\\na.md", {"a.md"}, {"b.md"}),
}


@pytest.mark.parametrize("name", PATTERNS)
def test_what_gitignore_names_is_left_out(tmp_path: Path, name: str) -> None:
    pattern, left, kept = PATTERNS[name]
    made(tmp_path, dict.fromkeys(left | kept, "Text.") | {".gitignore": pattern})
    assert names(tmp_path) == kept
    assert names(tmp_path, ignore=False) == left | kept


PLACES = {
    ".ignore": {".ignore": "drafts/", "drafts/a.md": "", "b.md": ""},
    ".ignore below": {"deep/.ignore": "*.md\n!c.md", "deep/a.md": "", "deep/c.md": "", "b.md": ""},
    ".git/info/exclude": {".git/info/exclude": "a.md", "a.md": "", "deep/a.md": "", "b.md": ""},
    "a mark at its beginning": {".gitignore": "\ufeffa.md\r\nc.md\r\n", "a.md": "", "c.md": ""},
}


@pytest.mark.parametrize("place", PLACES)
def test_other_files_of_patterns_hold_as_well(tmp_path: Path, place: str) -> None:
    made(tmp_path, PLACES[place])
    wanted = {name for name in PLACES[place] if name.endswith(".md")}
    assert names(tmp_path, ignore=False) == wanted
    kept = {".ignore below": {"b.md", "deep/c.md"}, "a mark at its beginning": set[str]()}
    assert names(tmp_path) == kept.get(place, {"b.md"})


def test_what_ignore_takes_back_is_read_though_git_leaves_it_out(tmp_path: Path) -> None:
    files = {".gitignore": "*.md", ".ignore": "!notes.md\nb.txt", "notes.md": "", "a.md": ""}
    made(tmp_path, files | {"b.txt": "", "c.txt": ""})
    assert names(tmp_path) == {"notes.md", "c.txt"}
    assert scan([str(tmp_path)], 9).left_out().by_rules == ((".gitignore", 1), (".ignore", 1))


MADE = (
    "package-lock.json",
    "packages.lock.json",
    "npm-shrinkwrap.json",
    "yarn.lock",
    "poetry.lock",
    "Cargo.lock",
    "Pipfile.lock",
    "pnpm-lock.yaml",
    "jquery.min.js",
    "site-min.css",
    "app.js.map",
    "~$letter.docx",
)
NOT_MADE = ("package.json", "lock.md", "minutes.min.md", "map.txt", "~letter.md", "yarn.lock.md")


def test_files_that_tools_write_are_left_out(tmp_path: Path) -> None:
    made(tmp_path, dict.fromkeys((*MADE, *NOT_MADE), "{}"))
    found = scan([str(tmp_path)], 100)
    assert sorted(found.made) == sorted(MADE)
    assert {Path(path).name for path in found.files} == set(NOT_MADE)
    assert scan([str(tmp_path)], 100, ignore=False).made == []
    named = scan([str(tmp_path / "package-lock.json")], 9)
    assert len(named.files) == 1, "what is named itself is read"


FOLDERS = {
    "jspm_packages": {"jspm_packages/a.md": ""},
    "__MACOSX": {"__MACOSX/a.md": ""},
    "logseq": {"logseq/config.edn": "{}", "logseq/bak/pages/a.md": ""},
    "venv": {"venv/pyvenv.cfg": "", "venv/lib/a.txt": ""},
    ".trash": {".trash/a.md": ""},
    ".venv": {".venv/a.md": ""},
}


@pytest.mark.parametrize("name", FOLDERS)
def test_folders_that_are_nobodys_documents_are_left_out(tmp_path: Path, name: str) -> None:
    made(tmp_path, FOLDERS[name] | {"b.md": ""})
    assert names(tmp_path) == {"b.md"}
    assert scan([str(tmp_path)], 9).left_out().folders == (name,)


def test_a_folder_that_is_only_named_like_one_is_read(tmp_path: Path) -> None:
    made(tmp_path, {"logseq/about.md": "", "vendor/a.md": "", "trash/b.md": "", "lock/c.md": ""})
    assert names(tmp_path) == {"logseq/about.md", "vendor/a.md", "trash/b.md", "lock/c.md"}


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("a.jpg", "letters in pictures"),
        ("a.MP3", "sound"),
        ("a.zip", "unpack"),
        ("a.doc", "save them as"),
        ("a.msg", ".eml"),
        ("a.db", "CSV"),
        ("a.xyzzy", "named itself"),
    ],
)
def test_a_kind_that_is_not_read_is_told_with_what_can_be_done(
    tmp_path: Path, name: str, what: str
) -> None:
    (kind,) = scan([str(made(tmp_path, {name: "x", "b.md": "x"}))], 9).left_out().kinds
    assert (kind.count, kind.names) == (1, (name,))
    assert what in kind.what


def test_the_nearest_file_decides(tmp_path: Path) -> None:
    files = {
        ".gitignore": "*.txt",
        "a.txt": "",
        "deep/.gitignore": "!b.txt\nc.md",
        "deep/b.txt": "",
        "deep/c.md": "",
        "c.md": "",
    }
    assert names(made(tmp_path, files)) == {"deep/b.txt", "c.md"}


def test_the_rules_above_a_folder_hold_within_its_working_tree(tmp_path: Path) -> None:
    files = {".gitignore": "drafts/\n*.txt", "docs/a.txt": "", "docs/b.md": "", "drafts/c.md": ""}
    made(tmp_path, files)
    assert names(tmp_path / "docs") == {"a.txt", "b.md"}, "no working tree of git is around it"
    (tmp_path / ".git").mkdir()
    assert names(tmp_path / "docs") == {"b.md"}
    assert names(tmp_path / "drafts") == {"c.md"}, "who names a folder wants it"


def test_folders_of_tools_are_left_out(tmp_path: Path) -> None:
    tag = "Signature: 8a477f597d28d172789f06886806bc55\n# by a tool"
    files = {
        "a.md": "",
        "web/node_modules/b/README.md": "",
        "env/pyvenv.cfg": "",
        "env/lib/LICENSE.txt": "",
        "target/CACHEDIR.TAG": tag,
        "target/c.md": "",
        "cache/CACHEDIR.TAG": "of another kind",
        "cache/d.md": "",
        ".obsidian/e.md": "",
        ".f.md": "",
    }
    made(tmp_path, files)
    found = scan([str(tmp_path)], 1_000)
    assert {Path(path).name for path in found.files} == {"a.md", "d.md"}
    left = found.left_out()
    assert sorted(left.folders) == [".obsidian", "env", "node_modules", "target"]
    assert (left.hidden, [(one.suffix, one.count) for one in left.kinds]) == (1, [(".tag", 1)])
    assert "README.md" in {
        Path(path).name for path in scan([str(tmp_path / "web/node_modules")], 9).files
    }


def test_patterns_made_to_take_long_take_no_time(tmp_path: Path) -> None:
    pattern = "*a" * 40 + "*b\nc.md"
    assert names(made(tmp_path, {".gitignore": pattern, "a" * 200 + ".md": "", "c.md": ""})) == {
        "a" * 200 + ".md"
    }


def test_nothing_left_out_is_nothing_to_say(tmp_path: Path) -> None:
    assert scan([str(made(tmp_path, {"a.md": ""}))], 9).left_out() == LeftOut()


def test_what_was_left_out_is_said(tmp_path: Path) -> None:
    folder = made(
        tmp_path / "notes",
        {
            "a.md": "# Lock\n\nThe gate is shut.",
            "b.numbers": "1,2",
            "c.ini": "x = 1",
            "d.rtf": "{\\rtf1}",
            "e.rtf": "{\\rtf1}",
            ".gitignore": "*.log.txt\n/built",
            "f.log.txt": "x",
            "boats/__init__.py": "",
            "built/g.md": "The lamp is out.",
            "node_modules/h/README.md": "x",
        },
    )
    home, off = installed(tmp_path / "home"), dict[str, Any](SEARCH__STARTER=False)
    added = run(home, "library", "add", str(folder), **off)
    assert added.stdout.startswith("documents: 1 added, 0 unchanged, 0 removed, 0 skipped, 4 of")
    lines = [one for one in added.stderr.splitlines() if one.startswith("left out: ")]
    ignored, office, unknown = lines
    assert ignored == (
        "left out: 1 folder (node_modules), 1 hidden file, 1 empty file, 2 by .gitignore"
    )
    assert office.startswith("left out: 2 .rtf, 1 .numbers (")
    assert "save them as DOCX, XLSX" in office
    assert office.endswith(": d.rtf, e.rtf, b.numbers")
    assert unknown.startswith("left out: 1 .ini (")
    assert unknown.endswith("named itself): c.ini")
    again = run(home, "library", "add", str(folder), "--no-ignore", **off)
    assert again.stdout.startswith("documents: 3 added, 1 unchanged")
    assert "node_modules" not in again.stderr
    assert run(home, "library", "add", str(folder), **off).stdout.startswith(
        "documents: 0 added, 1 unchanged, 3 removed"
    )
    refused = run(home, "library", "add", str(folder / "d.rtf"), **off)
    assert refused.returncode == 1
    assert "It is RTF: save it as" in refused.stderr


def test_a_file_that_was_named_stays_when_its_folder_is_added(tmp_path: Path) -> None:
    folder = made(tmp_path / "notes", {"a.md": "The gate is shut.", "b.ini": "lantern = 12"})
    home, off = installed(tmp_path / "home"), dict[str, Any](SEARCH__STARTER=False)
    run(home, "library", "add", str(folder / "b.ini"), **off)
    added = run(home, "library", "add", str(folder), **off)
    assert added.stdout.startswith("documents: 1 added, 1 unchanged, 0 removed")
    assert "ini" not in added.stderr
    (folder / "b.ini").unlink()
    gone = run(home, "library", "add", str(folder), **off)
    assert gone.stdout.startswith("documents: 0 added, 1 unchanged, 1 removed")
