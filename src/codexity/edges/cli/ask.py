"""`codexity ask`: the answer streamed to a terminal, a pipe, or as one JSON object."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial
from typing import Final, Protocol

import typer
from rich.console import Console
from rich.status import Status as Spinner
from rich.style import Style
from rich.text import Text

from codexity.edges.cli.address import for_people, server_note
from codexity.edges.cli.growing import Growing
from codexity.edges.cli.session import session, starter_ready
from codexity.edges.quotations import cited, parted, quotations_of
from codexity.edges.spelling import addresses, answer_object, is_address, untold
from codexity.edges.terminal import json_text, plain
from codexity.engine import Follower
from codexity.events import ClaimChecked, Event, PageRead, Skipped, Sources, Status, Token
from codexity.filters import narrow, understood
from codexity.model import Answer, AnswerStatus, Claim, Question, Quotation, Source

_EXIT_CODES: Final[dict[AnswerStatus, int]] = {"completed": 0, "no_evidence": 3}
_ALSO_READ: Final = "Also read"
_PAGE: Final = re.compile(r"#page=\d+")
_LINK: Final = re.compile(r"https?://[!-~]+")
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
        shown = () if as_json else [*addresses(answer)]
        note = await server_note(shown, installation)
    teller.end(answer)
    if note is not None:
        typer.echo(f"\n{note}", err=True)
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
        typer.echo(json_text(answer_object(answer)))


class _Plain:
    """Text as it comes, for a pipe or a file; what was skipped goes to standard error.

    `opened` makes an address one that can be opened.
    """

    def __init__(self, opened: Callable[[str], str]) -> None:
        self._opened = opened

    def hear(self, event: Event) -> None:
        match event:
            case Token():
                typer.echo(plain(event.text), nl=False)
            case Skipped():
                typer.echo(_skipped(event), err=True)
            case _:
                pass

    def close(self) -> None:
        pass

    def end(self, answer: Answer) -> None:
        if answer.text:
            typer.echo("\n")
        for at, sources in enumerate(parted(answer)):
            if at and sources:
                typer.echo(f"\n{_ALSO_READ}")
            for source in sources:
                head, place = _source(source, self._opened(source.url))
                quotes = (_quote(one) for one in quotations_of(source, answer.claims))
                typer.echo("".join((head, place, *quotes)))
        _tell_problem(answer, self._opened)


class _Terminal:
    """A spinner that says the step, then the answer as it grows.

    What a model writes is Markdown; what is quoted stands as in its source. Only sources are links,
    by their numbers and their addresses. `opened` makes an address one that can be opened.
    """

    def __init__(self, opened: Callable[[str], str]) -> None:
        self._opened = opened
        self._console = Console()
        self._errors = Console(stderr=True)
        self._spinner = Spinner("Starting", console=self._errors)
        self._spinner.start()
        self._links: dict[int, str] = {}
        self._text = ""
        self._claims: list[ClaimChecked] = []
        self._quoted: list[tuple[Quotation, ...]] = []
        self._words = Growing(self._console, as_markdown=False, link=self._cited)

    def hear(self, event: Event) -> None:
        match event:
            case Status(step=step) if step in _STEPS:
                model = f" with {_unmarked(event.model)}" if event.model else ""
                self._spinner.update(f"{_STEPS[step]}{model} …")
                self._words.end()
                as_markdown = event.model is not None
                self._words = Growing(self._console, as_markdown=as_markdown, link=self._cited)
            case PageRead():
                self._note("read", "dim", plain(event.title or event.url))
            case Skipped():
                self._note("skipped", "yellow", _skipped(event))
            case Sources():
                self._links = {
                    one.index: link for one in event.sources if (link := self._link(one.link))
                }
            case Token():
                self._spinner.stop()
                self._text += event.text
                self._words.add(plain(event.text))
            case ClaimChecked():
                self._claims.append(event)
                self._quoted = [*cited(self._text, self._claims)]
            case _:
                pass

    def close(self) -> None:
        self._spinner.stop()
        self._words.end()

    def end(self, answer: Answer) -> None:
        for head, sources in zip(("Sources", _ALSO_READ), parted(answer), strict=True):
            self._sources(head, sources, answer.claims)
        _tell_problem(answer, self._opened)

    def _sources(self, named: str, sources: Sequence[Source], claims: Sequence[Claim]) -> None:
        if sources:
            self._console.print(f"\n[bold]{named}[/]")
        for source in sources:
            head, place = _source(source, self._opened(source.url))
            told = Text.assemble(head, (place, Style(link=self._link(source.link))))
            for one in quotations_of(source, claims):
                leads = one.link != source.link
                told.append(_quote(one), Style(link=self._link(one.link) if leads else None))
            self._console.print(told, soft_wrap=True)

    def _cited(self, place: int, number: int) -> str | None:
        """Where a citation leads: to what its sentence rests on, else to what its source says."""
        own = self._quoted[place] if place < len(self._quoted) else ()
        return self._link(own[0].link) if own else self._links.get(number)

    def _link(self, link: str) -> str | None:
        """A link as it can be opened; what is no address of the web is none."""
        base, mark, fragment = link.partition("#")
        link = self._opened(base) + mark + fragment
        return link if _LINK.fullmatch(link) else None

    def _note(self, kind: str, style: str, said: str) -> None:
        self._errors.print(Text.assemble((kind, style), " ", said))


def _unmarked(text: str) -> str:
    from rich.markup import escape

    return escape(plain(text))


def _skipped(event: Skipped) -> str:
    return plain(f"{event.what}: {event.why} ({event.code})")


def _source(source: Source, url: str) -> tuple[str, str]:
    """A source and its address; of a PDF that opens the page it is on."""
    published = f", {source.published}" if source.published else ""
    title = source.title or url
    page = _PAGE.search(source.link)
    place = url + page.group() if page else url
    head = f"[{source.index}] {title} ({source.site}{published})\n    "
    return plain(head), plain(place)


def _quote(quotation: Quotation) -> str:
    """What a source says, on a line of its own."""
    said = " ".join(plain(quotation.text).split())
    return f"\n    “{said}”" if said else ""


def _tell_problem(answer: Answer, opened: Callable[[str], str]) -> None:
    """Why there is no answer; a page that was near with its address on a line of its own."""
    if answer.error is None:
        return
    typer.echo(plain(answer.error.message), err=True)
    for tried in untold(answer):
        place = f"\n    {opened(tried.said)}" if is_address(tried.said) else f": {tried.said}"
        typer.echo(plain(f"  {tried.what}{place}"), err=True)
