"""The programs of the guide on a wire that breaks: nothing twice, nothing lost, no second run."""

from __future__ import annotations

from pathlib import Path

import pytest

from asking import QUESTION
from clients.model import PieceByPiece
from clients.programs import Guide
from clients.relay import NOWHERE, Relay
from clients.rig import WORDS, Rig, rig
from serving import heard, until

pytestmark = pytest.mark.soak

# At once; in the middle of an id (12 would be taken for 1); in the middle of a token; between the
# name of an event and its data.
BREAKS = (
    NOWHERE,
    rb"\nid: [0-9a-f]{32}-\d(?=\d)",
    rb'"text":" (?=wind)',
    rb"\nevent: done\n",
)


def test_the_answer_goes_on_behind_a_cut_wherever_it_is(guide: Guide, made: Rig) -> None:
    with made.one_run() as run, Relay(made.url, breaks=BREAKS) as relay:
        with made.model.holding() as let, guide.asking(QUESTION, relay.url) as program:
            let(3)
            assert program.has_printed("".join(WORDS[:3]))
            relay.cut()
            let(len(WORDS))
            ended = program.end()
        assert (ended.code, ended.complaint) == (0, "")
        assert ended.out == made.printed(run(), relay.url)
        assert relay.broken == len(BREAKS)
        assert len(relay.came_back()) == len(BREAKS)
        assert {one_id.rpartition("-")[0] for one_id in relay.came_back()} == {run()}


def test_a_run_that_is_gone_is_told_and_not_asked_again(
    guide: Guide, made: Rig, tmp_path: Path
) -> None:
    with (
        rig(tmp_path / "other", PieceByPiece(WORDS)) as other,
        Relay(made.url) as relay,
        made.model.holding() as let,
        guide.asking(QUESTION, relay.url) as program,
    ):
        let(3)
        assert program.has_printed("".join(WORDS[:3]))
        relay.lead_to(other.url)
        relay.cut()
        ended = program.end()
        assert other.server.ended_runs() == []
    assert ended.code == 1
    assert ended.out.startswith("".join(WORDS[:3]) + "\n")
    assert ended.complaint.strip()
    assert len(relay.came_back()) == 1


@pytest.mark.soak
def test_a_connection_that_fell_silent_is_left_for_another(guide: Guide, made: Rig) -> None:
    with made.one_run() as run, Relay(made.url) as relay:
        with made.model.holding() as let, guide.asking(QUESTION, relay.url) as program:
            let(3)
            assert program.has_printed("".join(WORDS[:3]))
            relay.freeze()
            let(len(WORDS))
            # Three heartbeats are 45 seconds.
            assert program.has_printed("".join(WORDS[:3]) + WORDS[3], seconds=120)
            ended = program.end()
        assert (ended.code, ended.complaint) == (0, "")
        assert ended.out == made.printed(run(), relay.url)
        assert len(relay.came_back()) == 1


@pytest.mark.soak
def test_a_connection_that_is_only_quiet_is_kept(guide: Guide, made: Rig) -> None:
    with made.one_run() as run, Relay(made.url) as relay:
        with made.model.holding() as let, guide.asking(QUESTION, relay.url) as program:
            let(3)
            assert program.has_printed("".join(WORDS[:3]))
            until(lambda: relay.passed_on(b"event: heartbeat") >= 5, "quiet for 75 s", 150)
            let(len(WORDS))
            ended = program.end()
        assert (ended.code, ended.complaint) == (0, "")
        assert ended.out == made.printed(run(), relay.url)
        assert len(relay.asked) == 1


def test_a_run_that_is_begun_twice_with_one_key_is_one(made: Rig, tmp_path: Path) -> None:
    guide = Guide.written("once.sh", tmp_path)
    with made.one_run() as run, Relay(made.url, breaks=[rb"\r\n\r\n"]) as relay:
        ended = guide.ask(QUESTION, relay.url)
        assert ended.code == 0
        assert heard(ended.out).run == run()
        assert heard(ended.out).text == made.answer(run())
        assert relay.broken == 1
        begun = [head for head in relay.asked if head.startswith("POST /runs ")]
        assert len(begun) == 2
