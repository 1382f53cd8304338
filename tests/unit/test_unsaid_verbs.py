"""A verb that no text says is little to lack: texts say most verbs otherwise; nouns they do not."""

from __future__ import annotations

import pytest

from codexity.analysis import stem
from codexity.model import Page
from codexity.question_words import telling_words
from codexity.stages.chunk import chunk
from codexity.stages.cover import cover
from codexity.stages.quote.mass import Mass
from codexity.synonyms.verbs import is_verb


@pytest.mark.parametrize("word", ["forbid", "reach", "vanish", "bought", "sell"])
def test_a_verb_is_known(word: str) -> None:
    assert is_verb(stem(word))


@pytest.mark.parametrize("word", ["lock", "kettle", "paint", "order", "blue"])
def test_what_is_as_often_a_noun_is_none(word: str) -> None:
    assert not is_verb(stem(word))


@pytest.mark.parametrize(
    ("question", "verb", "noun"),
    [
        ("which kettles vanish", "vanish", "kettles"),
        ("which boxes arrive", "arrive", "boxes"),
        ("which dogs persuade", "persuade", "dogs"),
    ],
)
def test_a_verb_that_nothing_says_is_little_to_lack(question: str, verb: str, noun: str) -> None:
    words = telling_words(question)
    texts = [frozenset(map(stem, (noun, "green")))]
    said = {stem(noun)}
    assert Mass(words, texts, otherwise=True).share(frozenset(said)) > Mass(words, texts).share(
        frozenset(said)
    )
    both = [frozenset((*said, stem(verb))), *texts]
    assert Mass(words, both, otherwise=True).share(frozenset(said)) == pytest.approx(
        Mass(words, both).share(frozenset(said))
    )


@pytest.mark.parametrize(
    ("question", "passes"),
    [
        ("which kayaks vanish", True),
        ("which kayaks devour petrol", False),
        ("which kayaks have sails", False),
    ],
)
def test_the_first_gate_lets_it_lack_and_no_noun(question: str, passes: bool) -> None:
    text = "The red kayaks are gone since May.\n\nThe boat house is locked at ten."
    page = Page(url="https://notes.example/boats", title="Boats", text=text)
    assert cover(question, chunk(page, words=150)).answers == passes
