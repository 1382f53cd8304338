"""What the pipeline asks of the world: searching, reading, ranking, writing."""

from __future__ import annotations

from array import array
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias, overload

from codexity.events import Event
from codexity.model import Hit, Page, Passage, Query, Usage, Via

Vector: TypeAlias = "array[float]"
"""A vector of an embedding model: 32-bit floats, of length 1."""
Place: TypeAlias = tuple[str, int]
"""Where a passage is: its page's address, and where it starts in the page's text."""
Near: TypeAlias = Mapping[Place, float]
"""How near passages are to a question in meaning, see `Meaning`."""


class Emit(Protocol):
    """How a stage says what happened."""

    async def __call__(self, *events: Event) -> None:
        """Says events, those that are there at once together: that costs a third for each.

        It may wait: a run whose readers are far behind slows down.
        """
        ...


class Found(Sequence[Hit]):
    """Hits, and a `note` of what was wrong although there are some, for whom it may explain more.

    The note is shown to people, like the message of a failure. `meant` has for words of the query
    that nothing there knows those that were looked for instead.
    """

    def __init__(
        self,
        hits: Iterable[Hit],
        *,
        note: str = "",
        meant: Mapping[str, str] | None = None,
    ) -> None:
        self._hits = tuple(hits)
        self.note = note
        self.meant: Mapping[str, str] = meant or {}

    @overload
    def __getitem__(self, index: int) -> Hit: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Hit, ...]: ...
    def __getitem__(self, index: int | slice) -> Hit | tuple[Hit, ...]:
        return self._hits[index]

    def __len__(self) -> int:
        return len(self._hits)


class SearchProvider(Protocol):
    """One search engine or index."""

    @property
    def name(self) -> str:
        """The provider's name in settings, filters and events."""
        ...

    async def search(self, query: Query, *, limit: int) -> Sequence[Hit]:
        """At most `limit` hits, best first, without duplicates; empty only when it truly has none.

        Honours `query.site` (a hit's host is one of these domains or below one). Ends its work
        when cancelled.

        Raises:
            ProviderRefused: a block, a missing key or a used-up quota.
            ProviderUnavailable: unreachable, too slow, or a reply that makes no sense.
        """
        ...


class Library(Protocol):
    """The user's own documents and the starter collection, by their address."""

    def owns(self, url: str) -> bool:
        """Whether this address (`/library/{collection}/{document}`) is the library's."""
        ...

    async def page(self, url: str) -> Page:
        """The document's readable text, with `via="library"`.

        Raises:
            UnknownDocument: there is none at this address.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """One document as it came: `url` after redirects, `charset` as its header says.

    `via` is `cache` where its bytes were kept from an earlier fetch.
    """

    url: str
    media_type: str
    charset: str | None
    body: bytes
    via: Via = "http"


class Fetcher(Protocol):
    """Brings a public document here."""

    async def fetch(self, url: str) -> Fetched:
        """The document behind `url`, decompressed, of a media type that an extractor can read.

        Raises:
            Unreadable: not public, unreachable, too slow, too large, an error status, another type.
        """
        ...


class Extractor(Protocol):
    """Finds the readable text in a document."""

    async def extract(self, fetched: Fetched, *, worth: float = 0.0) -> Page:
        """Its page. The work runs in a process of its own, which a cancellation ends.

        Where documents wait for their turn, what is worth most is next, where 1 is the
        best that a run may have; each then has a deadline of the extractor's own.

        Raises:
            Unreadable: `empty` when no text is found, `bad_content` when it cannot be parsed.
        """
        ...


class Ranker(Protocol):
    """Says how well passages fit a question."""

    async def scores(self, question: str, passages: Sequence[Passage]) -> Sequence[float]:
        """One score a passage, in their order; higher is better, 0 means nothing in common."""
        ...


class Embedder(Protocol):
    """Turns texts into vectors that lie near each other where the texts mean alike."""

    @property
    def name(self) -> str:
        """Which model it is; vectors of one name, and of no other, may be compared."""
        ...

    async def embed(self, texts: Sequence[str], *, asks: bool = False) -> Sequence[Vector]:
        """A vector of length 1 for each text, in their order; `asks` says that they are questions.

        What is longer than the model takes counts by its beginning.

        Raises:
            ProviderRefused: a missing key, a used-up quota, or no such model.
            ProviderUnavailable: unreachable, too slow, or a reply that makes no sense.
        """
        ...


class Meaning(Protocol):
    """Says how near texts are to a question in meaning, whatever words and language they use."""

    async def passages(self, question: str, passages: Sequence[Passage]) -> Near:
        """The nearness of those of the passages that are worth a look, by their places.

        0 is as near as a text about something else, 1 as near as answers are; it goes on below and
        above. Empty where nothing here tells meaning.

        Raises:
            ProviderRefused, ProviderUnavailable: as `Embedder.embed`.
        """
        ...

    async def texts(self, question: str, texts: Sequence[str]) -> Mapping[str, float]:
        """The same of short texts, by themselves. Raises as `passages`."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message to a model; `role` is `system`, `user` or `assistant`."""

    role: str
    content: str


class Writing(Protocol):
    """A reply that is being written: iterate over its pieces, then look at how it ended."""

    @property
    def usage(self) -> Usage | None:
        """Tokens used, when the server said so."""
        ...

    @property
    def cut_off(self) -> bool:
        """Whether a limit or a filter of the server ended the reply."""
        ...

    def __aiter__(self) -> AsyncIterator[str]:
        """The pieces, as they come. Raises as `LanguageModel.write` does."""
        ...


class LanguageModel(Protocol):
    """A model that writes."""

    @property
    def name(self) -> str:
        """The model's name, shown to the person."""
        ...

    @property
    def context_tokens(self) -> int | None:
        """How many tokens a prompt and its reply may have together; None where nobody knows."""
        ...

    def write(
        self, messages: Sequence[Message], *, max_tokens: int
    ) -> AbstractAsyncContextManager[Writing]:
        """Starts a reply; leaving the block ends the server's work on it at once.

        Raises:
            ProviderRefused: `unauthorized`, `quota` or `model_missing`.
            ContextTooSmall: with both numbers, where its server says them.
            ProviderUnavailable: `unreachable`, `timeout`, `cut_off` when the connection broke
                before the reply's end, or `bad_reply` when it makes no sense.
        """
        ...

    async def reply(
        self, messages: Sequence[Message], schema: Mapping[str, Any], *, max_tokens: int
    ) -> dict[str, Any]:
        """A reply checked against a JSON schema.

        Raises:
            ProviderRefused, ProviderUnavailable: as `write`; `bad_reply` when the reply is not JSON
                of this schema and cannot be repaired.
        """
        ...


class Models(Protocol):
    """The models of this installation: one may come or go while it runs."""

    def current(self, principal: str) -> LanguageModel | None:
        """The model that writes now, in whose queue this principal takes turns; at once.

        None where answers are made of the sources' own sentences.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Toolbox:
    """Everything of the world that a pipeline may ask.

    A member of `providers` is asked at once with the others; one that is a tuple is tried in order
    until one answers. `starter` is asked behind them, whatever they find. Without `meaning` texts
    are compared by their words alone.
    """

    providers: tuple[tuple[SearchProvider, ...], ...]
    fetcher: Fetcher
    extractor: Extractor
    ranker: Ranker
    library: Library
    models: Models
    starter: SearchProvider | None = None
    meaning: Meaning | None = None
