"""Asking a running Codexity, event by event, and a small library for it to answer from."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2

QUESTION = "How does a kestrel hover in one place?"
_HOVERS = (
    "A kestrel hovers in one place by flying into the wind at exactly the speed of the wind. "
    "The bird spreads its tail feathers and keeps its head still while it looks for voles."
)
_COSTS = (
    "To hover in one place costs a kestrel much energy, so that it hovers mostly where wind rises "
    "along a slope. In still air the bird cannot hover for longer than a few seconds."
)
_SECONDS = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One event of a run."""

    name: str
    data: dict[str, Any]


@contextmanager
def asking(address: str, question: str, **filters: int) -> Generator[Iterator[Said]]:
    """Asks, and gives the events as they come; leaving the block closes the connection."""
    with (
        httpx2.Client(timeout=_SECONDS, trust_env=False) as client,
        client.stream("GET", f"{address}/search", params={"q": question, **filters}) as response,
    ):
        response.raise_for_status()
        yield _events(response)


def _events(response: httpx2.Response) -> Iterator[Said]:
    name = ""
    for line in response.iter_lines():
        if line.startswith("event: "):
            name = line[7:]
        elif line.startswith("data: "):
            yield Said(name=name, data=json.loads(line[6:]))


def ask(address: str, question: str = QUESTION, **filters: int) -> list[Said]:
    """Asks and listens to the end."""
    with asking(address, question, **filters) as events:
        return list(events)


def text(events: Sequence[Said]) -> str:
    """The answer."""
    return "".join(one.data["text"] for one in events if one.name == "token")


def skipped(events: Sequence[Said], stage: str) -> list[str]:
    """The codes of what this stage went on without."""
    failures = [one.data for one in events if one.name == "skipped"]
    return [one["code"] for one in failures if one["stage"] == stage]


def models(events: Sequence[Said]) -> list[str | None]:
    """What was named as writing the answer, in order; None stands for quotations."""
    return [one.data["model"] for one in events if one.data.get("step") == "generating"]


def library(folder: Path) -> dict[str, str]:
    """Makes a library of two pages about kestrels, and gives the settings that ask it alone."""
    documents = folder / "documents"
    documents.mkdir(parents=True)
    for number, page in enumerate((_HOVERS, _COSTS), 1):
        (documents / f"kestrel-{number}.txt").write_text(page, encoding="utf-8")
    settings = {
        "CODEXITY_DATA_DIR": str(folder / "library"),
        "CODEXITY_SEARCH__PROVIDERS": '["library"]',
        "CODEXITY_SEARCH__STARTER": "false",
        "CODEXITY_LLM__DISCOVER": "false",
    }
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CODEXITY_")}
    program = str(Path(sys.executable).with_name("codexity"))
    subprocess.run(
        [program, "library", "add", str(documents)],
        check=True,
        cwd=folder,
        env={**kept, **settings},
        stdin=subprocess.DEVNULL,
        timeout=_SECONDS,
    )
    return settings
