"""Providers that want a key, as people meet them: at the start, in `skipped`, and in the log."""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from servers.keyed import KEY, BraveServer, KeyedServer, MojeekServer, TavilyServer
from servers.local import Asked, LocalServer, Reply
from serving import installed, run

SERVERS: dict[str, type[KeyedServer]] = {
    "brave": BraveServer,
    "tavily": TavilyServer,
    "mojeek": MojeekServer,
}
HTML = "text/html"
PAGE = b"<html><head><title>Quince</title></head><body><main><p>%s</p></main></body></html>" % (
    b"When quince is cooked for an hour it turns red, and its smell fills the whole house. " * 5
)
QUESTION = "What does quince do when it is cooked?"


def test_a_provider_that_is_named_without_its_key_stops_the_start(tmp_path: Path) -> None:
    stopped = run(installed(tmp_path), "serve", "--port", "0", SEARCH__PROVIDERS=["brave"])
    assert stopped.returncode == 2
    assert stopped.stderr == (
        "codexity: CODEXITY_SEARCH__PROVIDERS: names brave, but brave.api_key "
        "(CODEXITY_BRAVE__API_KEY) is not set\n"
    )


def test_they_answer_with_their_keys_and_show_them_to_nobody(tmp_path: Path) -> None:
    folder = installed(tmp_path)
    with ExitStack() as stack:
        site = stack.enter_context(LocalServer(lambda _: Reply(pieces=(PAGE,), media_type=HTML)))
        given: dict[str, Any] = {
            "SEARCH__PROVIDERS": list(SERVERS),
            "SEARCH__STARTER": False,
            "FETCH__ALLOW_HOSTS": [site.url.removeprefix("http://")],
            "LOG__LEVEL": "debug",
        }
        servers: dict[str, KeyedServer] = {}
        for name, serve in SERVERS.items():
            rows = (("Quince", f"{site.url}/{name}", ""),)
            servers[name] = stack.enter_context(serve(lambda _, rows=rows: rows))
            given |= {f"{name.upper()}__API_KEY": KEY, f"{name.upper()}__URL": servers[name].url}
        good = run(folder, "ask", "--json", QUESTION, **given)
        pages = {asked.path for asked in site.asked} - {"/robots.txt"}
        assert pages == {f"/{name}" for name in SERVERS}

        def away(asked: Asked) -> Reply:
            return Reply(status=301, headers=(("Location", f"/?api_key={KEY}&h={asked.headers}"),))

        servers["brave"].answer = servers["mojeek"].answer = away
        given["TAVILY__API_KEY"] = KEY.replace("tvly", "another")
        bad = run(folder, "ask", "--json", QUESTION, **given)
    assert good.returncode == 0
    assert "turns red" in json.loads(good.stdout)["answer"]
    # The pages say the same: one is enough, and the others are told as copies.
    assert {one["code"] for one in json.loads(good.stdout)["skipped"]} == {"duplicate"}
    assert bad.returncode == 3
    assert {one["what"]: one["code"] for one in json.loads(bad.stdout)["skipped"]} == {
        "brave": "bad_reply",
        "mojeek": "bad_reply",
        "tavily": "unauthorized",
    }
    for asked in (good, bad):
        assert f"HTTP Request: GET {servers['mojeek'].url}/search " in asked.stderr
        assert "nobody-may-see" not in asked.stdout + asked.stderr
