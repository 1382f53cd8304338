"""The settings group by group, each with its default and what it does."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal, cast

from pydantic import BeforeValidator, Field, SecretStr

from codexity.errors import Misconfigured
from codexity.model import LIBRARY
from codexity.settings.keyed import NEEDS
from codexity.settings.values import (
    Group,
    Host,
    HostAndPort,
    Keys,
    Network,
    Number,
    Origin,
    Url,
    Whole,
    is_loopback,
)

PROVIDERS = ("duckduckgo", *NEEDS, LIBRARY)
"""The search providers that may be named."""


def _providers(value: object) -> object:
    if not isinstance(value, list | tuple):
        raise ValueError('must be a list, such as ["duckduckgo", "library"]')  # noqa: TRY004 -- pydantic's way
    entries: list[object] = []
    names: list[object] = []
    for entry in cast("list[object]", value):
        if isinstance(entry, list | tuple):
            inner = tuple(cast("list[object]", entry))
            entries.append(inner)
            names.extend(inner)
        else:
            entries.append(entry)
            names.append(entry)
    for name in names:
        if not isinstance(name, str):
            raise ValueError("each entry must be a provider's name or a list of such names")  # noqa: TRY004 -- pydantic's way
        if name not in PROVIDERS:
            nearest = get_close_matches(name.lower(), PROVIDERS, n=1, cutoff=0)[0]
            known = ", ".join(PROVIDERS)
            raise ValueError(
                f"unknown provider {name[:40]!r}; did you mean {nearest!r}? (known: {known})"
            )
    if len(set(names)) != len(names) or () in entries:
        raise ValueError("each provider may be named once, and no list in the list may be empty")
    return tuple(entries)


def _small(value: object) -> object:
    return value.strip().lower() if isinstance(value, str) else value


class ServerGroup(Group):
    """The HTTP server: where it listens, and who may use it."""

    host: Host = Field(
        default="127.0.0.1",
        description="Address to listen on. Anything but loopback needs `server.api_keys` or "
        "`server.open = true`.",
    )
    port: Whole = Field(
        default=8000, ge=0, le=65_535, description="Port to listen on; 0 takes any free one."
    )
    allowed_hosts: tuple[Host, ...] = Field(
        default=(),
        description="Further names under which browsers may reach the server, for instance behind "
        "a proxy. Loopback names, the bound address and IP addresses are always allowed, and any "
        "name once there are API keys.",
        examples=[["search.example.org"]],
    )
    trusted_proxies: tuple[Network, ...] = Field(
        default=(),
        description="Addresses or networks of proxies whose `X-Forwarded-For` is believed, so that "
        "each of their clients counts for itself.",
        examples=[["127.0.0.1", "10.0.0.0/8"]],
    )
    open: bool = Field(
        default=False,
        description="Lets anybody who can reach the address use the server without an API key.",
    )
    cors_origins: tuple[Origin, ...] = Field(
        default=(),
        description="Web pages of these origins may use the server from a browser. Pages on this "
        "machine (any port of localhost, 127.0.0.1 and [::1]) always may.",
        examples=[["https://search.example.org"]],
    )
    api_keys: Keys = Field(
        default_factory=dict[str, SecretStr],
        description="Who may use the server: a name for each key, and the key itself, of at least "
        "16 characters. Everything asked with a key belongs to its name. Empty: no key is needed.",
        examples=[{"alice": "a-long-random-key-of-hers"}],
    )

    def check_binding(self) -> None:
        """Holds the rule that only loopback may be served to anybody without being told so.

        Raises:
            Misconfigured: the host is not loopback, there are no keys, and `open` is not set.
        """
        if not (is_loopback(self.host) or self.api_keys or self.open):
            raise Misconfigured(
                f"server.host: {self.host} can be reached from other machines; set API keys "
                "(server.api_keys, CODEXITY_SERVER__API_KEYS), or say that anybody may use it "
                "(server.open = true, CODEXITY_SERVER__OPEN=true)"
            )


class LLMGroup(Group):
    """The language model that writes answers. Without one, answers are made of quotations."""

    base_url: Url | None = Field(
        default=None,
        description="Address of a server that speaks OpenAI's protocol: Ollama, llama.cpp, vLLM, "
        "LM Studio, or a hosted one.",
        examples=["http://127.0.0.1:11434/v1"],
    )
    model: str | None = Field(
        default=None,
        min_length=1,
        max_length=200,
        description="Which of the server's models to use. Not set: its first one that is not for "
        "embeddings.",
        examples=["llama3.2"],
    )
    api_key: SecretStr | None = Field(
        default=None,
        description="The key of the model server, where it wants one.",
        examples=["the-key-of-the-model-server"],
    )
    discover: bool = Field(
        default=True,
        description="Without a base URL, looks for Ollama and llama.cpp on their usual ports of "
        "this machine.",
    )
    temperature: Number = Field(
        default=0.2,
        ge=0,
        le=2,
        description="How freely the model chooses its words: 0 is the most sober.",
    )


class SearchGroup(Group):
    """Where is searched."""

    providers: Annotated[tuple[str | tuple[str, ...], ...], BeforeValidator(_providers)] = Field(
        default=("duckduckgo", LIBRARY),
        description="The search providers, all asked at once; an entry that is itself a list is "
        f"tried in order until one answers. Known: {', '.join(PROVIDERS)}. Not set: duckduckgo "
        "and library, and searxng when `searxng.url` is set.",
    )
    starter: bool = Field(
        default=True,
        description="Whether the starter collection (Codexity's guides and the Python reference) "
        "may be asked when nothing else finds anything.",
    )
    cache_seconds: Number = Field(
        default=300,
        ge=0,
        le=86_400,
        description="How long the hits of a search are kept in memory, for when the same is "
        "searched again. 0 keeps none. Your own documents are always searched anew.",
    )

    def alternatives(self) -> tuple[tuple[str, ...], ...]:
        """The providers: members are asked at once, the names in a member one after the other."""
        return tuple((one,) if isinstance(one, str) else one for one in self.providers)

    def without(self, provider: str) -> list[str | list[str]]:
        """The same setting without this provider; the library alone where nothing else is left."""
        left = [[one for one in group if one != provider] for group in self.alternatives()]
        kept = [group[0] if len(group) == 1 else group for group in left if group]
        return kept or [LIBRARY]


class SearxngGroup(Group):
    """A SearXNG of your own."""

    url: Url | None = Field(
        default=None,
        description="Address of a SearXNG whose settings list `json` under `search.formats`.",
        examples=["http://127.0.0.1:8080"],
    )


class FetchGroup(Group):
    """How pages are fetched."""

    allow_hosts: tuple[HostAndPort, ...] = Field(
        default=(),
        description="Hosts, or host:port pairs, that may be read although their address is not "
        "public, such as a wiki on your own network.",
        examples=[["wiki.internal", "127.0.0.1:8080"]],
    )
    max_bytes: Whole = Field(
        default=5_000_000,
        ge=10_000,
        le=100_000_000,
        description="A page that is larger than this after decompression is skipped.",
    )
    robots: bool = Field(
        default=True,
        description="Whether pages that a site's robots.txt asks not to read are left out "
        "(RFC 9309). It is asked for once a day.",
    )
    cache: bool = Field(
        default=True,
        description="Whether pages are kept on disk and used again where their sites allow it "
        "(RFC 9111). What a site calls private, or wants stored by nobody, is not kept.",
    )
    cache_bytes: Whole = Field(
        default=200_000_000,
        ge=1_000_000,
        le=100_000_000_000,
        description="How much of pages is kept; those not used for longest go first.",
    )
    cache_days: Number = Field(
        default=7,
        gt=0,
        le=365,
        description="A page that was neither fetched nor found unchanged for so many days is not"
        " used any more, and goes in time.",
    )
    contact: str | None = Field(
        default=None,
        max_length=200,
        pattern=r"^[!-'*-~]+( [!-'*-~]+)*$",
        description="An address or URL to tell the sites that are read, as part of the "
        "User-Agent, so that they can reach you.",
        examples=["https://example.org/contact"],
    )


class BrowserGroup(Group):
    """The browser that shows pages which hold no text without JavaScript (extra `browser`)."""

    enabled: Annotated[Literal["auto", "off"], BeforeValidator(_small)] = Field(
        default="auto",
        description="`auto` uses the system's Chromium where it is there, and Playwright is "
        "installed (`codexity[browser]`); `off` uses none.",
    )
    executable: Path | None = Field(
        default=None,
        description="The browser's program. Not set: chromium-headless-shell, chromium or Chrome, "
        "on the path or at their usual places.",
        examples=["/usr/bin/chromium"],
    )
    pages_at_once: Whole = Field(
        default=4, ge=1, le=32, description="How many pages it shows at the same time."
    )
    memory_bytes: Whole = Field(
        default=1_200_000_000,
        ge=300_000_000,
        le=64_000_000_000,
        description="The browser is ended, and started anew for the next page, when its processes "
        "together hold more memory than this.",
    )


class LibraryGroup(Group):
    """Your own documents."""

    max_file_bytes: Whole = Field(
        default=20_000_000,
        ge=1_000,
        le=1_000_000_000,
        description="A file that is larger than this is not taken into the library, and is named.",
    )


class LogGroup(Group):
    """What is logged, to standard error. No question, page text or key is logged by default."""

    level: Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(_small)] = Field(
        default="info",
        description="The least that is logged. `debug` also logs the text of questions.",
    )
    format: Annotated[Literal["auto", "console", "json"], BeforeValidator(_small)] = Field(
        default="auto",
        description="One line for people, or one JSON object a line; `auto` takes the first on a "
        "terminal and the second elsewhere.",
    )
