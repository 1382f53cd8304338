"""`codexity ask`: the answer streamed to a terminal, a pipe, or as one JSON object."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial
from typing import Final, Protocol

import typer
from rich.console import Console
from rich.status import Status as Spinner

from codexity.edges.cli.address import for_people
from codexity.edges.cli.growing import Growing
from codexity.edges.cli.session import session, starter_ready
from codexity.edges.spelling import answer_object
from codexity.engine import Follower
from codexity.events import Event, PageRead, Skipped, Status, Token
from codexity.filters import narrow, understood
from codexity.model import Answer, AnswerStatus, Question, Source

_EXIT_CODES: Final[dict[AnswerStatus, int]] = {"completed": 0, "no_evidence": 3}
_STEERING: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_PAGE: Final = re.compile(r"#page=\d+")
_STEPS: Final = {
    "rewriting_query": "Thinking of queries",
    "searching": "Searching",
    "scraping": "Reading pages",
    "processing": "Choosing what answers",
    "generating": "Writing",
}


class Teller(Protocol):
    """Shows a run to a person while it works."""

    def hear(self, event: Event) -> None:
        """Shows one event."""
        ...

    def close(self) -> None:
        """Leaves the terminal as it was, however the run ended."""
        ...

    def end(self, answer: Answer) -> None:
        """Shows what is left to be told when the run is over."""
        ...


async def ask(question: Question, as_json: bool) -> int:  # noqa: FBT001 - called by the command
    """Answers, and returns the exit code."""
    async with session() as installation:
        await installation.index.check(question.filters.collection)
        if not narrow(understood(question).filters):
            await starter_ready(installation)
        run = installation.engine.start(question)
        async with installation.engine.follow(run, principal=question.principal) as follower:
            teller = _Json() if as_json else _teller(partial(for_people, installation=installation))
            with closing(teller):
                await _follow(follower, teller)
        answer = await installation.engine.snapshot(run, principal=question.principal)
    teller.end(answer)
    return _EXIT_CODES.get(answer.status, 1)


async def _follow(follower: Follower, teller: Teller) -> None:
    while entries := await follower.read():
        for entry in entries:
            teller.hear(entry.event)


def _teller(opened: Callable[[str], str]) -> Teller:
    both = sys.stdout.isatty() and sys.stderr.isatty()
    return _Terminal(opened) if both else _Plain(opened)


class _Json:
    def hear(self, event: Event) -> None:
        pass

    def close(self) -> None:
        pass

    def end(self, answer: Answer) -> None:
        typer.echo(json.dumps(answer_object(answer), ensure_ascii=False))


class _Plain:
    """Text as it comes, for a pipe or a file; what was skipped goes to standard error.

    `opened` makes an address one that can be opened.
    """

    def __init__(self, opened: Callable[[str], str]) -> None:
        self._opened = opened

    def hear(self, event: Event) -> None:
        match event:
            case Token():
                typer.echo(_visible(event.text), nl=False)
            case Skipped():
                typer.echo(_skipped(event), err=True)
            case _:
                pass

    def close(self) -> None:
        pass

    def end(self, answer: Answer) -> None:
        if answer.text:
            typer.echo("\n")
        for source in answer.sources:
            typer.echo(_source(source, self._opened(source.url)))
        _tell_problem(answer)


class _Terminal:
    """A spinner that says the step, then the answer as it grows.

    What a model writes is Markdown; what is quoted stands as in its source. `opened` makes an
    address one that can be opened.
    """

    def __init__(self, opened: Callable[[str], str]) -> None:
        self._opened = opened
        self._console = Console()
        self._errors = Console(stderr=True)
        self._spinner = Spinner("Starting", console=self._errors)
        self._spinner.start()
        self._words = Growing(self._console, as_markdown=False)

    def hear(self, event: Event) -> None:
        match event:
            case Status(step=step) if step in _STEPS:
                model = f" with {event.model}" if event.model else ""
                self._spinner.update(f"{_STEPS[step]}{model} …")
                self._words.end()
                self._words = Growing(self._console, as_markdown=event.model is not None)
            case PageRead():
                self._errors.print(f"[dim]read[/] {_plain(event.title or event.url)}")
            case Skipped():
                self._errors.print(f"[yellow]skipped[/] {_plain(_skipped(event))}")
            case Token():
                self._spinner.stop()
                self._words.add(_visible(event.text))
            case _:
                pass

    def close(self) -> None:
        self._spinner.stop()
        self._words.end()

    def end(self, answer: Answer) -> None:
        self._sources(answer.sources)
        _tell_problem(answer)

    def _sources(self, sources: Sequence[Source]) -> None:
        if sources:
            self._console.print("\n[bold]Sources[/]")
        for source in sources:
            self._console.print(_plain(_source(source, self._opened(source.url))), soft_wrap=True)


def _visible(text: str) -> str:
    """Without what steers a terminal: models, search engines and pages may say anything."""
    return _STEERING.sub("", text)


def _plain(text: str) -> str:
    from rich.markup import escape

    return escape(_visible(text))


def _skipped(event: Skipped) -> str:
    return _visible(f"{event.what}: {event.why} ({event.code})")


def _source(source: Source, url: str) -> str:
    """A source with what it says; of a PDF the address opens the page on which it does."""
    published = f", {source.published}" if source.published else ""
    title = source.title or url
    page = _PAGE.search(source.link)
    place = url + page.group() if page else url
    quote = f"\n    “{source.quote}”" if source.quote else ""
    return _visible(f"[{source.index}] {title} ({source.site}{published})\n    {place}{quote}")


def _tell_problem(answer: Answer) -> None:
    if answer.error is None:
        return
    typer.echo(_visible(answer.error.message), err=True)
    for tried in answer.error.tried:
        typer.echo(_visible(f"  {tried.what}: {tried.said}"), err=True)
