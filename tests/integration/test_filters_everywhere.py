"""Filters by every way in: what they leave out is told, and the rest answers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

import codexity
from codexity.model import Filters
from servers.local import Asked, LocalServer, Reply
from servers.searxng import Row, SearxngServer
from serving import Server, environment, installed, run, serving

ENGLISH = (
    "A kestrel hovers in one place by flying into the wind at exactly the speed of the wind. The "
    "bird spreads its tail feathers and keeps its head still while it looks for voles below. "
    "When it sees one of them, it folds its wings and falls down to the ground. It also often "
    "sits on posts beside the road, from where it can see what moves below without any "
    "effort. Its nest is an old one of a crow, a hole in a wall, or a box that somebody put up."
)
GERMAN = (
    "Der Turmfalke, englisch kestrel, steht in der Luft, indem er genau so schnell gegen den Wind "
    "fliegt, wie dieser weht. Der Vogel fächert dabei seinen Schwanz und hält den Kopf ganz ruhig, "
    "während er unten im Gras nach Mäusen sucht. Sobald er eine davon sieht, legt er die Flügel an "
    "und lässt sich fallen. Oft sitzt er auch auf Pfählen am Rand der Straße und wartet dort, bis "
    "sich etwas bewegt. Seine Nester baut er nicht selbst, sondern nimmt alte von Krähen."
)
# Of pages that say the same, one alone would be read.
PAGES = {
    "/old": (ENGLISH, "2019-06-01"),
    "/new": (" ".join(sorted(ENGLISH.split())), "2024-05-17"),
    "/german": (GERMAN, "2024-06-01"),
    "/undated": (" ".join(reversed(ENGLISH.split())), None),
}
QUESTION = "kestrel wind"


def page(asked: Asked) -> Reply:
    if asked.path not in PAGES:
        return Reply(status=404)
    text, published = PAGES[asked.path]
    date = f'<meta property="article:published_time" content="{published}">' if published else ""
    html = f"<html><head><title>Kestrel</title>{date}</head><body><p>{text}</p></body></html>"
    return Reply(pieces=(html.encode(),), media_type="text/html; charset=utf-8")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rig:
    server: Server
    search: SearxngServer
    settings: dict[str, Any]


@pytest.fixture(scope="module")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    rows: list[Row] = []
    with LocalServer(page) as site, SearxngServer(lambda _: rows) as search:
        rows += [("Kestrel", f"{site.url}{path}", "") for path in PAGES]
        settings = {
            "SEARCH__PROVIDERS": ["searxng"],
            "SEARXNG__URL": search.url,
            "SEARCH__STARTER": False,
            "FETCH__ALLOW_HOSTS": [site.url.removeprefix("http://")],
        }
        with serving(installed(tmp_path_factory.mktemp("filters")), **settings) as server:
            yield Rig(server=server, search=search, settings=settings)


def paths(found: Sequence[dict[str, Any]], name: str) -> set[str]:
    return {"/" + one[name].rpartition("/")[2] for one in found}


def posted(rig: Rig, question: str, **filters: object) -> dict[str, Any]:
    """The answer of a run that was posted, followed to its end."""
    begun = rig.server.client.post(f"{rig.server.url}/runs", json={"question": question, **filters})
    run_ = begun.json()["run"]
    assert "event: done" in rig.server.get(f"/runs/{run_}/events").text
    return rig.server.get(f"/runs/{run_}").json()


@pytest.mark.parametrize(
    ("filters", "typed", "left_out"),
    [
        ({}, "", set[str]()),
        ({"after": "2024"}, "after:2024", {"/old"}),
        ({"after": "2024-05-17"}, "after:2024-05-17", {"/old"}),
        ({"before": "2024-05-17"}, "before:2024-05-17", {"/new", "/german"}),
        ({"language": "de"}, "lang:de", {"/old", "/new", "/undated"}),
        ({"language": "en"}, "language:en", {"/german"}),
        (
            {"after": "2024-06", "language": "en"},
            "after:2024-06 lang:EN",
            {"/old", "/new", "/german"},
        ),
    ],
)
def test_a_filter_holds_for_every_page_and_is_told(
    rig: Rig, filters: dict[str, str], typed: str, left_out: set[str]
) -> None:
    for answer in (posted(rig, QUESTION, **filters), posted(rig, f"{QUESTION} {typed}".strip())):
        skipped = [one for one in answer["skipped"] if one["code"] == "filtered"]
        assert paths(skipped, "what") == left_out
        assert paths(answer["sources"], "url") <= PAGES.keys() - left_out
        assert answer["status"] == "completed"
        assert answer["question"].startswith(QUESTION)
    assert all(one["why"] for one in skipped)


def test_the_stream_and_the_plain_page_take_the_same_filters(rig: Rig) -> None:
    query = urlencode({"q": QUESTION, "language": "de", "after": "2024"})
    for path in ("/search", "/answer"):
        said = rig.server.get(f"{path}?{query}").text
        assert "another language (en)" in said
        assert "published on 2019-06-01, before 2024-01-01" in said
        assert "another language" not in rig.server.get(f"{path}?q=kestrel+wind").text


def test_an_excluded_site_is_asked_for_nowhere(rig: Rig) -> None:
    rig.search.asked.clear()
    for answer in (
        posted(rig, QUESTION, exclude_site=["127.0.0.1"]),
        posted(rig, f"{QUESTION} -site:127.0.0.1"),
    ):
        assert (answer["status"], answer["error"]["code"]) == ("no_evidence", "no_results")
    texts = {asked.query["q"][0] for asked in rig.search.asked}
    assert texts == {f"{QUESTION} -site:127.0.0.1"}
    assert posted(rig, QUESTION, exclude_site=["example.org"])["status"] == "completed"


def test_the_command_line_takes_the_same_filters(rig: Rig, tmp_path: Path) -> None:
    arguments = ("--after", "2024", "--lang", "en", "--exclude-site", "example.org")
    asked = run(installed(tmp_path), "ask", "--json", *arguments, QUESTION, **rig.settings)
    answer = json.loads(asked.stdout)
    assert paths(answer["skipped"], "what") == {"/old", "/german"}
    assert paths(answer["sources"], "url") <= {"/new", "/undated"}
    assert asked.returncode == 0


async def test_python_takes_the_same_filters(
    rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment(tmp_path, LOG__LEVEL="warning", **rig.settings).items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    answer = await codexity.answer(f"{QUESTION} before:2024", filters=Filters(language="en"))
    skipped = {one.what.rpartition("/")[2] for one in answer.skipped}
    assert (skipped, answer.status) == ({"german", "new"}, "completed")
    assert answer.question == f"{QUESTION} before:2024"
