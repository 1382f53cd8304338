from __future__ import annotations

import json
from dataclasses import fields, replace
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codexity import events, model
from codexity.events import (
    Event,
    Status,
    Step,
    Token,
    answer_of,
    decode,
    encode,
    encode_all,
    no_tokens,
    tells,
)

_LETTERS = st.text(max_size=12) | st.text('\x00\n\r\u0085\u2028\u2029"\\\u007f🙂', max_size=6)
_SECONDS = st.dictionaries(_LETTERS, st.floats(allow_nan=False, allow_infinity=False), max_size=3)
_TEXTS = st.lists(_LETTERS, max_size=3).map(tuple)
_CITATIONS = st.lists(st.integers(1, 9), max_size=3).map(tuple)
_SOURCES = st.lists(
    st.builds(
        model.Source,
        title=_LETTERS,
        url=_LETTERS,
        site=_LETTERS,
        published=st.none() | _LETTERS,
        quote=_LETTERS,
        link=_LETTERS,
    ),
    max_size=3,
).map(tuple)
_DETAILS: dict[Step, dict[str, st.SearchStrategy[object]]] = {
    "queued": {"run": _LETTERS, "place": st.integers()},
    "rewriting_query": {"run": _LETTERS, "protocol": st.just(1)},
    "queries_ready": {"queries": _TEXTS},
    "searching": {},
    "scraping": {},
    "scraping_done": {"scraped": st.integers(), "total": st.integers()},
    "processing": {},
    "generating": {"model": st.none() | _LETTERS},
}
_STATUS = st.one_of(
    [
        st.builds(Status, step=st.just(step), **details)  # pyright: ignore[reportArgumentType]
        for step, details in _DETAILS.items()
    ]
)
_TRIED = st.lists(st.builds(events.Tried, what=_LETTERS, said=_LETTERS), max_size=2).map(tuple)
_QUOTES = st.lists(st.builds(model.Quotation, text=_LETTERS, link=_LETTERS), max_size=2).map(tuple)
_EVENTS: dict[str, st.SearchStrategy[Event]] = {
    "status": _STATUS,
    "skipped": st.builds(events.Skipped, what=_LETTERS, why=_LETTERS, code=_LETTERS),
    "sources_preview": st.builds(events.SourcesPreview, urls=_TEXTS),
    "page": st.builds(events.PageRead, url=_LETTERS, title=_LETTERS),
    "sources": st.builds(events.Sources, sources=_SOURCES),
    "token": st.builds(events.Token, text=_LETTERS),
    "claim": st.builds(events.ClaimChecked, citations=_CITATIONS, checked=_TEXTS, quotes=_QUOTES),
    "error": st.builds(events.Failed, code=_LETTERS, message=_LETTERS, tried=st.none() | _TRIED),
    "done": st.builds(
        events.Done,
        run=_LETTERS,
        seconds=_SECONDS,
        usage=st.none() | st.builds(model.Usage),
    ),
}


def _data(block: bytes) -> object:
    return json.loads(block.partition(b"data: ")[2])


def test_every_event_and_every_step_is_looked_at_here() -> None:
    kinds: tuple[type[Event], ...] = get_args(Event)
    assert sorted(kind.name for kind in kinds) == sorted(_EVENTS)
    assert sorted(get_args(Step)) == sorted(_DETAILS)


@pytest.mark.parametrize("name", sorted(_EVENTS))
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_what_was_encoded_is_decoded(name: str, data: st.DataObject) -> None:
    event = data.draw(_EVENTS[name])
    block = encode(event)
    assert event.name == name
    assert len(block.decode().splitlines()) == 3
    assert decode(block) == event
    assert [kind.name for kind in get_args(Event) if tells(block, kind)] == [name]


@pytest.mark.parametrize("mark", ["\n", "\r", "\r\n", "\u0085", "\u2028", "\u2029", "\x0b", "\x1c"])
def test_no_reader_finds_a_second_line_of_data(mark: str) -> None:
    block = encode(events.Token(text=f"a{mark}b"))
    assert len(block.decode().splitlines()) == 3
    assert _data(block) == {"text": f"a{mark}b"}


def test_nul_is_escaped() -> None:
    assert encode(events.Token(text="a\x00b")) == b'event: token\ndata: {"text":"a\\u0000b"}\n\n'


@pytest.mark.parametrize(
    ("text", "told"),
    [("a\ud800b", "a\ufffdb"), ("\udfff", "\ufffd"), ("\ud83d\ude42", "🙂"), ("🙂", "🙂")],
)
def test_half_a_character_becomes_the_replacement(text: str, told: str) -> None:
    assert _data(encode(events.Token(text=text))) == {"text": told}


def test_a_step_says_what_belongs_to_it_and_no_more() -> None:
    assert _data(encode(Status(step="searching", run="r", total=3))) == {"step": "searching"}
    assert _data(encode(Status(step="rewriting_query", run="r", protocol=1))) == {
        "step": "rewriting_query",
        "run": "r",
        "protocol": 1,
    }


def test_tried_is_told_only_where_something_was() -> None:
    failed = events.Failed(code="no_results", message="m", retryable=True)
    assert _data(encode(failed)) == {"code": "no_results", "message": "m", "retryable": True}
    tried = replace(failed, tried=(events.Tried(what="w", said="s"),))
    assert _data(encode(tried)) == {
        "code": "no_results",
        "message": "m",
        "retryable": True,
        "tried": [{"what": "w", "said": "s"}],
    }


def test_an_event_of_another_name_is_refused() -> None:
    with pytest.raises(KeyError):
        decode(b"event: heartbeat\ndata: {}\n\n")


def test_a_claim_has_the_fields_that_its_event_tells() -> None:
    assert {one.name for one in fields(events.ClaimChecked)} == {
        one.name for one in fields(model.Claim)
    }


def test_the_answer_is_what_the_events_add_up_to() -> None:
    source = model.Source(
        index=1, title="t", url="u", site="s", published=None, quote="q", link="l"
    )
    usage = model.Usage(prompt_tokens=1, completion_tokens=2)
    told: list[Event] = [
        Status(step="rewriting_query", run="r", protocol=1),
        events.Skipped(stage="read", what="w", why="y", code="timeout"),
        events.Sources(sources=(source,)),
        Status(step="generating", model="m"),
        events.Token(text="It "),
        events.Token(text="closes [1]."),
        events.ClaimChecked(start=0, end=14, citations=(1,), support="quoted"),
    ]
    running = answer_of("why?", "r", told)
    assert running == model.Answer(
        question="why?",
        text="It closes [1].",
        status="running",
        run="r",
        model="m",
        sources=(source,),
        skipped=(model.Failure(stage="read", what="w", why="y", code="timeout"),),
        claims=(model.Claim(start=0, end=14, citations=(1,), support="quoted"),),
    )
    done = events.Done(status="completed", run="r", seconds={"total": 1.5}, usage=usage)
    assert answer_of("why?", "r", [*told, done]) == replace(
        running, status="completed", seconds={"total": 1.5}, usage=usage
    )


def test_a_run_that_was_stored_without_a_reason_is_read() -> None:
    """As it was written before there was one."""
    stored = b'event: done\ndata: {"status":"cancelled","run":"r","seconds":{},"usage":null}\n\n'
    assert answer_of("why?", "r", [events.decode(stored)]).reason is None
    done = events.Done(status="cancelled", run="r", seconds={}, reason="left")
    assert answer_of("why?", "r", [events.decode(encode(done))]).reason == "left"


def test_the_answer_of_a_failed_run_says_why() -> None:
    failed = events.Failed(code="no_pages", message="m", retryable=True)
    done = events.Done(status="no_evidence", run="r", seconds={})
    answer = answer_of("why?", "r", [failed, done])
    assert answer.error == model.Problem(code="no_pages", message="m", retryable=True)
    assert (answer.status, answer.text) == ("no_evidence", "")


@given(
    st.lists(st.builds(Token, text=_LETTERS), max_size=5)
    | st.lists(st.one_of(*_EVENTS.values()), max_size=4)
)
def test_what_is_told_together_is_told_as_one_by_one(told: list[Event]) -> None:
    assert no_tokens(told) == [one for one in told if not isinstance(one, Token)]
    assert encode_all(told, no_tokens(told)) == [encode(one) for one in told]


@pytest.mark.parametrize(
    "text", ["\x7f", "\0", "\\u0000", '"}\n\n', "\\", "é", "\u2028", "\ud800", ""]
)
def test_no_text_of_a_token_parts_those_that_are_told_together(text: str) -> None:
    told = [Token(text=one) for one in (text, "a", text + text, "b" + text)]
    assert encode_all(told, ()) == [encode(one) for one in told]
