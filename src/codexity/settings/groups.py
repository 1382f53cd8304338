"""The settings group by group, each with its default and what it does."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Annotated, Literal, cast

from pydantic import BeforeValidator, Field, SecretStr

from codexity.errors import Misconfigured
from codexity.model import LIBRARY
from codexity.settings.keyed import NEEDS
from codexity.settings.values import (
    HARMLESS,
    Group,
    HarmlessAs,
    HarmlessFlag,
    HarmlessNumber,
    HarmlessWhole,
    Host,
    Keys,
    Network,
    Origin,
    SentTo,
    Url,
    Whole,
    is_loopback,
    lowered,
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


_Providers = Annotated[
    tuple[str | tuple[str, ...], ...], BeforeValidator(_providers), HarmlessAs(value=(LIBRARY,))
]
_Format = Annotated[Literal["auto", "console", "json"], BeforeValidator(lowered), HARMLESS]


class ServerGroup(Group):
    """The HTTP server: where it listens, and who may use it."""

    host: Host = Field(
        default="127.0.0.1",
        description="Address to listen on. Anything but loopback needs `server.api_keys` or "
        "`server.open = true`.",
    )
    port: HarmlessWhole = Field(
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
    open: Annotated[bool, HarmlessAs(value=False)] = Field(
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
    api_key: Annotated[SecretStr | None, SentTo("base_url")] = Field(
        default=None,
        description="The key of the model server, where it wants one.",
        examples=["the-key-of-the-model-server"],
    )
    discover: Annotated[bool, HarmlessAs(value=False)] = Field(
        default=True,
        description="Without a base URL, looks for Ollama and llama.cpp on their usual ports of "
        "this machine.",
    )
    at_once: Annotated[Whole | None, HARMLESS] = Field(
        default=None,
        ge=1,
        le=1_000,
        description="How many requests the model server is sent at the same time; others wait for "
        "their turn. Not set: as many as a llama.cpp has slots, and any number to other servers.",
        examples=[4],
    )
    temperature: HarmlessNumber = Field(
        default=0.2,
        ge=0,
        le=2,
        description="How freely the model chooses its words: 0 is the most sober.",
    )


class SearchGroup(Group):
    """Where is searched."""

    providers: _Providers = Field(
        default=("duckduckgo", LIBRARY),
        description="The search providers, all asked at once; an entry that is itself a list is "
        f"tried in order until one answers. Known: {', '.join(PROVIDERS)}. Not set: duckduckgo "
        "and library, and searxng when `searxng.url` is set.",
    )
    starter: HarmlessFlag = Field(
        default=True,
        description="Whether the starter collection (Codexity's guides and the Python reference) "
        "may be asked when nothing else finds anything.",
    )
    cache_seconds: HarmlessNumber = Field(
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


class LibraryGroup(Group):
    """Your own documents."""

    max_file_bytes: HarmlessWhole = Field(
        default=20_000_000,
        ge=1_000,
        le=1_000_000_000,
        description="A file that is larger than this is not taken into the library, and is named.",
    )


class LogGroup(Group):
    """What is logged, to standard error. No question, page text or key is logged by default."""

    level: Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(lowered)] = (
        Field(
            default="info",
            description="The least that is logged. `debug` also logs the text of questions.",
        )
    )
    format: _Format = Field(
        default="auto",
        description="One line for people, or one JSON object a line; `auto` takes the first on a "
        "terminal and the second elsewhere.",
    )
