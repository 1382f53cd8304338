"""What of a folder is left out of the library, and that it is said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from codexity.adapters.library.scan import LeftOut, scan
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
    assert (left.hidden, left.kinds) == (1, ((".tag", 1),))
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


def test_what_was_left_out_is_said_in_a_line(tmp_path: Path) -> None:
    folder = made(
        tmp_path / "notes",
        {
            "a.md": "# Lock\n\nThe gate is shut.",
            "b.numbers": "1,2",
            "c.xyz": "{}",
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
    (line,) = [one for one in added.stderr.splitlines() if one.startswith("left out: ")]
    assert (
        "1 folder (node_modules), 1 hidden file, 1 empty file, 2 by .gitignore; "
        "2 .rtf (other word processors: save them as DOCX or PDF); "
        "1 .numbers (Numbers and Keynote: save them as XLSX, PPTX or PDF); 1 .xyz (kinds" in line
    )
    assert "save them as PDF" in line
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
