"""`codexity ask` as a person, a pipe and a program use it."""

from __future__ import annotations

import json
import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from servers.local import Asked, LocalServer, Reply
from servers.searxng import SearxngServer
from serving import (
    NONSENSE,
    PROGRAM,
    WITH,
    at_a_terminal,
    environment,
    installed,
    run,
    started,
)

WIDTH = "How do I set the width of a field in a format string?"
KEYS = {"question", "answer", "status", "sources", "claims", "skipped", "seconds", "model"}
PAGE = b"<title>Anything</title><p>Anything is something that one can think of at any time."


def told(stdout: str) -> dict[str, Any]:
    """The one object on stdout, which has the contract's keys and those added since."""
    [line] = stdout.splitlines()
    answer = json.loads(line)
    assert answer.keys() - {"error"} == KEYS | {"run", "usage", "reason"}
    return answer


def test_offline_an_answer_cites_what_can_be_read(home: Path) -> None:
    asked = run(home, "ask", "--json", WIDTH)
    assert asked.returncode == 0, asked.stderr
    answer = told(asked.stdout)
    assert (answer["status"], answer["question"]) == ("completed", WIDTH)
    assert answer["model"] is None
    assert "error" not in answer
    assert {"total", "first_source", "first_token"} <= answer["seconds"].keys()
    assert "width" in answer["answer"]
    sources = {source["index"]: source for source in answer["sources"]}
    cited = {int(number) for number in re.findall(r"\[(\d+)\]", answer["answer"])}
    assert cited == sources.keys()
    assert list(sources) == list(range(1, len(sources) + 1))
    read = run(home, "read", "--json", *(source["url"] for source in sources.values()))
    assert read.returncode == 0, read.stderr
    pages = [json.loads(line) for line in read.stdout.splitlines()]
    for source, page in zip(sources.values(), pages, strict=True):
        assert page["url"] == source["url"]
        assert len(source["quote"]) >= 40
        assert source["quote"] in page["text"]
    texts = {number: page["text"] for number, page in zip(sources, pages, strict=True)}
    assert_claims_rest_on(texts, answer)
    quotes = " ".join(source["quote"] for source in sources.values())
    assert "minimum total field width" in quotes + answer["answer"]


def assert_claims_rest_on(texts: dict[int, str], answer: dict[str, Any]) -> None:
    """Each citation has a claim, whose quotations stand in its page and whose links open that."""
    marks = list(re.finditer(r"\[(\d+)\]", answer["answer"]))
    assert [[int(mark[1])] for mark in marks] == [one["citations"] for one in answer["claims"]]
    assert [mark.end() for mark in marks] == [one["end"] for one in answer["claims"]]
    for claim in answer["claims"]:
        assert (claim["support"], claim["checked"], claim["judged"]) == ("quoted", [], None)
        assert claim["quotes"]
        said = answer["answer"][claim["start"] : claim["end"]]
        for quote in claim["quotes"]:
            assert quote["text"] in texts[quote["index"]]
            assert quote["text"].split()[0] in said
            assert quote["link"].partition("#:~:text=")[2]
    for number in texts:
        source = next(one for one in answer["sources"] if one["index"] == number)
        assert source["quote"] in {one["text"] for c in answer["claims"] for one in c["quotes"]}


def test_what_was_cited_is_printed_below_its_source(home: Path) -> None:
    answer = told(run(home, "ask", "--json", WIDTH).stdout)
    printed = " ".join(run(home, "ask", WIDTH).stdout.split())
    quotes = {one["text"] for claim in answer["claims"] for one in claim["quotes"]}
    assert len(quotes) > len(answer["sources"])
    for quote in quotes:
        assert printed.count(f"“{' '.join(quote.split())}”") == 1


def test_nothing_found_says_what_was_tried(home: Path) -> None:
    plain = run(home, "ask", NONSENSE)
    assert plain.returncode == 3
    assert plain.stdout == ""
    assert "No search results found" in plain.stderr
    for provider in ("library", "starter"):
        assert plain.stderr.count(f"{provider}: It found nothing. (no_results)") == 1
        assert plain.stderr.count(f"{provider}:") == 1
    as_json = run(home, "ask", "--json", NONSENSE)
    assert as_json.returncode == 3
    answer = told(as_json.stdout)
    assert (answer["status"], answer["answer"], answer["sources"]) == ("no_evidence", "", [])
    assert answer["error"]["code"] == "no_results"
    assert [one["what"] for one in answer["error"]["tried"]] == ["library", "starter"]
    assert [one["code"] for one in answer["skipped"]] == ["no_results"] * 2


QUESTION = WITH.split()


@pytest.mark.parametrize(
    "arguments",
    [
        [*QUESTION],
        ["--json", *QUESTION],
        [*QUESTION, "--json"],
        [*QUESTION[:2], "--max-sources", "1", *QUESTION[2:]],
        ["--json", "--", *QUESTION],
        [" ".join(QUESTION[:3]), " ".join(QUESTION[3:])],
    ],
    ids=["words", "before", "behind", "between", "dashes", "quoted parts"],
)
def test_words_without_quotation_marks_are_the_question(home: Path, arguments: list[str]) -> None:
    arguments = arguments if "--json" in arguments else ["--json", *arguments]
    asked = run(home, "ask", *arguments)
    assert asked.returncode == 0, asked.stderr
    assert told(asked.stdout)["question"] == WITH


@pytest.mark.parametrize("words", [["-x"], ["--with"], ["--", "-1"]])
def test_a_word_that_looks_like_an_option_is_told_what_to_do(home: Path, words: list[str]) -> None:
    asked = run(home, "ask", "--json", "what", "is", *words)
    if words[0] == "--":
        assert told(asked.stdout)["question"] == "what is -1"
        return
    assert asked.returncode == 2
    assert f"No such option: {words[0]}" in asked.stderr
    assert "codexity ask -- ..." in " ".join(asked.stderr.split())


def test_a_library_is_searched_for_words_too(home: Path) -> None:
    (home / "rye.md").write_text("# Rye\n\nFeed the sour dough twice a day.")
    assert run(home, "library", "add", "rye.md").returncode == 0
    found = run(home, "library", "search", "sour", "dough", "--json")
    assert [hit["title"] for hit in json.loads(found.stdout)] == ["Rye"]
    assert "codexity library search -- ..." in " ".join(
        run(home, "library", "search", "sour", "-x").stderr.split()
    )


def test_a_pipe_is_given_plain_text(home: Path) -> None:
    asked = run(home, "ask", WITH)
    assert asked.returncode == 0
    assert "\x1b" not in asked.stdout + asked.stderr
    answer, _, sources = asked.stdout.partition("\n\n[1] ")
    assert "context manager" in answer
    assert "/library/starter/topic-with" in sources
    assert "library: It found nothing. (no_results)" in asked.stderr
    assert "{" not in asked.stderr


def test_a_reader_that_goes_away_is_no_fault(home: Path) -> None:
    env = environment(home)
    with started([PROGRAM, "ask", WITH], home, env) as process:
        assert process.stdout is not None
        process.stdout.close()
        process.stdout = None
        _, said = process.communicate(timeout=30)
    assert "Traceback" not in said
    assert process.returncode == 1


def test_a_person_sees_the_steps_the_answer_and_the_sources(home: Path) -> None:
    code, seen = at_a_terminal(home, "ask", WITH)
    assert code == 0
    assert "\x1b[" in seen
    text = " ".join(re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", seen).split())
    assert "skipped library: It found nothing." in text
    assert 'read The "with" statement' in text
    assert "context manager" in text
    sources = text.rpartition("Sources")[2]
    assert '[1] The "with" statement' in sources
    assert "/library/starter/topic-with" in sources
    assert "{" not in text


def test_a_person_s_first_question_shows_the_building(first_question: str) -> None:
    assert "Building the starter collection (once)" in first_question
    assert "No search results found" in first_question


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "There is no question. Write it behind ask"),
        (("--json",), "There is no question. Write it behind ask"),
        (("",), "empty"),
        (("x" * 501,), "501 characters"),
        (("x", "--provider", "gogle"), "gogle"),
        (("x", "--exclude-site", "https://example.org"), "exclude_site is a domain"),
        (("x", "--after", "yesterday"), "after is a date"),
        (("x before:2024-13",), "before is a date"),
        (("x", "--lang", "german"), "language is a code"),
        (("x", "--max-sources", "0"), "--max-sources"),
        (("x", "--colection", "y"), "--colection"),
        ((), "QUESTION"),
    ],
)
def test_what_cannot_be_asked_is_wrong_usage(
    tmp_path: Path, arguments: tuple[str, ...], says: str
) -> None:
    asked = run(installed(tmp_path), "ask", *arguments, SEARCH__STARTER=False)
    assert asked.returncode == 2
    assert asked.stdout == ""
    assert says.lower() in asked.stderr.lower()
    assert "Traceback" not in asked.stderr


@pytest.fixture
def half() -> Iterator[LocalServer]:
    """A site of which one page comes and the other does not."""

    def answer(asked: Asked) -> Reply:
        return Reply(hold=True) if asked.path == "/slow" else Reply(pieces=(PAGE,), media_type=HTML)

    with LocalServer(answer) as site:
        yield site


HTML = "text/html; charset=utf-8"


def settings(search: LocalServer, site: LocalServer) -> dict[str, Any]:
    return {
        "SEARCH__PROVIDERS": ["searxng"],
        "SEARXNG__URL": search.url,
        "SEARCH__STARTER": False,
        "FETCH__ALLOW_HOSTS": [site.url.removeprefix("http://")],
    }


@pytest.mark.parametrize("where", ["searching", "reading"])
def test_control_c_ends_everything_at_once(tmp_path: Path, half: LocalServer, where: str) -> None:
    rows = [("One", f"{half.url}/", ""), ("Slow", f"{half.url}/slow", "")]
    with SearxngServer(lambda _: rows) as search:
        if where == "searching":
            search.answer = lambda _: Reply(hold=True)
        env = environment(installed(tmp_path), **settings(search, half))
        with started([PROGRAM, "ask", "--json", "anything"], tmp_path, env) as process:
            hanging = search if where == "searching" else half
            assert hanging.came(1 if where == "searching" else 3, 20)
            os.killpg(process.pid, signal.SIGINT)
            said, complained = process.communicate(timeout=10)
            assert process.returncode == 130
            assert said == ""
            assert "Traceback" not in complained
            with pytest.raises(ProcessLookupError):
                os.killpg(process.pid, 0)
        waiting = [one for one in hanging.asked if one.path not in {"/", "/robots.txt"}]
        assert waiting
        assert all(asked.left.wait(10) for asked in waiting)


def test_a_run_that_takes_too_long_has_failed(tmp_path: Path, half: LocalServer) -> None:
    half.answer = lambda _: Reply(hold=True)
    given: dict[str, Any] = settings(half, half) | {"LIMITS__RUN_SECONDS": 0.5}
    asked = run(installed(tmp_path), "ask", "--json", "anything", **given)
    assert asked.returncode == 1
    answer = told(asked.stdout)
    assert answer["status"] == "failed"
    assert answer["error"] == {
        "code": "too_slow",
        "message": "No answer within 0.5 seconds.",
        "retryable": True,
        "tried": [],
    }


@pytest.mark.parametrize("status", [429, 503])
def test_what_was_skipped_is_not_said_twice(tmp_path: Path, half: LocalServer, status: int) -> None:
    after = (("Retry-After", "30"),)
    with SearxngServer() as search:
        search.answer = lambda _: Reply(status=status, headers=after)
        given = settings(search, half)
        asked = run(installed(tmp_path), "ask", "What is a kestrel?", **given)
        assert asked.returncode == 3
        lines = asked.stderr.splitlines()
        assert [line for line in lines if "searxng" in line] == lines[:1]
        assert lines[1:] == ["No search results found"]
        whole = told(run(tmp_path, "ask", "--json", "What is a kestrel?", **given).stdout)
        assert [one["what"] for one in whole["error"]["tried"]] == ["searxng"]
        search.answer = search.usual
        search.find = lambda _: [("Gone", f"{half.url}/gone", "")]
        half.answer = lambda _: Reply(status=404)
        none = run(tmp_path, "ask", "What is a kestrel?", **given)
        assert "  searxng: 2 hits" in none.stderr.splitlines()
