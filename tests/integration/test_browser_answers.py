"""Pages that need JavaScript are read and cited, from the command line on."""

from __future__ import annotations

import json
from pathlib import Path

from servers.local import LocalServer
from servers.searxng import SearxngServer
from servers.shell import WORDS, shell
from serving import installed, run


def test_a_page_that_needs_javascript_is_read_where_the_browser_is_not_off(tmp_path: Path) -> None:
    with LocalServer(shell) as site:
        done = run(
            installed(tmp_path), "read", "--json", f"{site.url}/",
            FETCH__ALLOW_HOSTS=[site.url.removeprefix("http://")],
            LIMITS__READ_SECONDS=30,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert '"via": "browser"' in done.stdout
        assert WORDS.strip() in done.stdout
        off = run(
            tmp_path, "read", "--json", f"{site.url}/",
            FETCH__ALLOW_HOSTS=[site.url.removeprefix("http://")],
            LIMITS__READ_SECONDS=30,
            BROWSER__ENABLED="off",
        )  # fmt: skip
        assert off.returncode == 1
        assert '"needs_javascript"' in off.stdout


def test_a_question_is_answered_from_a_page_that_needs_javascript(tmp_path: Path) -> None:
    with (
        LocalServer(shell) as site,
        SearxngServer(lambda _: (("Kestrels", f"{site.url}/", "How they hover"),)) as searxng,
    ):
        done = run(
            installed(tmp_path), "ask", "--json", "How does a kestrel hover in one place?",
            FETCH__ALLOW_HOSTS=[site.url.removeprefix("http://")],
            LIMITS__READ_SECONDS=30,
            SEARXNG__URL=searxng.url,
            SEARCH__PROVIDERS=["searxng"],
            SEARCH__STARTER=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["status"] == "completed"
    assert [source["url"] for source in told["sources"]] == [f"{site.url}/"]
    assert "flying into the wind" in told["answer"]
