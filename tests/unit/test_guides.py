"""Which of our own texts the starter collection has, and when it is built anew by them."""

from __future__ import annotations

from pathlib import Path

import pytest

from codexity.adapters.library.guides import fingerprint, guides
from codexity.compose.parts import guides as found

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_it_has_the_readme_and_the_guides_and_nothing_for_those_who_build_it() -> None:
    slugs = {one.slug for one in guides(DOCS)}
    assert {"guide-readme", "guide-about", "guide-library", "guide-settings"} <= slugs
    for name in ("benchmarks", "from-the-series"):
        assert (DOCS / f"{name}.md").is_file()
        assert f"guide-{name}" not in slugs
    decisions = {f"guide-{one.stem}" for one in (DOCS / "decisions").glob("*.md")}
    assert decisions.isdisjoint(slugs)
    assert found() == DOCS


def test_a_package_has_its_readme_among_the_guides(tmp_path: Path) -> None:
    folder = tmp_path / "guides"
    folder.mkdir()
    (tmp_path / "README.md").write_text("# Somebody else's\n\nA readme beside a package.")
    assert list(guides(folder)) == []
    (folder / "README.md").write_text("# Ours\n\nWhat this is.")
    assert [(one.slug, one.title) for one in guides(folder)] == [("guide-readme", "Ours")]


@pytest.mark.parametrize("after", ["# A\n\nOld wordz.", "# A\n\nNew words, and more of them."])
def test_what_is_written_otherwise_is_built_anew(tmp_path: Path, after: str) -> None:
    guide = tmp_path / "a.md"
    guide.write_text("# A\n\nOld words.")
    before = fingerprint(tmp_path)
    guide.write_text(after)
    assert fingerprint(tmp_path) != before
    guide.write_text("# A\n\nOld words.")
    assert fingerprint(tmp_path) == before
