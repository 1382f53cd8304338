"""Questions in scripts without spaces: found, answered and refused, without a model."""

from __future__ import annotations

import math
from itertools import pairwise
from pathlib import Path
from typing import Final

import pytest

from codexity.adapters.library.index import LibraryIndex
from codexity.model import Page
from codexity.question_kind import asked_for
from codexity.stages.chunk import chunk
from codexity.stages.cover import cover
from codexity.text import asked, relevance
from finding.sets import LANGUAGES, indexed, load, unanswerable

FIRST: Final = 10
PASS: Final = {"chinese": 0.9, "japanese": 0.75, "thai": 1.0}


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_library_finds_as_well_as_bm25_over_pairs(tmp_path: Path, language: str) -> None:
    documents, cases = load(language)
    index = LibraryIndex(tmp_path / "library.db")
    await indexed(index, documents)
    bags = [pairs(f"{one.title} {one.text}") for one in documents]
    ours = theirs = 0.0
    for case in cases:
        hits = await index.search(case.question, limit=FIRST)
        ours += gain([hit.url.rpartition("/")[2] for hit in hits], case.key)
        each = [relevance((one,), bags) for one in pairs(case.question)]
        scores = [math.fsum(column) for column in zip(*each, strict=True)]
        order = sorted(range(len(documents)), key=lambda at, s=scores: -s[at])[:FIRST]
        theirs += gain([documents[at].key for at in order], case.key)
    assert ours >= theirs > 0.9 * len(cases)


def pairs(text: str) -> list[str]:
    bare = "".join(one if one.isalnum() else " " for one in text)
    return [a + b for a, b in pairwise(bare) if " " not in {a, b}]


def gain(order: list[str], key: str) -> float:
    return 1 / math.log2(order.index(key) + 2) if key in order else 0.0


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_document_that_answers_passes_the_gate(language: str) -> None:
    documents, cases = load(language)
    texts = {one.key: f"{one.title}\n\n{one.text}" for one in documents}
    passed = [passes(case.question, texts[case.key]) for case in cases]
    assert sum(passed) >= PASS[language] * len(cases)


def test_a_document_that_only_speaks_of_the_same_does_not() -> None:
    documents, _ = load("chinese")
    refused = [
        not any(passes(question, f"{one.title}\n\n{one.text}") for one in documents)
        for question in unanswerable("chinese")
    ]
    assert sum(refused) >= 0.8 * len(refused)


def passes(question: str, text: str) -> bool:
    page = Page(url="/library/notes/one", title="", text=text, via="library")
    return cover(question, chunk(page, words=150)).answers


@pytest.mark.parametrize(
    ("question", "kind", "text", "not_one"),
    [
        ("门票多少钱?", "money", "门票每张十五元。", "门票在门口卖。"),
        ("入場料はいくらですか", "money", "入場料は300円です。", "入場料は要ります。"),
        ("ค่าเข้าเท่าไหร่", "number", "ค่าเข้าคนละ 40 บาท", "จ่ายค่าเข้าที่ประตู"),
        ("展览什么时候开始?", "date", "展览三月五日开始。", "展览很大。"),
        ("รถออกกี่โมง", "date", "รถออกแปดโมง", "รถสีแดง"),
        ("가게는 언제 엽니까", "date", "가게는 9시에 엽니다.", "가게는 큽니다."),
        ("修好要多长时间?", "duration", "修好要四天。", "修好了再来。"),
        ("何日間借りられますか", "duration", "十日間借りられます。", "借りられます。"),
        ("塔有多高?", "number", "塔高五十三米。", "塔有三个门。"),
        ("箱子有多重?", "number", "箱子重八公斤。", "箱子有四个。"),
        ("车上坐几个人?", "number", "车上坐九个人。", "车上有九扇窗。"),
        ("桥是哪一年造的?", "day", "桥是1964年造的。", "桥造了很久。"),
    ],
)
def test_the_kind_that_is_asked_for_is_told(
    question: str, kind: str, text: str, not_one: str
) -> None:
    found = asked_for(question)
    assert found is not None
    assert found.kind == kind
    assert found.held_by(text, question) == 1.0
    assert found.held_by(not_one, question) == 0.0


@pytest.mark.parametrize(
    "question", ["链条多久上一次油?", "蜂箱是用什么做的?", "なぜ閉まっていますか", "ทำไมปิด"]
)
def test_no_kind_is_told_where_any_text_may_answer(question: str) -> None:
    assert asked_for(question) is None


@pytest.mark.parametrize(
    ("question", "left", "gone"),
    [
        ("面馆星期几休息", {"面馆", "休息"}, {"星期", "期几", "几休"}),
        ("渡船多少钱", {"渡船"}, {"多少", "少钱", "船多"}),
        ("谁是馆长", {"馆长"}, {"谁是"}),
        ("終電は何時ですか", {"終電", "電は"}, {"何時", "は何", "です"}),
        ("배는 언제 떠납니까", {"배는", "떠납"}, {"언제"}),
    ],
)
def test_what_only_asks_is_not_looked_for(question: str, left: set[str], gone: set[str]) -> None:
    found = set(asked(question))
    assert left <= found
    assert not gone & found
