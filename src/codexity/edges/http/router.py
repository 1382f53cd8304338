"""FastAPI's router, whose GET routes answer HEAD as well, as monitors ask.

Source: RFC 9110 section 9.3.2. The server leaves the body out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from fastapi import APIRouter

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])


class Router(APIRouter):
    """A router of routes; HEAD is not described beside GET."""

    def get(  # pyright: ignore[reportIncompatibleMethodOverride] - only what we use of it
        self, path: str, **options: Any
    ) -> Callable[[Endpoint], Endpoint]:
        """Routes GET and HEAD of a path to what is decorated."""
        head, get = self.head(path, include_in_schema=False), super().get(path, **options)
        return lambda endpoint: get(head(endpoint))
