"""Text that grows on a terminal: what is complete stays, the rest is drawn anew as it grows."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.live import Live
from rich.markdown import Markdown
from rich.segment import Segment
from rich.style import Style
from rich.text import Text

Link = Callable[[int, int], str | None]

_CITATION: Final = re.compile(r"(\[\d{1,3}\])")


class Growing:
    """The words of an answer while they come: Markdown, or as they stand.

    Only the last block is drawn anew with each word: what has left a terminal at its top can no
    longer be taken back. Of one that is taller than the window its end is shown meanwhile.
    `[n]` is a link where `link` has one for it, which is asked with its place among all citations,
    from 0, and its number; nothing else is: a link of a model's own is shown with the address that
    it leads to.
    """

    def __init__(self, console: Console, *, as_markdown: bool, link: Link) -> None:
        self._console = console
        self._link = link
        self._cited = 0
        self._as_markdown = as_markdown
        self._live = Live(console=console, transient=True, auto_refresh=False)
        self._rest = ""

    def add(self, text: str) -> None:
        """Shows some more words."""
        self._live.start()
        self._rest += text
        if count := self._complete():
            lines = self._rest.split("\n")
            self._live.update(Text())
            self._leave("\n".join(lines[:count]))
            if self._as_markdown:
                self._console.print()
            self._rest = "\n".join(lines[count:])
        self._live.update(_End(self._rendered(self._rest)), refresh=True)

    def end(self) -> None:
        """Leaves all of the words on the terminal."""
        self._live.stop()
        if self._rest:
            self._leave(self._rest)
        self._rest = ""

    def _leave(self, text: str) -> None:
        self._console.print(self._rendered(text))
        self._cited += len(_CITATION.findall(text))

    def _rendered(self, text: str) -> RenderableType:
        words = _markdown(text) if self._as_markdown else Text(text)
        return _Cited(words, self._cited, self._link)

    def _complete(self) -> int:
        """How many lines nothing that is yet to come can change."""
        if not self._as_markdown:
            return self._rest.count("\n")
        blocks = [one.map[0] for one in Markdown(self._rest).parsed if not one.level and one.map]
        return blocks[-1] if blocks else 0


def _markdown(text: str) -> Markdown:
    """Markdown in which links and images are words, with the addresses that they lead to."""
    markdown = Markdown(text, hyperlinks=False)
    for block in markdown.parsed:
        for token in block.children or ():
            # For what rich puts in its place no room is left on the line: words were cut off.
            if token.type == "image":
                token.type, token.content = "text", f"{token.content} ({token.attrs.get('src')})"
    return markdown


class _Cited:
    """Words in which the number of a source leads to it; so many citations are before them."""

    def __init__(self, words: RenderableType, before: int, link: Link) -> None:
        self._words = words
        self._before = before
        self._link = link

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        place = self._before
        for segment in console.render(self._words, options):
            if segment.control or "[" not in segment.text:
                yield segment
                continue
            for part in _CITATION.split(segment.text):
                style = segment.style
                if _CITATION.fullmatch(part):
                    if link := self._link(place, int(part[1:-1])):
                        style = (style or Style()) + Style(link=link)
                    place += 1
                yield Segment(part, style)


class _End:
    """What fits into the window of something, from its end."""

    def __init__(self, whole: RenderableType) -> None:
        self._whole = whole

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        rows = console.render_lines(self._whole, options.update(height=None), pad=False)
        for row in rows[-max(1, console.height - 1) :]:
            yield from row
            yield Segment.line()
