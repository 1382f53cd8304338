"""How an answer is said, whoever writes it: in tokens, with claims at their places."""

from __future__ import annotations

from collections.abc import Iterable

from codexity.citations import CitationCleaner
from codexity.events import ClaimChecked, Event, Token
from codexity.model import Quotation, Sentence
from codexity.ports import Emit
from codexity.prompt_injection import EchoFilter


class AnswerWriter:
    """Says one answer through `emit`, and knows what offset of it comes next.

    The `preface` comes before the first piece; `chars` counts what was said behind it, of which a
    model may say `max_chars`.
    """

    def __init__(self, emit: Emit, *, preface: str = "", max_chars: int) -> None:
        self.emit = emit
        self.chars = 0
        self._preface = preface
        self._max_chars = max_chars
        self._echoes = EchoFilter()
        self._cleaner = CitationCleaner(0)

    @property
    def full(self) -> bool:
        """Whether all is said that a model may say."""
        return self.chars >= self._max_chars

    def begin(self, sources: int) -> None:
        """A model begins to write, which may cite as many sources; what it held back is gone."""
        self._echoes = EchoFilter()
        self._cleaner = CitationCleaner(sources)

    async def feed(self, piece: str) -> None:
        """Says what a model has written: without what it repeats of its prompt, cited rightly."""
        if text := self._echoes.feed(piece):
            await self._say(self._cleaner.feed(text))

    async def close(self) -> None:
        """Says what was held back of the model's last piece."""
        await self._say(self._cleaner.feed(self._echoes.close()) + self._cleaner.close())

    async def quote(self, quoted: Iterable[tuple[Sentence, tuple[Quotation, ...]]]) -> None:
        """Says the sources' own sentences, each with its number, and what each of them rests on."""
        events: list[Event] = []
        for sentence, quotations in quoted:
            said = f"{sentence.text} [{sentence.index}]"
            events.append(self._token(sentence.before + said))
            end = len(self._preface) + self.chars
            events.append(
                ClaimChecked(
                    start=end - len(said),
                    end=end,
                    citations=(sentence.index,),
                    support="quoted",
                    quotes=quotations,
                )
            )
        await self.emit(*events)

    async def _say(self, text: str) -> None:
        text = text if self.chars else text.lstrip()
        if text := text[: self._max_chars - self.chars]:
            await self.emit(self._token(text))

    def _token(self, text: str) -> Token:
        preface = "" if self.chars else self._preface
        self.chars += len(text)
        return Token(text=preface + text)
