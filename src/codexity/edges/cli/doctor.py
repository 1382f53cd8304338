"""`codexity doctor`: tries every part at once, tells what works, and how to mend the rest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from textwrap import indent
from typing import Final

import anyio
import typer
from anyio.to_thread import run_sync

from codexity.compose.trials import examinations
from codexity.edges.terminal import json_text, plain
from codexity.errors import CodexityError, Misconfigured
from codexity.ports import Examination, Trial, mending, setting
from codexity.settings import Loaded, load
from codexity.settings.precedence import TRUST
from codexity.text import counted

_MISCONFIGURED: Final = 2
_WORDS: Final[dict[bool | None, str]] = {True: "works", False: "BROKEN", None: "not set"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """One part when it was tried: as `Trial` has it, with the seconds that it took."""

    part: str
    ok: bool | None
    seconds: float
    said: str
    mend: str = ""


async def doctor(as_json: bool) -> int:  # noqa: FBT001 - called by the command
    """Tries and tells; returns the exit code: 1 when something configured does not work."""
    started = anyio.current_time()
    try:
        loaded = await run_sync(load)
    except Misconfigured as error:
        wrong = Trial(ok=False, said=error.message, mend="Correct or remove that setting first.")
        tell((_examined("settings", wrong, started),), as_json=as_json)
        return _MISCONFIGURED
    settings = _examined("settings", _settings(loaded), started)
    async with examinations(loaded.settings) as parts:
        examined = (settings, *await examine(parts))
    tell(examined, as_json=as_json)
    return exit_code(examined)


async def examine(parts: Sequence[Examination]) -> tuple[Examined, ...]:
    """Tries them all at once, each within its own time; in their order."""
    found: dict[int, Examined] = {}

    async def one(place: int, part: Examination) -> None:
        started = anyio.current_time()
        trial = Trial(
            ok=False,
            said=f"There was no end to it within {part.seconds:g} seconds.",
            mend="Ask again when this machine is less busy.",
        )
        with anyio.move_on_after(part.seconds):
            try:
                trial = await part.examine()
            except CodexityError as error:
                said = f"{error.message} {error.detail}".strip()
                trial = Trial(ok=False, said=said, mend="Look at what it says, and ask again.")
        found[place] = _examined(part.part, trial, started)

    async with anyio.create_task_group() as tasks:
        for place, part in enumerate(parts):
            tasks.start_soon(one, place, part)
    return tuple(found[place] for place in range(len(parts)))


def exit_code(examined: Iterable[Examined]) -> int:
    """1 when something that is configured does not work, else 0."""
    return int(any(one.ok is False for one in examined))


def tell(examined: Sequence[Examined], *, as_json: bool) -> None:
    """Prints them: a JSON object a line, or lines for people."""
    if as_json:
        for one in examined:
            typer.echo(json_text(asdict(one)))
        return
    widest = max(len(one.part) for one in examined)
    for one in examined:
        head = f"{_WORDS[one.ok]:<8}{one.part:<{widest}}{one.seconds * 1_000:>7.0f} ms  "
        typer.echo(plain(f"{head}{one.said}"))
        if one.mend:
            typer.echo(plain(indent(one.mend, " " * 8)))


def _settings(loaded: Loaded) -> Trial:
    given = [name for name, origin in loaded.origins.items() if origin != "default"]
    try:
        loaded.settings.server.check_binding()
    except Misconfigured as error:
        here = mending(
            "`codexity serve` will not start. Listen on this machine alone, or do as it says:",
            setting("SERVER__HOST", "127.0.0.1"),
        )
        return Trial(ok=False, said=error.message, mend=here)
    kept = loaded.settings.data_dir
    are_set = f"{counted(len(given), 'setting')} {'is' if len(given) == 1 else 'are'} set"
    said = f"{are_set}; everything is kept in {kept}."
    notes = "".join(f" {one[:1].upper()}{one[1:]}." for one in loaded.warnings)
    mend = ""
    if any(TRUST in one for one in loaded.warnings):
        mend = mending("Look at what is ignored, and allow it or take it out:", TRUST.strip("`"))
    return Trial(ok=True, said=said + notes, mend=mend)


def _examined(part: str, trial: Trial, started: float) -> Examined:
    seconds = round(anyio.current_time() - started, 3)
    return Examined(part=part, ok=trial.ok, seconds=seconds, said=trial.said, mend=trial.mend)
