"""Codexity from Python: `codexity.ask`, `codexity.answer`, and `codexity.asgi:app`."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread
import httpx2
import pytest

import codexity
from codexity.errors import BadQuestion, Misconfigured
from codexity.events import Done, Event, Sources, Status, Token
from codexity.model import Filters
from servers.local import LocalServer, Reply
from serving import NONSENSE, STEPS, WITH, environment, heard, installed, started, until

UVICORN = [sys.executable, "-m", "uvicorn", "codexity.asgi:app", "--port"]


@pytest.fixture
def here(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """This process with the environment and the folder of an installation."""
    for name, value in environment(home, LOG__LEVEL="warning").items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(home)
    return home


@pytest.mark.usefixtures("here")
async def test_a_question_is_an_iterator_of_typed_events() -> None:
    events: list[Event] = []
    async with codexity.ask(WITH) as said:
        async for event in said:
            events.append(event)  # noqa: PERF401 - read as the guide reads it
    steps = dict.fromkeys(event.step for event in events if isinstance(event, Status))
    assert tuple(steps) == STEPS
    assert isinstance(events[-1], Done)
    assert events[-1].status == "completed"
    text = "".join(event.text for event in events if isinstance(event, Token))
    assert "context manager" in text
    [sources] = [event.sources for event in events if isinstance(event, Sources)]
    assert sources[0].url == "/library/starter/topic-with"


@pytest.mark.usefixtures("here")
async def test_an_answer_comes_whole() -> None:
    found = await codexity.answer(WITH, filters=Filters(max_sources=1))
    assert (found.status, found.question, found.model) == ("completed", WITH, None)
    assert "context manager" in found.text
    assert len(found.sources) == 1
    assert found.error is None
    assert found.seconds["total"] > 0
    assert re.fullmatch("[0-9a-f]{32}", found.run)
    nothing = await codexity.answer(NONSENSE)
    assert (nothing.status, nothing.text) == ("no_evidence", "")
    assert nothing.error is not None
    assert [tried.what for tried in nothing.error.tried] == ["library", "starter"]
    assert [failure.code for failure in nothing.skipped] == ["no_results", "no_results"]


@pytest.mark.usefixtures("here")
async def test_what_cannot_be_asked_raises_what_is_promised() -> None:
    for question in ("", "x" * 501, "a\0b"):
        with pytest.raises(BadQuestion):
            await codexity.answer(question)
    with pytest.raises(BadQuestion, match="gogle"):
        await codexity.answer("x", filters=Filters(provider=("gogle",)))
    with pytest.raises(Misconfigured, match="did you mean"):
        await codexity.answer("x", settings={"serach": {"starter": False}})
    with pytest.raises(Misconfigured, match="set CODEXITY_DATA_DIR"):
        await codexity.answer("x", settings={"data_dir": f"{__file__}/data"})
    assert (await codexity.answer("x", settings={"search": {"starter": False}})).skipped


def held(search: LocalServer) -> Mapping[str, Any]:
    return {
        "search": {"providers": ["searxng"], "starter": False},
        "searxng": {"url": search.url},
    }


@pytest.mark.usefixtures("here")
async def test_leaving_stops_the_work() -> None:
    with LocalServer(lambda _: Reply(hold=True)) as search:
        with anyio.fail_after(10):
            async with codexity.ask("anything", settings=held(search)) as events:
                first = await anext(events)
                assert isinstance(first, Status)
                assert first.step == "rewriting_query"
                assert await anyio.to_thread.run_sync(search.came, 1)
                assert not search.asked[0].left.is_set()
        assert await anyio.to_thread.run_sync(search.asked[0].left.wait, 2)


async def fail_while_it_works(search: LocalServer, settings: Mapping[str, Any]) -> None:
    async with codexity.ask("anything", settings=settings):
        assert await anyio.to_thread.run_sync(search.came, len(search.asked) + 1)
        raise ZeroDivisionError


@pytest.mark.usefixtures("here")
async def test_cancelling_and_failing_stop_the_work() -> None:
    with LocalServer(lambda _: Reply(hold=True)) as search:
        settings = held(search)
        with anyio.move_on_after(1) as scope:
            await codexity.answer("anything", settings=settings)
        assert scope.cancelled_caught
        with pytest.raises(ZeroDivisionError):
            await fail_while_it_works(search, settings)
        for asked in search.asked:
            assert await anyio.to_thread.run_sync(asked.left.wait, 2)


def test_importing_does_nothing(tmp_path: Path) -> None:
    program = (
        "import sys, codexity.asgi, codexity\n"
        "print(sorted({name.partition('.')[0] for name in sys.modules}))\n"
        "print(codexity.ask, codexity.answer)\n"
    )
    wrong = environment(installed(tmp_path), SEARCH__NO_SUCH_SETTING=1)
    imported = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env=wrong,
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert imported.returncode == 0, imported.stderr
    modules, functions = imported.stdout.splitlines()
    for heavy in ("fastapi", "pydantic", "sqlite3", "trafilatura", "ddgs", "rich", "uvicorn"):
        assert f"'{heavy}'" not in modules
    assert functions.count("<function") == 2
    assert not (tmp_path / "data").exists()


def test_any_asgi_server_serves_it(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
    with started([*UVICORN, port], home, environment(home)) as process:
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:

            def healthy() -> bool:
                try:
                    return client.get("/health").json() == {"status": "ok"}
                except httpx2.ConnectError:
                    return False

            until(healthy, "healthy", 30)
            told = heard(client.get("/search", params={"q": WITH}).text)
        assert (told.status, told.steps()) == ("completed", STEPS)
        process.terminate()
        process.wait(10)


@pytest.mark.parametrize(
    ("setting", "value", "says"),
    [
        ("SEARCH__NO_SUCH_SETTING", "1", "CODEXITY_SEARCH__NO_SUCH_SETTING"),
        ("SEARCH__PROVIDERS", '["gogle"]', "gogle"),
    ],
)
def test_wrong_settings_fail_its_start_with_a_message(
    tmp_path: Path, setting: str, value: str, says: str
) -> None:
    env = environment(installed(tmp_path), **{setting: value})
    with started([*UVICORN, "0"], tmp_path, env) as process:
        said, complained = process.communicate(timeout=30)
    assert process.returncode != 0
    assert says in said + complained
    assert "Traceback" not in said + complained
    assert not (tmp_path / "data").exists()
