"""What a page hides reaches neither an answer, nor a source, nor a model; what it shows does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random

import pytest

import codexity
from codexity.model import Answer
from hiding import HIDDEN, LEAKS, SECRET, SHOWN, whole
from servers.local import Asked, LocalServer, Reply
from servers.openai import OpenAIServer
from servers.searxng import SearxngServer
from serving import environment

QUESTION = "Has a heron in shallow water seen a sparkling zanzibar kettle?"
LONG = f"{SECRET}. " * 40
KEPT = [carrier for name, carrier in HIDDEN.items() if name not in LEAKS]
MOST = 80
"""Pages of one question: fewer than `max_hits_per_query` may be."""


def pages(carriers: Sequence[tuple[str, str]]) -> Mapping[str, str]:
    """The sources of pages by their paths, each with words of its own: copies are left out."""
    found: dict[str, str] = {}
    for at, (carrier, text) in enumerate(carriers):
        chance = Random(at)
        words = " ".join("".join(chance.choices("bdgklmnprst", k=6)) for _ in range(150))
        own = f"<p>In shallow water heron {at} has seen a sparkling kettle, {words}.</p>"
        found[f"/{at}"] = whole(
            f"<article><h1>Heron {at}</h1>{own}{carrier.format(text)}</article>"
        )
    return found


async def asked(
    home: Path, carriers: Sequence[tuple[str, str]], model: OpenAIServer | None
) -> Answer:
    """An answer to the question that each page hides or shows the words of; all are read."""
    sources = pages(carriers)

    def page(request: Asked) -> Reply:
        source = sources.get(request.path)
        if source is None:
            return Reply(status=404)
        return Reply(media_type="text/html; charset=utf-8", pieces=(source.encode(),))

    with (
        LocalServer(page) as site,
        SearxngServer(
            lambda _: [(f"Heron {path[1:]}", f"{site.url}{path}", "") for path in sources]
        ) as searxng,
    ):
        count = len(sources)
        settings = {
            "data_dir": str(home / "data"),
            "search": {"providers": ["searxng"], "starter": False},
            "searxng": {"url": searxng.url},
            "fetch": {"allow_hosts": [site.url.removeprefix("http://")]},
            "limits": {
                "max_pages": count,
                "enough_pages": count,
                "max_hits_per_site": count,
                "max_hits_per_query": count,
                "max_queries": 1,
                "gather_seconds": 60,
                "read_seconds": 30,
                "max_sources": 50,
                "evidence_tokens": 100_000,
            },
            "llm": {"base_url": model.base_url, "model": model.model, "api_key": model.key}
            if model
            else {"discover": False},
        }
        answer = await codexity.answer(QUESTION, settings=settings)
        read = {one.path for one in site.asked} & sources.keys()
    assert read == sources.keys()
    assert [one for one in answer.skipped if one.stage == "read"] == []
    return answer


def told(answer: Answer) -> str:
    """All that a reader is told."""
    return " ".join((answer.text, *(f"{one.title} {one.quote}" for one in answer.sources)))


@pytest.mark.parametrize(
    ("carriers", "is_told"),
    [
        ([(carrier, SECRET) for carrier in KEPT[:MOST]], False),
        ([(carrier, SECRET) for carrier in KEPT[MOST:]], False),
        ([(carrier, LONG) for carrier in KEPT[:MOST]], False),
        ([(carrier, LONG) for carrier in KEPT[MOST:]], False),
        ([(carrier, SECRET) for carrier in SHOWN.values()], True),
    ],
    ids=["hidden", "more hidden", "most of the page hidden", "more of most of the page", "shown"],
)
async def test_hidden_text_reaches_nobody(
    tmp_path: Path,
    carriers: Sequence[tuple[str, str]],
    is_told: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in environment(tmp_path, LOG__LEVEL="warning").items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    quoted = await asked(tmp_path, carriers, None)
    assert quoted.sources or not is_told
    assert ("zanzibar" in told(quoted)) is is_told
    with OpenAIServer(lambda _: "Nothing. [1]", context=100_000) as model:
        await asked(tmp_path, carriers, model)
        prompts = [one["content"] for body in model.bodies for one in body["messages"]]
    assert any("[1] Heron" in prompt for prompt in prompts)
    assert any("zanzibar" in prompt.replace(QUESTION, "") for prompt in prompts) is is_told
