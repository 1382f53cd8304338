"""One of three providers refuses, is walled off, or finds nothing: the others answer."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from servers.keyed import KEY, BraveServer, KeyedServer, MojeekServer, TavilyServer
from servers.local import LocalServer, Reply
from serving import Server, installed, serving

HTML = "text/html"
PAGE = b"<html><head><title>Quince</title></head><body><main><p>%s</p></main></body></html>" % (
    b"When quince is cooked for an hour it turns red, and its smell fills the whole house. " * 5
)
SERVERS: dict[str, type[KeyedServer]] = {
    "brave": BraveServer,
    "tavily": TavilyServer,
    "mojeek": MojeekServer,
}
CAPTCHA = b"<!doctype html><title>Just a moment</title><form id=challenge-form></form>"
FAULTS: dict[str, tuple[Reply | None, str]] = {
    "429": (Reply(status=429), "quota"),
    "429 for an hour": (Reply(status=429, headers=(("Retry-After", "3600"),)), "quota"),
    "CAPTCHA": (Reply(media_type=HTML, pieces=(CAPTCHA,)), "bad_reply"),
    "nothing": (None, "no_results"),
}


@dataclass(slots=True, kw_only=True)
class Web:
    """Codexity in front of three search services, all of which find the same page."""

    codexity: Server
    services: dict[str, KeyedServer]

    def skips(self, question: str) -> dict[str, str]:
        """What was skipped of the searches of an answer with a source."""
        told = self.codexity.ask(question)
        assert told.status == "completed"
        assert told.sources
        found = [one for one in told.named("skipped") if one["stage"] == "search"]
        return {one["what"]: one["code"] for one in found}


@pytest.fixture
def web(tmp_path: Path) -> Generator[Web]:
    with ExitStack() as stack:
        site = stack.enter_context(LocalServer(lambda _: Reply(pieces=(PAGE,), media_type=HTML)))
        rows = (("Quince", f"{site.url}/quince", "Cooked quince"),)
        given: dict[str, Any] = {
            "SEARCH__PROVIDERS": list(SERVERS),
            "SEARCH__STARTER": False,
            "FETCH__ALLOW_HOSTS": [site.url.removeprefix("http://")],
        }
        services: dict[str, KeyedServer] = {}
        for name, serve in SERVERS.items():
            services[name] = stack.enter_context(serve(lambda _: rows))
            given |= {f"{name.upper()}__API_KEY": KEY, f"{name.upper()}__URL": services[name].url}
        codexity = stack.enter_context(serving(installed(tmp_path), **given))
        yield Web(codexity=codexity, services=services)


def break_one(web: Web, name: str, fault: str) -> str:
    """The code under which this fault of a service is told."""
    reply, code = FAULTS[fault]
    service = web.services[name]
    if reply is None:
        service.find = lambda _: ()
    else:
        service.answer = lambda _: reply
    return code


def asked_anew(number: int) -> str:
    """A question that no cache knows: of other words of the page, one of 127."""
    words = "hour turns red smell fills whole house".split()
    more = " ".join(word for at, word in enumerate(words) if number >> at & 1)
    return f"What does quince do when it is cooked, {more}?"


@pytest.mark.soak
@pytest.mark.parametrize("fault", FAULTS)
def test_forty_questions_are_answered_and_say_which_failed(web: Web, fault: str) -> None:
    assert web.skips("What does quince do when it is cooked?") == {}
    code = break_one(web, "tavily", fault)
    for number in range(40):
        assert web.skips(asked_anew(number + 1)) == {"tavily": code}
    asked = len(web.services["tavily"].asked)
    assert asked <= {"429 for an hour": 4}.get(fault, 200)


def test_a_question_is_answered_whichever_one_fails(web: Web) -> None:
    expected: dict[str, str] = {}
    faults = (("brave", "429 for an hour"), ("mojeek", "nothing"))
    for number, (name, fault) in enumerate(faults, start=1):
        expected[name] = break_one(web, name, fault)
        assert web.skips(asked_anew(number)) == expected
