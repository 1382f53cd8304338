"""What a question is about: no greeting, no frame, no wish for the form of its answer."""

from __future__ import annotations

import time

import anyio
import pytest

from codexity import pipeline
from codexity.model import Limits, Question
from codexity.question_manner import matter
from gathering import Ear
from world import WORDS, Model, Provider, Reply, Web, hits, toolbox

ASKED = "How does a kestrel hover?"


@pytest.mark.parametrize(
    "typed",
    [
        "How does a kestrel hover? Say it in 200 words, in 3 paragraphs.",
        "How does a kestrel hover? Answer briefly.",
        "How does a kestrel hover? Please reply in German, as a list with 5 points.",
        "How does a kestrel hover, in at most two short sentences?",
        "How does a kestrel hover in 50 words?",
        "How does a kestrel hover, please?",
        "How does a kestrel hover, step by step?",
        "In simple words: How does a kestrel hover?",
        "eli5 How does a kestrel hover?",
        "tl;dr: How does a kestrel hover?",
        "Hi, How does a kestrel hover?",
        "Hello there! Quick question: How does a kestrel hover?",
        "Hey codexity, can you please tell me How does a kestrel hover?",
        "I would like to know: How does a kestrel hover?",
        "does anybody know How does a kestrel hover?",
        "How does a kestrel hover, by any chance?",
        "I'm new here, How does a kestrel hover?",
        "Sorry for the dumb question, but How does a kestrel hover?",
        "I have looked for an hour and can't find it anywhere. How does a kestrel hover?",
        "A visitor asks: How does a kestrel hover?",
        "Somebody at the desk wants to know: How does a kestrel hover?",
        "What do the documents say: How does a kestrel hover?",
        "Please check the notes and tell me How does a kestrel hover?",
        "1. How does a kestrel hover?",
        "How does a kestrel hover (urgent)?",
        "How does a kestrel hover??",
        "How does a kestrel actually hover?",
        "How does a kestrel hover according to the documents?",
        "How does a kestrel hover at our place?",
        "How does a kestrel hover? Is that written anywhere?",
        "How does a kestrel hover?\n\nKind regards,\nOona",
    ],
)
def test_what_stands_around_a_question_is_left_out(typed: str) -> None:
    assert matter(typed) == ASKED
    assert matter(ASKED) == ASKED


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Explain in three sentences how kites fly", "Explain how kites fly"),
        ("could you tell me if the pier is open", "the pier is open"),
        ("WHO OPENS THE PIER ON DAY D7", "who opens the pier on day D7"),
        ("my boss wants to know pier hours", "pier hours"),
        ("search for the pier hours", "the pier hours"),
        ("who opens the pier and in which file is that?", "who opens the pier"),
        ("give me a short summary of the regatta", "the regatta"),
        ("What do you know about the regatta?", "the regatta?"),
        ("Wann öffnet der Hafen, kurz und knapp?", "Wann öffnet der Hafen?"),
        ("Können Sie mir bitte sagen, wann der Hafen öffnet?", "wann der Hafen öffnet?"),
        ("Qui garde le phare, en une phrase, s'il vous plaît ?", "Qui garde le phare?"),
        ("¿Quién cuida el faro? Responde en dos frases.", "¿Quién cuida el faro?"),
        ("用一句话回答谁看守灯塔", "谁看守灯塔"),
    ],
)
def test_it_is_so_in_other_words_and_languages(typed: str, expected: str) -> None:
    assert matter(typed) == expected


@pytest.mark.parametrize(
    "asked",
    [
        "How do I return values as a list?",
        "How do you say harbour in German?",
        "How long is the abstract, in words?",
        "What is written in one line above the door?",
        "Can I pay in one go?",
        "Who do I ask for a key?",
        "Do you know Per?",
        "Can you bring dogs?",
        "Who said hello?",
        "who said hello, world first?",
        "3. Mannschaft Training",
        "Which file is the lease in?",
        "My daughter is 14, can she vote?",
        "the couch won't move, what can I try?",
        "LS-405",
        "Is the (old) key lost?",
        "So what",
        "purify the protein step by step",
        "Wird die Zeit knapp?",
    ],
)
def test_what_is_asked_about_stays(asked: str) -> None:
    assert matter(asked) == asked


@pytest.mark.parametrize("wish", ["please", "hello", "in two sentences", "I want to know", "", "?"])
def test_of_a_mere_wish_nothing_is_left_out(wish: str) -> None:
    assert matter(wish) == wish


@pytest.mark.parametrize(
    "piece", [" ", ", ", "please ", "hi, ", "so, ", ", in a word", "tell me about ", ", asap", "("]
)
def test_a_long_row_of_them_takes_no_long_time(piece: str) -> None:
    begin = time.perf_counter()
    matter("who" + piece * 2_000 + "x")
    assert time.perf_counter() - begin < 1.0


async def test_a_model_is_told_in_which_form_it_shall_answer_and_the_search_is_not() -> None:
    url, model = "https://a.example/kestrel", Model(Reply(["It flies into the wind [1]."]))
    provider = Provider("p", hits(url))
    tools = toolbox(provider, web=Web(pages={url: WORDS}), model=model)
    ear = Ear()
    asked = Question(text=f"Could you tell me: {ASKED} Answer in 20 words, please.")
    with anyio.fail_after(5):
        await pipeline.answer(asked, tools, Limits(), ear, anyio.Event())
    queries = [one.text for one in provider.asked]
    assert ASKED in queries
    assert not [one for one in queries if "20" in one or "tell me" in one]
    assert any("Answer in 20 words, please." in one.content for one in model.messages)
