"""Prompt injection: text of others goes to a model as text, never as marks of a conversation."""

from codexity.prompt_injection.commands import commands, without_commands
from codexity.prompt_injection.delimiters import Delimiters
from codexity.prompt_injection.echoes import EchoFilter, restored
from codexity.prompt_injection.headers import neutral, neutral_line
from codexity.prompt_injection.invisible import visible

__all__ = [
    "Delimiters",
    "EchoFilter",
    "commands",
    "neutral",
    "neutral_line",
    "restored",
    "visible",
    "without_commands",
]
