"""In a network whose every address is ours, nothing that is read reaches an inner one.

The controls are in the same network: without the guard, each of the same ways does.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from trap import PORTS
from trial_in_namespace import HOSTS, INNER, PROBES, REBINDING

pytestmark = [pytest.mark.soak, pytest.mark.system]

TESTS = Path(__file__).parents[1]
SECONDS = 600
ARTICLE = "A kestrel hovers in one place"


@dataclass(frozen=True, slots=True)
class Phase:
    """What one phase of the trial met."""

    found: dict[str, Any]

    @property
    def said(self) -> list[dict[str, Any]]:
        return self.found["said"]

    def read(self) -> set[str]:
        """The addresses that were read."""
        return {one["url"] for one in self.said if ARTICLE in one.get("text", "")}

    def reached(self, which: str = "inner") -> set[tuple[str, int]]:
        return {(address, port) for address, port, _ in self.found[which]}

    def paths(self, which: str = "inner") -> set[str]:
        return {path for _, _, path in self.found[which]}

    def packets(self) -> set[tuple[str, str, int]]:
        return {(kind, address, port) for kind, address, port in self.found["packets"]}


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Phase]:
    """What was met in namespaces of their own; where they are not to be had, the tests fail."""
    folder = tmp_path_factory.mktemp("namespace")
    own = ["unshare", "--net", "--mount", "--fork", "--kill-child"]
    if os.geteuid() != 0:
        own += ["--user", "--map-root-user"]
    script = [sys.executable, str(TESTS / "trial_in_namespace.py"), str(folder)]
    ended = subprocess.run(
        [*own, *script], env=os.environ | {"PYTHONPATH": str(TESTS)}, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, check=False, timeout=SECONDS,
    )  # fmt: skip
    assert ended.returncode == 0, (
        "The trial needs a network and a mount namespace of its own (root, or user namespaces) and "
        f"iproute2:\n{ended.stdout}{ended.stderr}"
    )
    phases: dict[str, Any] = json.loads((folder / "met.json").read_text())
    assert [found["missed"] for found in phases.values()] == [0] * 5
    return {name: Phase(found) for name, found in phases.items()}


def plain(host: str) -> str:
    return host.strip("[]")


def test_read_reaches_no_inner_address_in_whatever_spelling_by_redirect_or_rebinding(
    trial: dict[str, Phase],
) -> None:
    phase = trial["read"]
    assert phase.found["inner"] == []
    assert phase.found["packets"] == []
    many = 2 * len(HOSTS) + len(PROBES) + 6 * len(REBINDING) + 3
    assert len(phase.said) == many
    # The web is reached all the while: over IPv4, over IPv6, by a redirect, and once by each name
    # that turns to an inner address afterwards.
    assert {
        "http://public.test/article", "http://six.test/article", "http://six.test/arrived",
        *(f"http://{name}/bound-0" for name in REBINDING),
    } <= phase.read()  # fmt: skip
    assert phase.reached("public") == {("93.184.216.34", 80), ("2606:4700:4700::1111", 80)}
    hops = {path for path in phase.paths("public") if path.startswith("/to/")}
    assert len(hops) == len(HOSTS)
    refused = [one for one in phase.said[-3 * len(REBINDING) :] if "skipped" in one]
    assert [one["skipped"]["code"] for one in refused] == ["not_public"] * 3 * len(REBINDING)


def test_a_client_without_a_guard_reaches_them(trial: dict[str, Phase]) -> None:
    phase = trial["plain"]
    assert {(plain(host), port) for host in INNER for port in PORTS} <= phase.reached()
    assert {("tcp", plain(host), port) for host in INNER for port in PORTS} <= phase.packets()
    assert len(phase.reached()) > 100
    assert {"/spelled", "/ported", "/bound-1", "/bound-2"} <= phase.paths()


def test_read_reaches_what_is_allowed_and_nothing_beside_it(trial: dict[str, Phase]) -> None:
    phase = trial["allowed"]
    assert phase.reached() == {
        ("10.1.2.3", 80), ("127.0.0.1", 8080), ("::1", 80), ("169.254.169.254", 80),
    }  # fmt: skip
    assert len(phase.read()) == len(phase.said) == 5


def test_a_page_in_the_browser_reaches_no_inner_address(trial: dict[str, Phase]) -> None:
    phase = trial["rendered"]
    assert phase.found["inner"] == []
    assert phase.found["packets"] == []
    [page] = phase.said
    assert page["via"] == "browser"
    assert ARTICLE in page["text"]
    hops = {path for path in phase.paths("public") if path.startswith("/hop/")}
    assert len(hops) == len(PROBES)


def test_the_same_page_in_a_browser_without_a_guard_reaches_them(trial: dict[str, Phase]) -> None:
    phase = trial["chromium"]
    open_to_browsers = set(PORTS) - {22}  # Chromium itself keeps from that one
    assert {(plain(host), port) for host in INNER for port in open_to_browsers} <= phase.reached()
    ways = {"/fetch", "/ws", "/beacon", "/image", "/frame", "/style", "/hopped"}
    assert ways <= phase.paths()
    assert "udp" in {kind for kind, _, _ in phase.packets()}
