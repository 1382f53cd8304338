from __future__ import annotations

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codexity.text import asked, blocks, counted, sentences, stems, tokens, words

_PROSE = st.lists(
    st.sampled_from(
        [*'.!?…"”)]。！？ \n', "\n\n", " Mr. ", " e.g. ", "3.14", "A", "b", "中", "[1]", " "]
    )
    | st.text(max_size=3),
    max_size=40,
).map("".join)


def _cut(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    "parts",
    [
        ("It opens.", "It closes."),
        ("Does it?", "It does!", "So…", "Yes."),
        ("Mr. Smith met Dr. J. R. Jones at 5 p.m. on the 3rd.", "They left."),
        ("Use a context manager, e.g. Path.open, or cf. Fig. 3 there.", "Then close it."),
        ("Pi is 3.14 and e is 2.718.", "Both are numbers."),
        ("Read https://a.org/x.html?y=1.2 first.", "Then ask."),
        ("Version 3.11.4 is out.", "It is fast."),
        ('He said "It works."', "She agreed."),
        ('She asked, "Why?"', "“Because,” he said."),
        ("It is so (see below.)", "It stays so."),
        ("Call x.close() at the end.", "`Path` does it."),
        ("这是第一句。", "这是第二句！", "真的吗？"),
        ("最初の文です。", "「次の文」です。"),
        ("No mark at the end",),
    ],
)
def test_sentences_end_where_readers_end_them(parts: tuple[str, ...]) -> None:
    spaced = "" if parts[0][-1] in "。！？" else " "
    assert _cut(spaced.join(parts)) == list(parts)


@given(_PROSE)
def test_sentences_are_verbatim_in_order_and_lose_only_white_space(text: str) -> None:
    left, reached = "", 0
    for start, end in sentences(text):
        assert reached <= start < end <= len(text)
        left, reached = left + text[reached:start], end
    assert not (left + text[reached:]).strip()


@given(_PROSE, _PROSE, _PROSE)
def test_sentences_of_a_part_stay_inside_it(before: str, text: str, after: str) -> None:
    whole = before + text + after
    for start, end in sentences(whole, len(before), len(before) + len(text)):
        assert len(before) <= start < end <= len(before) + len(text)


def test_blocks_are_parted_by_blank_lines() -> None:
    text = "\n\nOne\ntwo  \n \t\n  Three\n\n\n- four\n"
    found = [text[start:end].strip() for start, end in blocks(text)]
    assert found == ["One\ntwo", "Three", "- four"]
    assert list(blocks(" \n \n")) == []


@given(_PROSE)
def test_blocks_are_verbatim_in_order_and_lose_only_white_space(text: str) -> None:
    left, reached = "", 0
    for start, end in blocks(text):
        assert reached <= start < end <= len(text)
        assert "\n\n" not in text[start:end]
        left, reached = left + text[reached:start], end
    assert not (left + text[reached:]).strip()


def test_words_are_lower_case_runs() -> None:
    assert words("The `with` Statement's 3.11, É!") == [
        *("the", "with", "statement", "s", "3", "11", "é"),
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [("closing files", "closes the file"), ("Managers", "manager"), ("CLOSE", "close")],
)
def test_forms_of_a_word_have_one_stem(one: str, other: str) -> None:
    assert stems(one) == stems(other) != ()


def test_stop_words_have_no_stem_and_others_do() -> None:
    assert stems("what is the of and") == ()
    assert stems("what is the file") == ("file",)


@pytest.mark.parametrize("name", ["read_text", "TemporaryDirectory", "readText"])
def test_an_identifier_is_found_by_itself_and_by_its_parts(name: str) -> None:
    found = stems(name)
    assert stems(name.lower())[0] in found
    assert len(found) == 3


def test_a_script_without_spaces_is_cut_into_pairs() -> None:
    assert stems("ファイル") == ("ファ", "ァイ", "イル")
    assert asked("文件管理") == ("文件", "件管", "管理")
    assert set(asked("管理文件")) & set(stems("文件管理")) == {"文件", "管理"}
    assert asked("文") == ("文",)
    assert "文" in stems("文件管理")


def test_only_words_that_come_again_are_remembered() -> None:
    def kept(text: str) -> int:
        tracemalloc.start()
        before, _ = tracemalloc.get_traced_memory()
        stems(text)
        after, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return after - before

    # The interpreter itself keeps some small tuples: a quarter of a megabyte.
    runs = " ".join(f"{chr(0x4E00 + at)}鷺は浅瀬で小魚を待つ鳥" for at in range(8_000))
    assert kept(runs) < 1_000_000
    assert kept(" ".join(f"Übersicht{at}" for at in range(8_000))) > 1_000_000


@given(st.text(max_size=200))
def test_tokens_grow_with_the_text(text: str) -> None:
    assert 0 <= tokens(text) <= len(text)
    assert tokens(text) <= tokens(text + "more") <= tokens(text) + 2


@pytest.mark.parametrize(("count", "told"), [(0, "0 pages"), (1, "1 page"), (1_200, "1,200 pages")])
def test_a_noun_is_in_the_plural_unless_there_is_one(count: int, told: str) -> None:
    assert counted(count, "page") == told
