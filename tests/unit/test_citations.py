from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from codexity.citations import CitationCleaner

_PIECES = """[ ] [ ] [ ] [[ ]] [[[[[[[ ]]]]]]] 1 2 3 9 0 12 ` `` ``` ~~~ ( ) - – , ; & . : * _ ^ # +
x [9] [1] [9](u) [1](http://a.b/c [^ 【 】 † ［ ］ １ ٣ ²
Source and sou \\ \\[ \\] word ![ > "t" """.split()
_TEXT = st.lists(
    st.sampled_from([*_PIECES, " ", " ", "\n", "\n\n", "\n```\n", "\t", " " * 20, "source " * 10])
    | st.text(max_size=3),
    max_size=60,
).map("".join)
_SOURCES = st.sampled_from((0, 1, 2, 5, 12))


def _clean(text: str, sources: int = 5) -> str:
    cleaner = CitationCleaner(sources)
    return cleaner.feed(text) + cleaner.close()


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        # what names a source passes
        ("It closes [1].", "It closes [1]."),
        ("Both [1][5] [2].", "Both [1][5] [2]."),
        # what names none goes, with the white space before it
        ("It closes [9].", "It closes."),
        ("It closes [0] [6] [7].", "It closes."),
        ("It [9] closes", "It closes"),
        ("It closes [9][1].", "It closes [1]."),
        ("It closes[1][9].", "It closes[1]."),
        ("*closes [9]*", "*closes*"),
        ("word [9]word", "word word"),
        ("10[9]5", "10 5"),
        ("中文【9】中文。", "中文中文。"),
        ("One.\n\n[9] Two", "One.\n\nTwo"),
        ("[9] One", "One"),
        ("- [9] one\n- two", "- one\n- two"),
        # lists and ranges
        ("a [1, 2] b", "a [1][2] b"),
        ("a [1,9] b", "a [1] b"),
        ("a [1; 2]", "a [1][2]"),
        ("a [1-3].", "a [1][2][3]."),
        ("a [1–3].", "a [1][2][3]."),
        ("a [1 - 3].", "a [1][2][3]."),
        ("a [1-999999].", "a [1]."),
        ("a [7-9].", "a."),
        ("a [1, 1].", "a [1]."),
        ("a [" + ", ".join(map(str, range(1, 60))) + "] b", "a [1][2][3][4][5] b"),
        # other spellings
        ("a[^1]", "a[1]"),
        ("a【1】", "a[1]"),
        ("a【1†source】.", "a[1]."),
        ("a【9†source】.", "a."),
        ("a【4:0†source】.", "a."),
        ("a [Source 1]", "a [1]"),
        ("a [source: 1]", "a [1]"),
        ("a [Sources 1 and 2]", "a [1][2]"),
        ("a [Source 2: Its Title, in full].", "a [2]."),
        ("a [Source 9: Its Title].", "a."),
        ("a [[1]]", "a [1]"),
        ("a [ 1 ]", "a [1]"),
        ("a [**1**]", "a [1]"),
        ("a [1\u200b]", "a [1]"),
        ("a ［１］", "a [1]"),
        ("a [٣]", "a [3]"),
        ("a [²]", "a [2]"),
        ("a [01]", "a [1]"),
        ("a [+1]", "a [1]"),
        ("a [-1].", "a."),
        (r"a \[1\] \[9\].", "a [1]."),
        ("a [" + "9" * 5_000 + "] b", "a b"),
        ("a [" + "0" * 50 + "1] b", "a [1] b"),
        # a link of the model's invention
        ("a [1](http://made.up/x) b", "a [1] b"),
        ("a [9](http://made.up/x) b", "a b"),
        ("a [1](http://made.up/x_(y) 'Title') b", "a [1] b"),
        ("a [1](http://made.up/" + "x" * 500 + "_(y)) b", "a [1] b"),
        ("a [1](one)(two) b", "a [1] b"),
        ("a [1](as it says) b", "a [1] (as it says) b"),
        ("a [9](as it says) b", "a (as it says) b"),
        ("[1]: http://made.up", "[1] : http://made.up"),
        ("[^1]: a note", "[1] : a note"),
        # what is no number passes untouched
        ("- [x] done\n- [ ] open [text] [] [a](http://b)", None),
        ("[2024-05-01] [1.5] [1:2] [10/12] [sic] [note] [sources]", None),
        ("\\[ x^2 \\] and \\`not code\\`", None),
        ("[" + "_" * 200 + "]", None),
        ("array [", None),
        # an end in the middle
        ("It closes [12", "It closes"),
        ("It closes [1, 2", "It closes [1]"),
        ("It closes [1](http://made", "It closes [1]"),
        # what is removed makes no new number
        ("[[9]3]", "[3]"),
        ("[1[9]2]", "[1][2]"),
        ("[4[[9](-1-)]4]", "[4[(-1-)]4]"),
        ("[[9](-1-)4]", "[(-1-)4]"),
        # code
        ("`a[5]` then [5] [9]", "`a[ 5 ]` then [5]"),
        ("``a`[1]`` [1]", "``a`[ 1 ]`` [1]"),
        ("```py\na[5], [1, 2], [x]\n```\n[5]", "```py\na[ 5 ], [1, 2], [x]\n```\n[5]"),
        ("~~~\na[1]\n```\nb[1]\n~~~\n[1]", "~~~\na[ 1 ]\n```\nb[ 1 ]\n~~~\n[1]"),
        ("- ```\n  a[1]\n  ```\n  [1]", "- ```\n  a[ 1 ]\n  ```\n  [1]"),
        ("````\n```\na[1]\n````\n[1]", "````\n```\na[ 1 ]\n````\n[1]"),
        ("```\n``` no end\na[1]", "```\n``` no end\na[ 1 ]"),
        ("```a[1]``` [1]", "```a[ 1 ]``` [1]"),
        ("an open ` here [1]\n[1]", "an open ` here [ 1 ]\n[1]"),
        ("`a[" + "7" * 100 + "]`", "`a[ " + "7" * 100 + "]`"),
    ],
)
def test_says(said: str, heard: str | None) -> None:
    assert _clean(said) == (said if heard is None else heard)


@given(text=_TEXT, sources=_SOURCES)
@example(text="[[source source source source source source source source 9]4]", sources=0)
@example(text="[[*[[[[[9]]]]]]4]", sources=0)
@example(text="［\n1\n[9](u)]", sources=0)
@settings(max_examples=600, deadline=None)
def test_every_number_in_brackets_names_a_source(text: str, sources: int) -> None:
    heard = _clean(text, sources)
    named = {str(number) for number in range(1, sources + 1)}
    assert named.issuperset(re.findall(r"\[(\d+)\]", heard))
    if not {"`", "~"} & set(text):
        loose = re.findall(r"\[\s{0,30}\d+\s{0,30}\]", heard)
        assert all(re.fullmatch(r"\[\d+\]", found) for found in loose)


@given(text=_TEXT, sources=_SOURCES, data=st.data())
@settings(max_examples=400, deadline=None)
def test_the_cuts_of_the_stream_change_nothing(
    text: str, sources: int, data: st.DataObject
) -> None:
    cuts = data.draw(st.lists(st.integers(0, len(text)), max_size=8).map(sorted))
    cleaner, letters = CitationCleaner(sources), CitationCleaner(sources)
    pieces = [cleaner.feed(text[a:b]) for a, b in pairwise((0, *cuts, len(text)))]
    singly = [letters.feed(letter) for letter in text]
    whole = _clean(text, sources)
    assert "".join(pieces) + cleaner.close() == whole
    assert "".join(singly) + letters.close() == whole


@given(text=st.text(alphabet="abc [x]`\n.é中", max_size=300))
def test_text_without_digits_passes_whole_but_for_blank_brackets_left_open(text: str) -> None:
    if not re.search(r"\[\s*\[|\[\s*\Z", text):
        assert _clean(text, 0) == text


@given(text=_TEXT)
@settings(max_examples=150, deadline=None)
def test_little_is_held_back(text: str) -> None:
    cleaner = CitationCleaner(5)
    for letter in text:
        cleaner.feed(letter)
        assert cleaner.held <= 80


def test_plain_text_is_not_held_back_at_all() -> None:
    cleaner = CitationCleaner(5)
    for token in ("The", " with", " statement", " calls", " __exit__", "(x)", "."):
        assert cleaner.feed(token) == token
    assert cleaner.feed(" [1") == ""
    assert cleaner.feed("]") == " [1]"
