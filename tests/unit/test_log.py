from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from codexity.edges import log
from codexity.edges.journal import LogJournal
from codexity.edges.stacks import PacedStacks
from codexity.errors import StoreFailed
from codexity.ports import Ending


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    names = ("codexity", "uvicorn", "uvicorn.error", "uvicorn.access")
    handlers, level = list(root.handlers), root.level
    levels = {name: logging.getLogger(name).level for name in names}
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)
    structlog.reset_defaults()


def said(level: str) -> list[dict[str, object]]:
    out = io.StringIO()
    log.configure(level, "json", stream=out)
    ours = structlog.get_logger("codexity.engine")
    ours.info("run ended", run="r1", question="what people ask")
    ours.debug("asked", question="what people ask")
    logging.getLogger("codexity.engine").info("in plain logging")
    logging.getLogger("httpx2").info("GET https://search.example/?q=what+people+ask")
    logging.getLogger("ddgs").warning("GET %s failed", "https://search.example/?q=what+people+ask")
    logging.getLogger("uvicorn.access").info("GET /search?q=what+people+ask")
    logging.getLogger("uvicorn.error").info("Started server process")
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_nothing_that_was_asked_is_logged_above_debug() -> None:
    lines = said("info")
    assert [line["event"] for line in lines] == [
        "run ended",
        "in plain logging",
        "GET https://search.example/?... failed",
        "Started server process",
    ]
    assert lines[0]["run"] == "r1"
    assert lines[0]["level"] == "info"
    assert "people" not in str(lines)


def test_the_lines_of_uvicorn_under_its_own_command_are_ours_too() -> None:
    access = logging.getLogger("uvicorn.access")
    access.propagate = False
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
    logging.getLogger("uvicorn.error").propagate = False
    access.addHandler(logging.StreamHandler(theirs := io.StringIO()))
    lines = said("info")
    assert "Started server process" in [line["event"] for line in lines]
    assert "people" not in str(lines)
    assert theirs.getvalue() == ""


def test_debug_says_it_all() -> None:
    lines = said("debug")
    assert len(lines) == 7
    assert lines[1]["question"] == "what people ask"
    assert lines[-2]["event"] == "GET /search?q=what+people+ask"


def test_a_higher_level_holds_back_what_is_below() -> None:
    assert [line["level"] for line in said("warning")] == ["warning"]
    assert said("error") == []


def _fails(key: str) -> int:
    return int("") + len(key)


@pytest.mark.parametrize("format_", ["json", "console"])
def test_a_cause_is_logged_with_its_stack_and_without_values(format_: str) -> None:
    out = io.StringIO()
    log.configure("info", format_, stream=out)
    try:
        _fails(key="secret" * 2)
    except ValueError:
        structlog.get_logger("codexity.engine").exception("broke", run="r1")
    assert "ValueError: invalid literal" in out.getvalue()
    assert "test_log.py" in out.getvalue()
    assert "secretsecret" not in out.getvalue()


def test_setting_up_again_replaces_what_was_there() -> None:
    first, second = io.StringIO(), io.StringIO()
    log.configure("info", stream=first)
    log.configure("info", stream=second)
    structlog.get_logger("codexity").info("once")
    assert first.getvalue() == ""
    assert json.loads(second.getvalue())["event"] == "once"


@pytest.mark.parametrize("format_", ["json", "console"])
@pytest.mark.parametrize("level", ["info", "debug"])
def test_the_lines_of_runs_have_their_fields_and_the_question_at_debug_alone(
    format_: str, level: str
) -> None:
    out = io.StringIO()
    log.configure(level, format_, stream=out)
    journal = LogJournal()
    ending = Ending(
        run="r1",
        principal="local",
        status="completed",
        seconds={"total": 1.5},
        sources=3,
        skipped=("timeout",),
        model="m",
    )
    with structlog.contextvars.bound_contextvars(request="q1", question="what people ask"):
        journal.asked("r1", "what people ask")
        journal.run_ended(ending)
    journal.fault("r1", ValueError("broke"))

    *asked, ended, _ = [line for line in out.getvalue().splitlines() if "r1" in line]
    assert len(asked) == (level == "debug")
    assert ("what people ask" in out.getvalue()) == (level == "debug")
    assert all("q1" in line for line in (*asked, ended))
    assert "ValueError: broke" in out.getvalue()
    if format_ == "json":
        told = json.loads(ended)
        assert told["timestamp"].endswith("Z")
        assert {name: told[name] for name in ("event", "level", "logger", "run", "skipped")} == {
            "event": "run ended",
            "level": "info",
            "logger": "codexity.run",
            "run": "r1",
            "skipped": ["timeout"],
        }
        assert (told["seconds"], told["sources"], told["model"]) == ({"total": 1.5}, 3, "m")


def _broken(detail: str) -> StoreFailed:
    with pytest.raises(StoreFailed) as raised:
        raise StoreFailed("It cannot be used.", detail=detail)
    return raised.value


@pytest.mark.parametrize("format_", ["json", "console"])
def test_a_fault_that_lasts_has_its_stack_once_a_minute_and_another_its_own(format_: str) -> None:
    out, clock = io.StringIO(), [1_000.0]
    log.configure("info", format_, stream=out)
    [handler] = (one for one in logging.getLogger().handlers if isinstance(one, PacedStacks))
    vars(handler)["_monotonic"] = lambda: clock[0]
    journal = LogJournal()

    def stacks() -> int:
        return out.getvalue().count("Traceback")

    for _ in range(5):
        journal.fault("r1", _broken("full"))
        clock[0] += 2.5
    assert (out.getvalue().count("run fault"), stacks()) == (5, 1)
    assert out.getvalue().count("StoreFailed (test_log.py:") == 4, "what is told in its place"
    journal.fault("r1", _broken("damaged"))
    assert stacks() == 2, "another fault"
    clock[0] += 60
    journal.fault("r1", _broken("full"))
    assert stacks() == 3, "it is told again"
    # structlog keeps what was raised at another place.
    for number in range(3):
        try:
            _fails(key="")
        except ValueError:
            structlog.get_logger("codexity.http").exception("fell over", number=number)
    assert (
        out.getvalue().count("fell over") - out.getvalue().count('exception("fell over'),
        stacks(),
    ) == (3, 4)
    assert out.getvalue().count("ValueError (test_log.py:") == 2


@pytest.mark.parametrize(("level", "lines", "stacks"), [("info", 2, 0), ("debug", 6, 6)])
def test_a_command_tells_a_fault_in_one_line_and_debug_all_of_it(
    level: str, lines: int, stacks: int
) -> None:
    out = io.StringIO()
    log.configure(level, "json", stream=out, brief=True)
    journal = LogJournal()
    for _ in range(3):
        journal.fault("r1", _broken("full"))
        journal.fault("r1", ValueError("what people ask"))
    told = [json.loads(line) for line in out.getvalue().splitlines()]
    assert (len(told), out.getvalue().count("StoreFailed: It cannot be used.")) == (
        lines,
        stacks // 2,
    )
    assert told[0]["detail"] == "full"
    assert ("what people ask" in out.getvalue()) == (level == "debug")


def test_the_kinds_of_faults_that_are_remembered_are_bounded() -> None:
    out = io.StringIO()
    log.configure("info", "json", stream=out)
    for number in range(1_000):
        LogJournal().fault("r1", _broken(f"{number}"))
    assert out.getvalue().count("Traceback") == 1_000
    [handler] = (one for one in logging.getLogger().handlers if isinstance(one, PacedStacks))
    assert len(vars(handler)["_told"]) <= 256
