"""What the Dockerfile and compose.yaml say, to be tried outside a container."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, cast

import yaml

HOME = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What the Dockerfile says: its instructions in order, those of each stage in a row."""

    instructions: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, text: str) -> Self:
        """What a Dockerfile of this text says."""
        whole = re.sub(r"\\\n\s*", "", re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE))
        parted = [line.split(maxsplit=1) for line in whole.splitlines() if line.strip()]
        return cls(instructions=tuple((word, rest) for word, rest in parted))

    def last(self, word: str) -> str:
        return [rest for name, rest in self.instructions if name == word][-1]

    def command(self, word: str) -> list[str]:
        """The list of an instruction in exec form."""
        return json.loads(re.sub(r"^.*?\bCMD\s+", "", self.last(word)))

    def run(self, mention: str) -> list[str]:
        """The command of the RUN instruction in exec form that mentions this."""
        [found] = [json.loads(rest) for name, rest in self.instructions
                   if name == "RUN" and rest.startswith("[") and mention in rest]  # fmt: skip
        return found

    def stages(self) -> dict[str, tuple[str, list[tuple[str, str]]]]:
        """For each stage by name (the last has none) what it stands on, and its instructions."""
        found: dict[str, tuple[str, list[tuple[str, str]]]] = {}
        own: list[tuple[str, str]] = []
        for word, rest in self.instructions:
            if word == "FROM":
                base, _, name = rest.partition(" AS ")
                own = []
                found[name] = (base, own)
            else:
                own.append((word, rest))
        return found

    def below(self, browser: str) -> list[tuple[str, str]]:
        """All instructions that the last stage is made of, those of its bases first."""
        stages = self.stages()
        found: list[tuple[str, str]] = []
        name = ""
        while name in stages:
            base, own = stages[name]
            found = [*own, *found]
            name = base.replace("${BROWSER}", browser)
        return found

    def copied(self) -> list[str]:
        """What the build takes from the repository."""
        lists = [rest.split()[:-1] for name, rest in self.instructions
                 if name == "COPY" and "--from" not in rest]  # fmt: skip
        return [name for names in lists for name in names]


def dockerfile() -> str:
    """The text of our own."""
    return (HOME / "Dockerfile").read_text()


def services() -> dict[str, Any]:
    """What compose.yaml says."""
    return cast("dict[str, Any]", yaml.safe_load((HOME / "compose.yaml").read_text()))
