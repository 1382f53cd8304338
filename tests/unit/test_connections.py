"""The bounds on connections: who counts as one client, who gives way, what the operator is told."""

from __future__ import annotations

import ipaddress
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from codexity.edges.http.connections import Bounds, Connections, client_of_connection
from codexity.settings import ConnectionsGroup, Settings, StreamGroup

PROXIES = (ipaddress.ip_network("10.0.0.0/8"),)
ROOM = 1
"""A descriptor that is far from being the last."""


class Held:
    """A connection."""

    def __init__(self) -> None:
        self.ended = False
        self.looked = 0

    def cut(self) -> None:
        self.ended = True

    def look(self, now: float, bounds: Bounds) -> bool:
        self.looked += 1
        return now >= bounds.first_byte_seconds


def connections(*, most: int = 100, of_one: int = 100) -> Connections:
    return Connections(
        Bounds(
            connections=most,
            of_one_client=of_one,
            first_byte_seconds=1,
            head_seconds=1,
            proxies=PROXIES,
        )
    )


def admitted(places: Connections, count: int, address: str = "192.0.2.1") -> list[Held]:
    held = [Held() for _ in range(count)]
    for one in held:
        assert places.admit(one, address, ROOM) is None
    return held


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("192.0.2.1", "::ffff:192.0.2.1", True),
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("fe80::1%eth0", "fe80::2", True),
    ],
)
def test_a_client_is_an_address_or_a_network(one: str, other: str, *, same: bool) -> None:
    assert (client_of_connection(one, ()) == client_of_connection(other, ())) is same


@pytest.mark.parametrize("address", ["10.1.2.3", "::ffff:10.1.2.3", None, ""])
def test_a_proxy_and_who_has_no_address_are_no_client(address: str | None) -> None:
    assert client_of_connection(address, PROXIES) == ""
    assert client_of_connection("11.1.2.3", PROXIES) == "11.1.2.3"


def test_who_waited_longest_without_a_request_gives_way() -> None:
    places = connections(most=3)
    busy, rested, silent = admitted(places, 3)
    places.work(busy)
    places.work(rested)
    places.wait(rested)
    [fourth] = admitted(places, 1)
    assert [one.ended for one in (busy, rested, silent)] == [False, False, True]
    [fifth] = admitted(places, 1)
    assert rested.ended
    places.work(fourth)
    places.work(fifth)
    refused = places.admit(Held(), "192.0.2.9", ROOM)
    assert refused is not None
    assert refused.status == 503
    assert not busy.ended
    places.leave(busy)
    admitted(places, 1)
    assert len(places) == 3


def test_one_client_makes_way_for_itself_and_a_proxy_has_no_share() -> None:
    places = connections(of_one=2)
    [others] = admitted(places, 1, "192.0.2.2")
    first, second = admitted(places, 2)
    [third] = admitted(places, 1)
    assert [one.ended for one in (others, first, second)] == [False, True, False]
    places.work(second)
    places.work(third)
    refused = places.admit(Held(), "192.0.2.1", ROOM)
    assert refused is not None
    assert refused.status == 429
    admitted(places, 1, "192.0.2.2")
    for one in admitted(places, 20, "10.0.0.1"):
        assert not one.ended


def test_the_last_descriptors_are_for_nobody() -> None:
    places = connections()
    [only] = admitted(places, 1)
    assert places.admit(Held(), "192.0.2.3", 1 << 40) is None
    assert only.ended
    full = connections()
    refused = full.admit(Held(), "192.0.2.3", 1 << 40)
    assert refused is not None
    assert refused.status == 503
    assert len(full) == 0


def test_only_who_waits_is_looked_at_and_who_was_refused_is_until_it_ends() -> None:
    places = connections()
    busy, waiting, refused = admitted(places, 3)
    places.work(busy)
    places.linger(refused)
    assert len(places) == 2
    places.sweep(0.5)
    places.leave(refused)
    places.sweep(0.6)  # too soon to look again
    places.sweep(1.5)
    assert [one.looked for one in (busy, waiting, refused)] == [0, 2, 1]


def test_many_are_ended_in_several_turns() -> None:
    places = connections(most=1_000, of_one=1_000)
    held = admitted(places, 300)
    looked = list[int]()
    for _ in range(3):
        places.sweep(100)
        looked.append(sum(one.looked for one in held))
        for one in held:
            if one.looked:
                places.leave(one)
    assert looked == [128, 256, 300]


def test_refused_connections_that_linger_are_bounded() -> None:
    places = connections()
    held = admitted(places, 100)
    for one in held:
        places.linger(one)
    assert [one.ended for one in held] == [True] * 36 + [False] * 64


def test_a_bound_is_told_once_a_minute_with_how_often_it_was_met() -> None:
    places = connections()
    told = list[tuple[float, object]]()
    for second in range(0, 150, 10):
        places.note("connections.head_seconds")
        with capture_logs() as lines:
            places.sweep(second)
        told += [(second, line["times"]) for line in lines]
    assert told == [(0, 1), (60, 6), (120, 6)]
    places.note("")
    with capture_logs() as lines:
        places.sweep(1_000)
    assert [line["times"] for line in lines] == [2]


def test_the_bounds_follow_those_of_streams_where_they_are_not_set() -> None:
    assert bounds() == (8_192, 1_024)
    many = StreamGroup(max_streams=10_000, max_streams_per_client=5_000)
    assert bounds(many) == (20_000, 10_000)
    assert bounds(many, ConnectionsGroup(max=7, max_per_client=3)) == (7, 3)


def bounds(
    stream: StreamGroup = StreamGroup(),  # noqa: B008 - frozen
    connections: ConnectionsGroup = ConnectionsGroup(),  # noqa: B008 - frozen
) -> tuple[int, int]:
    found = Bounds.of(Settings(data_dir=Path("data"), stream=stream, connections=connections))
    return found.connections, found.of_one_client
