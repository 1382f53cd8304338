"""Asking a running Codexity, event by event, and a small library for it to answer from."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2

from codexity.adapters.library.database import prepare, session
from codexity.adapters.library.documents import Document, sliced, stem_text
from codexity.adapters.library.rows import put
from codexity.adapters.sqlite.schema import writing

QUESTION = "How does a kestrel hover in one place?"
HOVERS = (
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
    data = folder / "library"
    shelved(data, HOVERS, _COSTS)
    return {
        "CODEXITY_DATA_DIR": str(data),
        "CODEXITY_SEARCH__PROVIDERS": '["library"]',
        "CODEXITY_SEARCH__STARTER": "false",
        "CODEXITY_LLM__DISCOVER": "false",
    }


def shelved(data: Path, *texts: str) -> None:
    """Puts pages in the library of a data folder, as `codexity library add` would.

    That command has tests of its own, and takes two seconds.
    """
    # In a thread of its own: some who call this have an event loop, which must not wait for files.
    with ThreadPoolExecutor(1) as pool:
        pool.submit(_put, data / "library.sqlite3", texts).result(_SECONDS)


def _put(path: Path, texts: Sequence[str]) -> None:
    prepare(path)
    with session(path) as connection, writing(connection):
        put(connection, "documents", [_document(*one) for one in enumerate(texts, 1)])


def _document(number: int, text: str) -> Document:
    title = f"Kestrels {number}"
    return Document(
        slug=f"kestrel-{number}",
        title=title,
        title_stems=stem_text(title),
        text=text,
        slices=sliced(text),
    )
