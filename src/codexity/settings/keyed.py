"""The settings of search services that want a key."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from codexity.settings.values import Group, HarmlessNumber, Key, SentTo, Url

NEEDS = {
    "searxng": "searxng.url",
    "brave": "brave.api_key",
    "tavily": "tavily.api_key",
    "mojeek": "mojeek.api_key",
}
"""The providers that cannot be asked without a setting, and which."""


def _url(default: str) -> Any:
    told = "Where it is reached, for instance through a gateway of yours."
    return Field(default=default, description=told)


class KeyedGroup(Group):
    """A search service that wants a key."""

    api_key: Annotated[Key | None, SentTo("url")] = Field(
        default=None,
        description="The key of your account there. `search.providers` must name it too.",
        examples=["the-key-of-your-account"],
    )
    url: Url
    pace_seconds: HarmlessNumber = Field(
        default=0,
        ge=0,
        le=60,
        description="The time between the beginnings of two searches there: 1 where your plan "
        "allows one a second.",
    )


class BraveGroup(KeyedGroup):
    """Brave's Search API; keys are at https://api-dashboard.search.brave.com."""

    url: Url = _url("https://api.search.brave.com")


class TavilyGroup(KeyedGroup):
    """Tavily's search for programs; keys are at https://app.tavily.com."""

    url: Url = _url("https://api.tavily.com")


class MojeekGroup(KeyedGroup):
    """Mojeek's Search API; keys are at https://www.mojeek.com/services/search/web-search-api."""

    url: Url = _url("https://api.mojeek.com")
