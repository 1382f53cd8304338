"""Large Markdown documents are parsed in slices, and read as if they were not."""

from __future__ import annotations

import pytest

from codexity.adapters.extract.text import slices
from codexity.adapters.extract.text.markdown import read_markdown

PARTS = {
    "headings": "# Sluice\n\nIt is shut.\n\n## Keys\n\nThey hang here.\n\n",
    "a list": "- the heron\n  is grey\n  - and old\n- the punt\n- the oar\n",
    "a numbered list": "1. heron\n2. punt\n3. oar\n\nIt is shut.\n\n",
    "fences": "```\n# no heading\n\n- no item\n\n```\n\nIt is shut.\n\n",
    "a fence in an item": "- so:\n\n  ```\n  # no heading\n\n  ```\n\nIt is shut.\n\n",
    "comments": "%%\n\nA secret.\n\n# Another\n\n%%\n\nIt is shut.\n\n",
    "a table": "| a | b |\n|---|---|\n| c | d |\n\nIt is shut.\n\n",
    "references": "[mill]: https://mill.example/\n\nSee the [mill].\n\n",
    "hidden": "<div hidden>\n\nA secret.\n\n# Another\n\n</div>\n\nIt is shut.\n\n",
}


@pytest.mark.parametrize("name", PARTS)
def test_slices_change_nothing(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    source = PARTS[name] * 5
    whole = read_markdown(source, "/library/notes/pond")
    monkeypatch.setattr(slices, "_LEAST", 12)
    assert read_markdown(source, "/library/notes/pond") == whole
    assert "secret" not in whole.text


@pytest.mark.parametrize("name", ["headings", "a list", "fences", "comments", "a table"])
def test_a_large_document_is_cut(name: str) -> None:
    source = PARTS[name] * 60_000
    parts = list(slices.slices(source))
    assert "".join(parts) == source
    assert len(parts) > 2
    assert max(map(len, parts)) < 500_000


def test_a_fence_that_never_ends_is_looked_at_once() -> None:
    source = "```\n" + "# no heading\n\n" * 100_000
    assert list(slices.slices(source)) == [source]
