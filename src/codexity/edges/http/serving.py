"""What a request is answered with: the installation, the open streams, who asks."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request

from codexity.compose import Installation
from codexity.edges.http.clients import Network, client_of
from codexity.edges.http.streams import Streams
from codexity.engine import Engine


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """A server that is open."""

    installation: Installation
    streams: Streams
    proxies: tuple[Network, ...]

    @property
    def engine(self) -> Engine:
        """The engine of the installation."""
        return self.installation.engine


def serving(request: Request) -> Serving:
    """The server that this request came to."""
    return request.app.state.serving


def principal(request: Request) -> str:
    """Who asks."""
    return request.scope["codexity.principal"]


def client(request: Request) -> str:
    """Whom its streams count for."""
    return client_of(request.scope, serving(request).proxies)
