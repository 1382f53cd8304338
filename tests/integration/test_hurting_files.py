"""Files that are made to hurt, met by a real server: skipped in plain words, at little cost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from hurting.kinds import FINE, FINE_PAGE, KINDS
from hurting.rig import Measured, Rig, rigged
from serving import Heard

pytestmark = pytest.mark.alone

MOST_BYTES = 600_000_000
STANDS_STILL_SECONDS = 0.1
BUSY_MACHINE = 10
"""Times as long may the clock say on a machine that has other work."""
SLOW_MACHINE = 3
"""Times as long may a slow processor take; 40 ms were measured."""
INTERNAL = ("Error", "Exception", "Traceback", "codexity", "httpx", "0x", ".py", "worker", "/tmp")
READ = [kind for kind in KINDS if not KINDS[kind].codes]
SKIPPED = [kind for kind in KINDS if KINDS[kind].codes]


@pytest.fixture(scope="module")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    with rigged(tmp_path_factory.mktemp("hurting")) as made:
        yield made
        log = made.log_file.read_text()
    assert "Blocking call" not in log
    assert "Traceback" not in log
    assert '"level": "error"' not in log


def within_bounds(what: str, seen: Measured) -> None:
    print(f"{what}: {seen}")
    assert seen.memory.together < MOST_BYTES
    assert seen.busiest < SLOW_MACHINE * STANDS_STILL_SECONDS
    assert seen.longest < BUSY_MACHINE * STANDS_STILL_SECONDS


def said(rig: Rig, told: Heard) -> dict[str, dict[str, Any]]:
    """What was skipped, by kind; each in words for people."""
    kinds = {url: kind for kind, url in rig.pages.items()}
    found = {kinds[one["what"]]: one for one in told.named("skipped")}
    for one in found.values():
        assert one["stage"] == "read"
        assert one["why"].endswith(".")
        assert not [word for word in INTERNAL if word in one["why"]]
    return found


def quotes(rig: Rig, told: Heard) -> dict[str, str]:
    kinds = {url: kind for kind, url in rig.pages.items()}
    return {kinds[source["url"]]: source["quote"] for source in told.sources}


@pytest.mark.parametrize("kind", SKIPPED)
def test_what_hurts_is_skipped_and_the_rest_is_read(rig: Rig, kind: str) -> None:
    with rig.measured() as seen:
        told = rig.ask([kind, FINE_PAGE])
    within_bounds(kind, seen)
    assert said(rig, told).keys() == {kind}
    assert said(rig, told)[kind]["code"] in KINDS[kind].codes
    assert told.status == "completed"
    assert FINE in quotes(rig, told)[FINE_PAGE]


@pytest.mark.parametrize("kind", READ)
def test_what_only_looks_as_if_it_hurt_is_read(rig: Rig, kind: str) -> None:
    with rig.measured() as seen:
        told = rig.ask([kind])
    within_bounds(kind, seen)
    assert said(rig, told) == {}
    assert KINDS[kind].says in quotes(rig, told)[kind]
    assert not [one for one in told.text if ord(one) < ord(" ") and not one.isspace()]


def test_all_of_them_at_once_are_borne(rig: Rig) -> None:
    with rig.measured() as seen:
        told = rig.ask(KINDS)
    within_bounds("all at once", seen)
    found = said(rig, told)
    # Two processes read documents: what hurts keeps them from others until its time is up.
    late = {"timeout", "left_behind"}
    codes = {kind: one["code"] for kind, one in found.items()}
    assert [one for one in codes.items() if one[1] not in KINDS[one[0]].codes | late] == []
    assert codes.keys() >= set(SKIPPED)
    assert told.status == "completed"
    assert rig.pages[FINE_PAGE] in {page["url"] for page in told.named("page")}
    assert FINE in quotes(rig, rig.ask([FINE_PAGE]))[FINE_PAGE]


def test_as_many_large_pages_as_a_run_reads_are_borne(rig: Rig) -> None:
    large = rig.pages["5 MB of attributes"]
    with rig.measured() as seen:
        told = rig.ask([FINE_PAGE], more=[f"{large}{number}" for number in range(31)])
    within_bounds("31 pages of 5 MB", seen)
    assert {one["code"] for one in told.named("skipped")} <= {"timeout", "bad_content"}
    assert len(told.named("skipped")) == 31
    assert FINE in quotes(rig, told)[FINE_PAGE]
