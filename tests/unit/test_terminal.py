"""What a terminal is given of the text of others: what reads as text, and nothing that steers."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codexity.edges.log import configure
from codexity.edges.terminal import json_text, plain

BAD = [
    *map(chr, (*range(9), *range(0x0B, 0x20), *range(0x7F, 0xA0))),
    *"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
    *"\u00ad\u200b\u2060\u2061\u206a\u206f\ufeff\ufff9\U000e0001\U000e0041",
]
GOOD = (
    "Plain words,\n\twith a tab.",
    "שלום עולם \u200f(עולם)\u200e",
    "می\u200cخواهم مرحبا",
    "👩\u200d🚀 ❤\ufe0f 🏳\ufe0f\u200d🌈 👍🏽",
    "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "葛\U000e0100城 café",
)


@pytest.mark.parametrize("text", GOOD)
def test_scripts_and_emoji_stay_as_they_are(text: str) -> None:
    assert plain(text) == text
    assert json.loads(json_text([text])) == [text]


def test_what_steers_reorders_or_is_not_seen_goes() -> None:
    for char in BAD:
        assert plain(f"a{char}b") == "ab"
        assert char not in json_text({f"a{char}": [char]})
        assert json.loads(json_text({f"a{char}": [char]})) == {f"a{char}": [char]}
    assert plain("a\u2028b\ud800") == "a\nb\ufffd"


@given(st.text(st.characters()))
def test_it_is_done_once_and_can_be_written(text: str) -> None:
    assert plain(plain(text)) == plain(text)
    plain(text).encode()
    assert json.loads(json_text(text)) == text


@pytest.mark.parametrize("format", ["console", "json"])
def test_a_line_of_the_log_steers_nothing(format: str) -> None:  # noqa: A002 - the setting's name
    import logging

    out = StringIO()
    configure("info", format, stream=out)
    logger = logging.getLogger("codexity.test")
    logger.warning("skipped a\x1b[31mb\u202ec")
    try:
        int("d\x1b]0;e\u2066f")
    except ValueError:
        logger.exception("failed g\x9bh")
    said = out.getvalue()
    assert not [char for char in BAD if char in said]
    for part in ("skipped a", "ValueError", "failed g"):
        assert part in said
