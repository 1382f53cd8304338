"""`codexity doctor`: what is broken is named, and its mend, taken as it is told, mends it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import anyio
import httpx2
import pytest
from anyio.to_thread import run_sync

from asking import library
from broken.every import SETUPS
from broken.searching import find
from broken.setup import SECRET, Broken
from codexity.adapters.search.mends import mender
from codexity.adapters.search.searxng import Searxng
from codexity.adapters.search.searxng_mends import Asked
from codexity.adapters.search.trial import tried
from codexity.compose.trials import examinations
from codexity.edges.cli.doctor import (
    Examined,
    _settings,  # pyright: ignore[reportPrivateUsage] - its words
    examine,
    exit_code,
)
from codexity.errors import ProviderError, ProviderRefused, ProviderUnavailable
from codexity.model import Hit
from codexity.ports import Examination, Trial
from codexity.settings import load
from servers.openai import OpenAIServer
from servers.searxng import Engine, SearxngServer
from serving import installed, run
from trusting import trusted
from world import Provider

LEFT_OUT = "CODEXITY_SEARCH__PROVIDERS='[\"library\"]'"
KEYS = {"part", "ok", "seconds", "said", "mend"}
ALWAYS = {"SEARCH__STARTER": "false", "LLM__DISCOVER": "false", "DATA_DIR": "data"}


async def examined(folder: Path, broken: Broken) -> dict[str, Examined]:
    """What the settings of this folder's `.env` come to, by part."""
    environ = {"HOME": str(folder)}
    await run_sync(trusted, folder, environ)
    settings = (await run_sync(lambda: load(environ=environ, cwd=folder))).settings
    with anyio.fail_after(60):
        async with examinations(settings, candidates=broken.candidates) as parts:
            return {one.part: one for one in await examine(parts)}


def write(folder: Path, broken: Broken) -> None:
    given = {**ALWAYS, **broken.settings}
    if broken.part != "browser":
        # It takes seconds to start.
        given["BROWSER__ENABLED"] = "off"
    lines = [f"CODEXITY_{name}={value}" for name, value in given.items()]
    (folder / ".env").write_text("\n".join(lines) + "\n")


def take(folder: Path, mend: str, broken: Broken) -> None:
    """Does what a mend says: the settings that it has, and the rest by hand."""
    lines = [line.strip() for line in mend.splitlines() if line.startswith("    CODEXITY_")]
    with (folder / ".env").open("a") as dotenv:
        dotenv.write("\n".join(lines) + "\n")
    broken.by_hand(mend)


@pytest.mark.parametrize("name", SETUPS)
async def test_what_is_broken_is_named_and_its_mend_mends_it(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with SETUPS[name](tmp_path, monkeypatch) as broken:
        await run_sync(write, tmp_path, broken)
        with broken.while_broken:
            before = await examined(tmp_path, broken)
        fault = before[broken.part]
        wrong = {part for part, one in before.items() if one.ok is False}
        assert wrong == {broken.part, *broken.also}, before
        assert re.search(broken.says, f"{fault.said}\n{fault.mend}"), fault
        assert fault.mend
        assert exit_code(before.values()) == 1
        assert SECRET not in repr(before)

        await run_sync(take, tmp_path, fault.mend, broken)
        after = await examined(tmp_path, broken)
        assert exit_code(after.values()) == 0, (fault, after)
        assert (after[broken.part].ok if broken.part in after else None) is broken.mended
        assert SECRET not in repr(after)


async def test_engines_that_have_all_the_time_are_not_given_more() -> None:
    async with httpx2.AsyncClient(trust_env=False) as client:
        asked = Asked(url="http://127.0.0.1:1", client=client, without=LEFT_OUT)
        slow = ProviderUnavailable("SearXNG found nothing.", code="timeout")
        for seconds, more in ((6.0, True), (11.0, True), (12.0, False), (60.0, False)):
            mend = await mender("searxng", replace(asked, seconds=seconds))(slow)
            assert ("request_timeout: 9.0" in mend) is more
            assert ("CODEXITY_LIMITS__SEARCH_SECONDS=12" in mend) is more
            assert ("name: mojeek" in mend) is not more


async def test_engines_that_fail_beside_others_are_told_and_are_no_fault() -> None:
    works = Engine(name="mojeek", find=find)
    failing = [Engine(name=name, fails="CAPTCHA") for name in ("brave", "google")]
    async with httpx2.AsyncClient(trust_env=False) as client:
        for engines, but in (
            ([works, *failing], ", but 2 of its engines failed: brave (CAPTCHA), google (CAPTCHA)"),
            ([works], ""),
        ):
            with SearxngServer(engines=engines) as server:
                told = await tried(
                    Searxng(server.url, client), nothing_known, without="", search_seconds=6
                )
            assert told == Trial(ok=True, said=f"1 hit for 'Wikipedia'{but}.")


async def nothing_known(_error: ProviderError) -> str:
    return ""


def test_at_least_twelve_set_ups_are_mended() -> None:
    assert len(SETUPS) >= 12


def objects(printed: str) -> dict[str, dict[str, Any]]:
    told = [json.loads(line) for line in printed.splitlines()]
    assert all(one.keys() == KEYS for one in told)
    assert len({one["part"] for one in told}) == len(told)
    return {one["part"]: one for one in told}


def test_a_command_tells_programs_and_people(tmp_path: Path) -> None:
    with OpenAIServer() as model, SearxngServer(find, formats=("html",)) as searxng:
        given: dict[str, Any] = {
            "LLM__BASE_URL": model.base_url,
            "LLM__MODEL": model.model,
            "LLM__API_KEY": model.key,
            "SEARCH__PROVIDERS": ["searxng", "library"],
            "SEARCH__STARTER": False,
            "SEARXNG__URL": searxng.url,
        }
        broken = run(installed(tmp_path), "doctor", **given)
        assert (broken.returncode, broken.stderr) == (1, "")
        assert re.search(r"^works +model +\d+ ms  words-1 at http", broken.stdout, re.MULTILINE)
        assert re.search(r"^BROKEN +searxng +\d+ ms  .*403", broken.stdout, re.MULTILINE)
        assert "            search:\n              formats:\n" in broken.stdout
        assert re.search(r"^not set +starter ", broken.stdout, re.MULTILINE)

        searxng.formats = ("html", "json")
        whole = run(tmp_path, "doctor", "--json", **given)
        assert (whole.returncode, whole.stderr) == (0, "")
        told = objects(whole.stdout)
        assert {part: one["ok"] for part, one in told.items()} == {
            "settings": True,
            "model": True,
            "network": True,
            "browser": True,
            "searxng": True,
            "store": True,
            "pages": True,
            "library": True,
            "meaning": None,
            "starter": None,
        }
        assert all(one["mend"] == "" and 0 <= one["seconds"] < 30 for one in told.values())
        assert model.key not in broken.stdout + whole.stdout


def test_a_wrong_setting_is_told_and_is_no_setting_of_a_part(tmp_path: Path) -> None:
    wrong = run(installed(tmp_path), "doctor", "--json", SEARCH__PROVIDRS="[]")
    assert (wrong.returncode, wrong.stderr) == (2, "")
    told = objects(wrong.stdout)
    assert told.keys() == {"settings"}
    assert told["settings"]["ok"] is False
    assert "CODEXITY_SEARCH__PROVIDERS" in told["settings"]["said"]
    assert not (tmp_path / "data").exists()


def test_an_address_that_may_not_be_served_is_told(tmp_path: Path) -> None:
    shelf: dict[str, Any] = {
        name.removeprefix("CODEXITY_"): value for name, value in library(tmp_path).items()
    }
    told = objects(run(tmp_path, "doctor", "--json", SERVER__HOST="0.0.0.0", **shelf).stdout)
    assert told["settings"]["ok"] is False
    assert "server.api_keys" in told["settings"]["said"]
    assert "    CODEXITY_SERVER__HOST=127.0.0.1" in told["settings"]["mend"]
    assert told["library"]["said"] == "2 documents in 1 collection (documents)."


async def test_a_provider_that_has_no_mends_of_its_own_is_tried_like_any_other() -> None:
    asked = Asked(url="", client=httpx2.AsyncClient(), without=LEFT_OUT)
    mend = mender("another", asked)
    refused = ProviderRefused("Another's quota is used up.", code="quota")
    slow = ProviderUnavailable("Another did not answer in time.", code="timeout")
    hit = Hit(title="Wikipedia", url="https://www.wikipedia.org/", snippet="")
    for provider, ok, said, line in (
        (Provider("another", error=refused), False, "quota is used up", LEFT_OUT),
        (Provider("another", error=slow), False, "in time", "CODEXITY_LIMITS__SEARCH_SECONDS=10"),
        (Provider("another"), False, "found nothing", LEFT_OUT),
        (Provider("another", hits=(hit,)), True, "1 hit for", ""),
    ):
        trial = await tried(provider, mend, without=LEFT_OUT, search_seconds=6)
        assert trial.ok is ok
        assert said in trial.said
        assert trial.mend.endswith(line)
    await asked.client.aclose()


async def test_all_are_tried_at_once_and_each_has_its_time() -> None:
    first, second = anyio.Event(), anyio.Event()

    async def meets(mine: anyio.Event, others: anyio.Event) -> Trial:
        mine.set()
        await others.wait()
        return Trial(ok=True, said="met")

    async def never() -> Trial:
        await anyio.sleep_forever()
        raise AssertionError

    parts = (
        Examination(part="first", seconds=10, examine=lambda: meets(first, second)),
        Examination(part="hangs", seconds=0.05, examine=never),
        Examination(part="second", seconds=10, examine=lambda: meets(second, first)),
    )
    with anyio.fail_after(10):
        told = await examine(parts)
    assert [(one.part, one.ok) for one in told] == [
        ("first", True),
        ("hangs", False),
        ("second", True),
    ]
    assert "0.05 seconds" in told[1].said
    assert told[1].mend
    assert exit_code(told) == 1
    assert exit_code((told[0], told[2])) == 0


def test_the_settings_are_told_in_whole_sentences_with_what_allows_them(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("CODEXITY_SERVER__OPEN=true\n")
    environ = {"HOME": str(tmp_path), "CODEXITY_DATA_DIR": str(tmp_path / "data")}
    given = _settings(load(environ=environ, cwd=tmp_path))
    head, _, rest = given.said.partition(". ")
    assert head == f"1 setting is set; everything is kept in {tmp_path / 'data'}"
    assert rest.startswith("Ignored from .env of the working directory, because this folder is not")
    assert "    codexity trust" in given.mend.splitlines()
    trusted(tmp_path, environ)
    given = _settings(load(environ=environ, cwd=tmp_path))
    assert given.said.startswith("2 settings are set; ")
    assert given.mend == "", "the control"
