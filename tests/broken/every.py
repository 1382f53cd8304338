"""Every set-up that does not work, by what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from broken import browsing, keeping, keyed, models, searching
from broken.setup import SECRET, Setup
from servers.searxng import Engine

_DAMAGED = "is damaged"
_DENIED = "its engines failed: google"
_PICTURES = Engine(name="pictures", categories=("images",))
SETUPS: Mapping[str, Setup] = {
    "SearXNG: JSON is off": searching.json_is_off,
    "SearXNG: its address is that of a page": searching.another_page,
    "SearXNG: its engines are blocked": partial(
        searching.engines, _DENIED, (Engine(name="google", fails="CAPTCHA"), _PICTURES)
    ),
    "SearXNG: its engines are slow": searching.slow_engines,
    "SearXNG: its engines are broken": partial(
        searching.engines, "parsing error", (Engine(name="google", fails="parsing error"),)
    ),
    "SearXNG: its engines find nothing": partial(
        searching.engines, "found nothing for", (Engine(name="google"),)
    ),
    "SearXNG: it has no general engines": partial(
        searching.engines, "category general is on", (_PICTURES,)
    ),
    "SearXNG: its Wikipedia is off": partial(
        searching.engines,
        "category general is on",
        (Engine(name="wikipedia", find=searching.find, infobox=True, disabled=True),),
    ),
    "SearXNG: its engines cannot be reached": searching.offline,
    "SearXNG: it speaks German only": searching.speaks_german,
    "SearXNG: it redirects to its other address": partial(
        searching.redirects, "{url}/new/search", True
    ),
    "SearXNG: it redirects to where it redirects again": partial(
        searching.redirects, "{url}/further/search", True
    ),
    "SearXNG: it redirects to a page to log in on": partial(
        searching.redirects, "{url}/login", None
    ),
    "SearXNG: it redirects in a circle": partial(searching.redirects, "{url}/old/search", None),
    "SearXNG: its limiter refuses": searching.limited,
    "SearXNG: it wants a password": searching.wants_a_password,
    "SearXNG: it is not there": searching.not_there,
    "SearXNG: it speaks no TLS": searching.without_tls,
    "SearXNG: it is slow": searching.slow,
    "DuckDuckGo: it blocks": searching.blocked,
    **{
        f"{title}: {what}": partial(setup, title.lower())
        for title in ("Brave", "Tavily", "Mojeek")
        for what, setup in (
            ("it wants another key", keyed.wrong_key),
            ("the plan forbids it", keyed.plan_forbids),
            ("it is asked too fast", keyed.too_fast),
            ("its address is wrong", keyed.wrong_address),
            ("it cannot be reached", keyed.not_online),
        )
    },
    "Brave: the plan is used up": partial(keyed.used_up, "brave", "brave"),
    "Brave: it is not paid": partial(keyed.used_up, "brave", "unpaid"),
    "Tavily: the plan is used up": partial(keyed.used_up, "tavily", "tavily"),
    "Mojeek: the plan is used up": partial(keyed.used_up, "mojeek", "mojeek"),
    "model: its server is at another port": models.another_port,
    "model: no server is there": models.no_server,
    "model: its server has another": models.other_model,
    "model: the address lacks /v1": models.without_v1,
    "model: its server speaks no TLS": models.without_tls,
    "model: its server wants a key": partial(models.wants_a_key, ""),
    "model: its server wants another key": partial(models.wants_a_key, SECRET),
    "model: another program is there": models.another_program,
    "model: it is still being loaded": models.still_loading,
    "model: llama.cpp's context is small": models.small_context,
    "model: Ollama's context is small": models.small_ollama,
    "browser: there is no Chromium": browsing.missing,
    "browser: its file is no program": browsing.no_program,
    "browser: its program is no browser": browsing.another_program,
    "store: the data folder is read-only": keeping.read_only,
    "store: the disk is full": keeping.full,
    "store: another process holds it": keeping.held,
    "pages: the file is damaged": partial(keeping.spoiled, "pages", _DAMAGED, keeping.damaged),
    "store: it is damaged": partial(keeping.spoiled, "store", _DAMAGED, keeping.damaged),
    "store: it is torn": partial(keeping.spoiled, "store", _DAMAGED, keeping.torn),
    "store: it is another program's": partial(
        keeping.spoiled, "store", "another program's", keeping.anothers
    ),
    "store: a trigger lets nothing be told": partial(
        keeping.spoiled, "store", "other tables", keeping.triggered
    ),
    "store: a column is somebody else's": partial(
        keeping.spoiled, "store", "other tables", keeping.widened
    ),
    "library: it is damaged": partial(keeping.spoiled, "library", _DAMAGED, keeping.damaged),
    "library: it is of a newer version": keeping.newer,
    "starter: it cannot be built": keeping.no_starter,
}
