"""A server that answers programs as SearXNG does, over engines and results of the test's own.

Source: SearXNG 2026.8, searx/query.py, searx/webadapter.py, searx/search, searx/limiter.py.
"""

from __future__ import annotations

import re
import time
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import yaml

from servers.local import Asked, LocalServer, Reply
from servers.searxng_engines import (
    Engine,
    Find,
    Row,
    answered,
    described,
    infobox,
    result,
    spelled,
)

__all__ = ["Engine", "Row", "SearxngServer"]

_LANGUAGE = re.compile(r"^[a-z]{2,3}(-[a-zA-Z]{2})?$")
_OTHER_SITES = frozenset({"x", "w", "g", "int"})
_TOO_MANY = Reply(status=429, media_type="text/html", pieces=(b"Too Many Requests",))
_BAN_SECONDS = 5.0
_IN_GERMAN = {
    "too many requests": "zu viele Anfragen",
    "access denied": "Zugriff verweigert",
    "timeout": "Zeitüberschreitung",
    "HTTP connection error": "HTTP-Verbindungsfehler",
    "Suspended": "Ausgesetzt",
}


@dataclass(slots=True, kw_only=True)
class Search:
    """What SearXNG understands of a request: `words` are what its engines are asked."""

    words: str
    only: list[str]
    language: str | None
    seconds: float | None
    other_site: str | None


class SearxngServer(LocalServer):
    """Answers `/search` and `/config`; without `engines` there is one, which finds with `find`.

    `failed` are engines that fail, with what they say as it is told. `settings` are those of its
    settings.yml that matter here, and `limits` those of its limiter.toml; `configure` takes either.
    Like most engines' results, these know nothing of `site:`: that is part of the text.
    """

    def __init__(
        self,
        find: Find = lambda _text: (),
        *,
        engines: Sequence[Engine] = (),
        failed: Sequence[tuple[str, str]] = (),
        formats: Sequence[str] = ("html", "json"),
    ) -> None:
        super().__init__()
        self.find: Find = find
        self.failed = failed
        self.heard: list[str] = []
        self.engines = list(engines) or [Engine(name="one", find=self._find)]
        self.settings: dict[str, Any] = {
            "search": {"formats": list(formats)},
            "server": {"limiter": False},
            "outgoing": {"request_timeout": 3.0, "max_request_timeout": None},
            "ui": {"default_locale": ""},
            "preferences": {"lock": []},
        }
        self.limits: dict[str, Any] = {"botdetection": {"ip_lists": {"pass_ip": []}}}

    @property
    def formats(self) -> Sequence[str]:
        return self.settings["search"]["formats"]

    @formats.setter
    def formats(self, formats: Sequence[str]) -> None:
        self.settings["search"]["formats"] = list(formats)

    def configure(self, mend: str) -> None:
        """Takes the lines of a mend into its settings.yml or its limiter.toml, and starts again."""
        lines = [line[4:] for line in mend.splitlines() if line.startswith("    ")]
        text = "\n".join(line for line in lines if not line.startswith("CODEXITY_"))
        if "limiter.toml" in mend:
            _merge(self.limits, tomllib.loads(text))
            return
        given: dict[str, Any] = yaml.safe_load(text)
        assert "engines" not in given or given.pop("use_default_settings") is True
        known = {engine.name: engine for engine in self.engines}
        for engine in given.pop("engines", ()):
            if engine["name"] in known:
                known[engine["name"]].configure(engine)
        _merge(self.settings, given)
        for engine in self.engines:
            engine.suspended_until = 0.0

    def usual(self, asked: Asked) -> Reply:
        if asked.path == "/config":
            return spelled({"engines": [described(engine) for engine in self.engines]})
        if asked.path != "/search":
            return super().usual(asked)
        return _TOO_MANY if self._limits(asked) else self._searched(asked)

    def _searched(self, asked: Asked) -> Reply:
        given = {name: values[0] for name, values in asked.query.items()}
        wanted = given.get("format", "html")
        if wanted not in self.formats:
            return Reply(status=403, media_type="text/html", pieces=(b"<h1>Forbidden</h1>",))
        if wanted == "html":
            return Reply(media_type="text/html", pieces=(b"<!doctype html><h1>SearXNG</h1>",))
        search = self._understood(given)
        if search.other_site:
            away = f"https://{search.other_site}.example/?q={search.words}"
            return Reply(status=302, headers=(("Location", away),))
        reply = answered(search.words) or self._found(search, given)
        return spelled({"query": search.words, "corrections": [], "suggestions": [], **reply})

    def _limits(self, asked: Asked) -> bool:
        passes = self.limits["botdetection"]["ip_lists"]["pass_ip"]
        if not self.settings["server"]["limiter"] or "127.0.0.1" in passes:
            return False
        browses = "text/html" in asked.headers.get("accept", "")
        return not (browses and "accept-language" in asked.headers)

    def _understood(self, given: dict[str, str]) -> Search:
        limit = given.get("timeout_limit")
        search = Search(
            words="",
            only=[],
            language=given.get("language"),
            seconds=float(limit) if limit else None,
            other_site=None,
        )
        left = [
            word for word in re.split(r"\s+", given["q"]) if word and not self._obeys(word, search)
        ]
        search.words = " ".join(left)
        return search

    def _obeys(self, word: str, search: Search) -> bool:
        """Whether a word is a command, which is then taken out of the text."""
        value = word[1:].lower()
        if word[0] == "<" and value.isdigit():
            search.seconds = float(value) if int(value) < 100 else int(value) / 1_000
            return True
        if word[0] == ":" and (_LANGUAGE.match(value) or value == "auto"):
            search.language = value
            return True
        if word == "!!":
            return True
        if word.startswith("!!") and word[2:].lower() in _OTHER_SITES:
            search.other_site = word[2:].lower()
            return True
        named = [one.name for one in self.engines if value and value in {one.name, one.shortcut}]
        if word[0] == "!" and named:
            search.only += named
            return True
        return False

    def _find(self, text: str) -> Sequence[Row]:
        return self.find(text)

    def _found(self, search: Search, given: dict[str, str]) -> dict[str, Any]:
        self.heard.append(search.words)
        asked: list[Engine] = []
        said = list(self.failed)
        for engine in self._chosen(search):
            if time.monotonic() < engine.suspended_until:
                said.append((engine.name, f"Suspended: {engine.fails or 'timeout'}"))
            elif engine.knows_dates or not given.get("time_range"):
                asked.append(engine)
        seconds = self._seconds(asked, search)
        time.sleep(min(seconds, max((one.seconds for one in asked), default=0.0)))
        for engine in asked:
            if engine.seconds > seconds or engine.fails:
                said.append((engine.name, engine.fails or "timeout"))
                engine.suspended_until = time.monotonic() + _BAN_SECONDS
        well = [one for one in asked if one.seconds <= seconds and not one.fails]
        found = [(row, one) for one in well for row in one.find(search.words)]
        listed = [(row, one) for row, one in found if not one.infobox or "list" in one.display_type]
        return {
            "number_of_results": 0,
            "results": [result(row, one, n) for n, (row, one) in enumerate(listed, 1)],
            "answers": [],
            "infoboxes": [infobox(row, one.name) for row, one in found if one.infobox],
            "unresponsive_engines": sorted([name, self._told(why, given)] for name, why in said),
        }

    def _chosen(self, search: Search) -> list[Engine]:
        if search.only:
            return [engine for engine in self.engines if engine.name in search.only]
        return [one for one in self.engines if "general" in one.categories and not one.disabled]

    def _seconds(self, asked: Sequence[Engine], search: Search) -> float:
        outgoing = self.settings["outgoing"]
        usual = max((one.timeout or outgoing["request_timeout"] for one in asked), default=0.0)
        most = outgoing["max_request_timeout"]
        if most is None:
            return min(usual, search.seconds) if search.seconds is not None else usual
        return min(search.seconds if search.seconds is not None else usual, most)

    def _told(self, why: str, given: dict[str, str]) -> str:
        locale = self.settings["ui"]["default_locale"]
        if "locale" in given and "locale" not in self.settings["preferences"]["lock"]:
            locale = given["locale"]
        if locale != "de":
            return why
        return ": ".join(_IN_GERMAN.get(part, part) for part in why.split(": "))


def _merge(into: dict[str, Any], given: dict[str, Any]) -> None:
    for name, value in given.items():
        if isinstance(value, dict):
            _merge(into.setdefault(name, {}), cast("dict[str, Any]", value))
        else:
            into[name] = value
