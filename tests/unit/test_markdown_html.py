"""HTML within Markdown hides what it would hide on a page, and nothing else."""

from __future__ import annotations

import pytest

from codexity.adapters.extract.text.markdown import read_markdown

SEEN = "A heron waits in *shallow* water."


def text(source: str) -> str:
    return read_markdown(source, "/library/notes/heron.md").text


@pytest.mark.parametrize(
    "hidden",
    [
        "<div hidden>\n\nThe **secret** kettle.\n\n</div>",
        "<div hidden>The secret kettle.</div>",
        "Then <span style='display:none'>the *secret* kettle</span> it eats.",
        "Then <span style='font-size:0'>the `secret` kettle</span> it eats.",
        "<div style='opacity:0'>\n\n    secret = kettle\n\n</div>",
        "<div hidden>\n\n```\nsecret\n```\n\n</div>",
        "<div hidden>\n\n| a | b |\n|---|---|\n| secret | kettle |\n\n</div>",
        "<!-- The secret kettle. -->",
        "<!--\n\nThe secret kettle.\n\n-->",
        "<script>secret = 1</script>",
        "<style>\n.secret { color: red }\n</style>",
        "<template>The secret kettle.</template>",
        "[//]: # (The secret kettle.)",
        '[secret]: https://pond.example/ "The secret kettle."',
        "<dialog>\n\n# The secret kettle\n\n</dialog>",
    ],
)
def test_what_is_hidden_is_not_read(hidden: str) -> None:
    found = text(f"{SEEN}\n\n{hidden}\n\nIn winter it flies away.")
    assert "secret" not in found
    assert found.startswith("A heron waits in shallow water.")
    assert found.endswith("In winter it flies away.")
    assert "Then" not in hidden or "it eats." in found


@pytest.mark.parametrize(
    "shown",
    [
        "The secret kettle.",
        "<div align=center>\n\nThe **secret** kettle.\n\n</div>",
        "<p align=center>The secret kettle.</p>",
        "<details><summary>More</summary>\n\nThe secret kettle.\n\n</details>",
        "Then <kbd>the secret kettle</kbd> it eats.",
        "<b>The secret\nkettle</b>",
        "<button aria-controls=p>More</button>\n\n<div id=p hidden>The secret kettle.</div>",
        "1 < 2 and the secret kettle <br> is there",
    ],
)
def test_what_is_shown_is_read(shown: str) -> None:
    assert "secret" in text(f"{SEEN}\n\n{shown}\n\nIn winter it flies away.")


def test_a_hidden_heading_is_no_title() -> None:
    source = f"<div hidden>\n\n# The secret kettle\n\n</div>\n\n# Herons\n\n{SEEN}"
    assert read_markdown(source, "/library/notes/heron.md").title == "Herons"


def test_marks_of_its_own_are_text() -> None:
    assert "\ue0000\ue001" in text(f"<b>Bird</b> \ue0000\ue001\n\n{SEEN}")
