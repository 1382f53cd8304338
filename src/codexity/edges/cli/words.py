"""Commands whose arguments are words that a person writes without quotation marks."""

from __future__ import annotations

from typing import Any

from typer import TyperException
from typer.core import TyperCommand

_UNKNOWN = "NoSuchOption"
"""The class of the error; typer has it in a private module."""


class Words(TyperCommand):
    """A command that says what to do where one of the words looks like an option."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parses the command line, as the parent does."""
        try:
            return super().parse_args(ctx, args)
        except TyperException as error:
            if type(error).__name__ == _UNKNOWN:
                error.message = (
                    f"{error.message.rstrip('.')}. If it is a word of yours, put -- before the "
                    f"words: {ctx.command_path} -- ..."
                )
            raise
