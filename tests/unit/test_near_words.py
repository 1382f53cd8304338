"""What texts say the words of a question with otherwise."""

import gzip
from collections.abc import Sequence
from pathlib import Path

import anyio
import pytest

from codexity import synonyms as package
from codexity.adapters.library.queries import looked_for
from codexity.adapters.rank.bm25 import Bm25
from codexity.analysis import stem
from codexity.model import Limits, Page, Passage
from codexity.near_words import near_words, said, weakened
from codexity.question_words import telling_words
from codexity.stages.choose import choose
from codexity.stages.chunk import chunk
from codexity.stages.cover import cover
from codexity.stages.quote import quote
from codexity.synonyms import family, near, synonyms
from codexity.text import relevance

LIMITS = Limits()


@pytest.mark.parametrize(
    ("word", "form"),
    [
        ("lose", "lost"),
        ("write", "wrote"),
        ("bought", "buy"),
        ("children", "child"),
        ("mice", "mouse"),
        ("broken", "broke"),
        ("taught", "teach"),
        ("knives", "knife"),
    ],
)
def test_irregular_forms_are_one_word(word: str, form: str) -> None:
    assert stem(word) != stem(form)
    assert stem(form) in family(stem(word))


@pytest.mark.parametrize(
    ("word", "derived"),
    [
        ("pay", "payment"),
        ("paid", "payment"),
        ("drain", "drainage"),
        ("break", "breakage"),
        ("sell", "seller"),
        ("die", "death"),
        ("store", "storage"),
    ],
)
def test_what_is_derived_is_of_the_family(word: str, derived: str) -> None:
    assert stem(derived) in family(stem(word))


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("construct", "build"),
        ("built", "construct"),
        ("begin", "commence"),
        ("wage", "salary"),
        ("sold", "sale"),
        ("choose", "choice"),
        ("damp", "wet"),
        ("gather", "assemble"),
        ("fix", "repair"),
        ("reboot", "restart"),
        ("fridge", "refrigerator"),
        ("apprentice", "trainee"),
    ],
)
def test_synonyms_say_less_than_the_family(word: str, other: str) -> None:
    assert 0.5 <= near(stem(word))[stem(other)] <= 0.86
    assert stem(other) not in family(stem(word))


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("hot", "cold"),
        ("open", "closed"),
        ("allow", "forbid"),
        ("buy", "sell"),
        ("wet", "dry"),
        ("first", "last"),
        ("umbrella", "bicycle"),
    ],
)
def test_opposites_and_strangers_are_not_near(word: str, other: str) -> None:
    assert stem(other) not in synonyms(stem(word))


def test_what_nobody_knows_has_no_near_words() -> None:
    assert not near("zzyzx")
    assert not near("")
    assert not near("größe")
    assert not near("pay 9paid")


def test_each_line_of_the_thesaurus_is_found() -> None:
    packed = Path(package.__file__).parent / "wordnet.gz"
    lines = gzip.decompress(packed.read_bytes()).decode().splitlines()
    keys = [line.partition(" ")[0] for line in lines]
    assert keys == sorted(set(keys), key=str.encode)
    for key in (*keys[:3], *keys[:: len(keys) // 50], *keys[-3:]):
        assert near(key), key


@pytest.mark.parametrize(
    "question",
    [
        "Where does Frank Shears live?",
        "wo ist die Bank und wie lange hat sie auf?",
        "what is LS-208",
    ],
)
def test_names_code_and_other_languages_have_none(question: str) -> None:
    said_by = frozenset(near_words(question))
    for one in ("frank", "shear", "bank", "ls"):
        assert said_by.isdisjoint(near(one))


def test_a_word_in_lower_case_has_some() -> None:
    assert near_words("where do they sell shears")["sold"]["sell"] == pytest.approx(0.9)


def test_said_counts_the_best_of_what_is_held() -> None:
    near_of = near_words("how is salary paid")
    asked = frozenset({"salari", "paid"})
    found = said(frozenset({"wage", "payment", "remuner", "lawn"}), asked, near_of)
    assert found["salari"] == max(near("salari")[one] for one in ("wage", "remuner"))
    assert found["paid"] == pytest.approx(0.9)
    assert said(frozenset({"salari", "remuner"}), asked, near_of)["salari"] == 1.0


def test_weakened_leaves_out_what_is_not_to_be_said() -> None:
    near_of = near_words("how is salary paid")
    half = weakened(near_of, 0.5, without={"salari"})
    assert half["payment"]["paid"] == pytest.approx(0.45)
    assert not any("salari" in says for says in half.values())
    assert weakened(near_of, 0.0) == {}


def test_a_near_word_counts_less_than_the_word_itself() -> None:
    texts = [("boat", "built"), ("boat", "construct"), ("lawn", "mown")]
    near_of = near_words("who constructed the boat")
    other, own, strange = relevance(("construct", "boat"), texts, near=near_of)
    assert own > other > strange == 0
    without, same, _ = relevance(("construct", "boat"), texts)
    assert other > without
    assert same > without


def passages(*lines: str) -> tuple[Passage, ...]:
    page = Page(url="https://notes.example/all", title="Notes", text="\n\n".join(lines))
    return chunk(page, words=LIMITS.passage_words)


NOTES = (
    "The lawnmower was repaired by Kester Hale in May.",
    "Wages are transferred on the 27th.",
    "Members purchase seed potatoes together in February.",
    "The boat was built in 1974 by the yard Thorsund.",
    "Damaged crates go to the red corner.",
)


def first_said(question: str, held: Sequence[Passage]) -> str:
    async def chosen() -> str:
        evidence = await choose(
            question, held, ranker=Bm25(), limits=LIMITS, max_sources=LIMITS.max_sources
        )
        said_of_it = quote(question, evidence, limits=LIMITS) if evidence else ()
        return said_of_it[0].text if said_of_it else ""

    return anyio.run(chosen)


@pytest.mark.parametrize(
    ("question", "line"),
    [
        ("who fixed the lawnmower", 0),
        ("who mended the lawnmower", 0),
        ("when do we buy potatoes", 2),
        ("when are potatoes bought", 2),
        ("when was the ship constructed", 3),
        ("who constructed the vessel", 3),
    ],
)
def test_a_question_in_other_words_is_answered(question: str, line: int) -> None:
    held = passages(*NOTES)
    assert cover(question, held).answers
    assert first_said(question, held) == NOTES[line]


@pytest.mark.parametrize(
    "question", ["who sank the ship", "who painted the lawnmower", "when do we sell potatoes"]
)
def test_what_nothing_says_is_refused(question: str) -> None:
    assert not cover(question, passages("The lamp hangs in the hall.", *NOTES[:2])).answers


def test_what_a_text_calls_by_a_word_it_does_not_call_otherwise() -> None:
    (word,) = telling_words("mended")
    assert word.near({"repair", "lawn"})["repair"] >= 0.5
    assert "repair" not in word.near({"repair", "mend"})
    (paid,) = telling_words("salaries")
    assert "wage" not in paid.near({"wage", "salari"})
    (lost,) = telling_words("losing")
    assert lost.near({"lose", "lost", "mislay"})["lost"] == pytest.approx(0.9)


@pytest.mark.parametrize(
    ("question", "own", "other"),
    [
        ("who lost it", "lost", "lose"),
        ("when was the ship constructed", "construct", "built"),
        ("our children", "children", "child"),
    ],
)
def test_the_library_looks_for_the_nearest_words(question: str, own: str, other: str) -> None:
    wanted = looked_for(question, ())
    assert other in wanted.near[own]
    assert len(wanted.near[own]) <= 8
    assert other not in wanted.stems
