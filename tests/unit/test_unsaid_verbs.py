"""A verb that no text says is little to lack: texts say most verbs otherwise; nouns they do not."""

from __future__ import annotations

import pytest

from codexity.analysis import stem
from codexity.question_words import telling_words
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


@pytest.mark.parametrize("noun", ["kettles", "boxes", "dogs"])
def test_a_noun_that_nothing_says_is_as_much_to_lack_as_ever(noun: str) -> None:
    words = telling_words(f"{noun} of the lighthouse")
    texts, said = [frozenset((stem(noun), "green"))], frozenset((stem(noun),))
    lenient, strict = Mass(words, texts, otherwise=True), Mass(words, texts)
    assert lenient.share(said) == pytest.approx(strict.share(said))
