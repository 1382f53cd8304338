"""Every setting, and the only reader of the environment and of configuration files."""

from codexity.settings.connections import ConnectionsGroup
from codexity.settings.groups import (
    PROVIDERS,
    LibraryGroup,
    LLMGroup,
    LogGroup,
    SearchGroup,
    SearxngGroup,
    ServerGroup,
)
from codexity.settings.keyed import KeyedGroup
from codexity.settings.limits import LimitsGroup
from codexity.settings.load import Loaded, Row, load
from codexity.settings.reading import FetchGroup
from codexity.settings.streaming import RunsGroup, StreamGroup
from codexity.settings.tree import Settings

__all__ = [
    "PROVIDERS",
    "ConnectionsGroup",
    "FetchGroup",
    "KeyedGroup",
    "LLMGroup",
    "LibraryGroup",
    "LimitsGroup",
    "Loaded",
    "LogGroup",
    "Row",
    "RunsGroup",
    "SearchGroup",
    "SearxngGroup",
    "ServerGroup",
    "Settings",
    "StreamGroup",
    "load",
]
