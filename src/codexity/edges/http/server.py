"""uvicorn's server with a listener and connections of our own."""

from __future__ import annotations

import asyncio
import socket

import uvicorn

from codexity.edges.http.connections import Bounds, Connections, allow_descriptors
from codexity.edges.http.listener import Listener
from codexity.edges.http.protocol import Protocol


class BoundedServer(uvicorn.Server):
    """A server that bounds its connections; to be run with no sockets of uvicorn's."""

    _listening: socket.socket
    _connections: Connections
    _listener: Listener | None = None

    def bind(self, listening: socket.socket, bounds: Bounds) -> None:
        """Once it runs, it takes the connections of this socket."""
        self._listening = listening
        self._connections = Connections(bounds)
        allow_descriptors(bounds.connections)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Takes connections as soon as the application has started."""
        await super().startup(sockets)
        if self.started:
            self._listener = Listener(self._listening, self._connections, self._protocol)

    async def on_tick(self, counter: int) -> bool:
        """Looks after the connections, ten times a second; says whether the server is to end."""
        if self._listener is not None:
            now = asyncio.get_running_loop().time()
            self._connections.sweep(now)
            self._listener.sweep(now)
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Takes no more connections, and ends those that are open."""
        if self._listener is not None:
            await self._listener.close()
        await super().shutdown(sockets)

    def _protocol(self) -> Protocol:
        state = self.lifespan.state
        return Protocol(self.config, self.server_state, state, connections=self._connections)
