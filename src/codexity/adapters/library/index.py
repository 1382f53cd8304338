"""The library: documents in one SQLite file, found by their stems and read by their address."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

import anyio
import anyio.to_thread

from codexity.adapters.extract.language import language_of
from codexity.adapters.library import hybrid, listing, ranking, rows, spelling
from codexity.adapters.library.database import prepare, session, session_that_reads
from codexity.adapters.library.documents import Document, is_name, parts
from codexity.adapters.library.hybrid import Meant
from codexity.adapters.library.kept_sessions import KeptSessions
from codexity.adapters.library.plans import Plan, planned
from codexity.adapters.library.understanding import Understood, understood
from codexity.adapters.library.vocabulary import Frequencies
from codexity.adapters.sqlite.schema import writing
from codexity.errors import BadQuestion, ProviderUnavailable, UnknownDocument
from codexity.model import STARTER, Hit, Page

_EMPTY = "The library is empty: add documents with `codexity library add PATH`."
_Args = ParamSpec("_Args")
_Result = TypeVar("_Result")


class LibraryIndex:
    """The library's database file; keeps the port `Library`.

    Work on it runs in threads, a session and at most one short transaction each, so several
    processes may use the file at once. The file and its folder come to be at first use. What only
    reads does so in sessions that are kept, where some are given; who gives them closes them.

    Where nothing can be written, what is there is still read.

    Every method raises `ProviderUnavailable` when the file stays busy or is damaged, and
    `Misconfigured` when it cannot be created or was written by a newer Codexity.
    """

    def __init__(self, path: Path, *, kept: KeptSessions | None = None) -> None:
        self._path = path
        self._kept = kept
        self._prepared = False
        self._often = Frequencies()

    @property
    def path(self) -> Path:
        """Where the database is."""
        return self._path

    def owns(self, url: str) -> bool:
        """Whether this is `/library/{collection}/{document}`, without host, query or fragment."""
        return parts(url) is not None

    async def page(self, url: str) -> Page:
        """The document's readable text; its site says which collection it is of.

        Raises:
            UnknownDocument: there is none at this address.
        """
        found = parts(url)
        if found is None:
            raise UnknownDocument("This is not the address of a document of the library.")
        return await self._run(_page, *found)

    async def search(
        self,
        text: str,
        *,
        collections: tuple[str, ...] = (),
        limit: int,
        meant: Meant | None = None,
    ) -> tuple[Hit, ...]:
        """The best documents, best first, each with what of its best passage has the words.

        Without collections named, all of the user's own are searched, and never the starter; where
        it is named its vocabulary gate holds, and its hits come after those of the user's own.
        With `meant` those are found by their meaning as well, see `hybrid`.
        """
        hits: tuple[Hit, ...] = ()
        if not collections or any(name != STARTER for name in collections):
            plan = await self._run(planned, text, self._often)
            hits = await self.found(plan, collections=collections, limit=limit, meant=meant)
        if STARTER in collections:
            hits += await self._run(ranking.starter, text, limit)
        return hits[:limit]

    async def understood(self, text: str) -> Understood:
        """What is looked up for a question as it is meant."""
        return await self._run(understood, text, self._often)

    async def found(
        self,
        plan: Plan,
        *,
        collections: tuple[str, ...] = (),
        limit: int,
        meant: Meant | None = None,
        shown: bool = True,
    ) -> tuple[Hit, ...]:
        """As `search`, of the user's own; parts of passages are left out where none is `shown`."""
        own = tuple(name for name in collections if name != STARTER and is_name(name))
        if collections and not own:
            return ()
        if meant is None:
            return await self._run(ranking.own, plan, own, limit, shown=shown)
        return await self._run(hybrid.own, plan, meant, own, limit=limit, shown=shown)

    async def meant(self, text: str) -> Mapping[str, str]:
        """For words of a question that no document has, those that may be meant; see `spelling`."""
        return await self._run(spelling.meant, text, self._often)

    async def place(self, hit: Hit) -> rows.Place:
        """Where in its document a hit was found, as far as that is known."""
        found = parts(hit.url)
        if found is None or hit.at is None:
            return rows.Place()
        return await self._run(rows.place, *found, hit.at)

    async def check(self, collections: Sequence[str]) -> None:
        """Lets pass the filter of a question that names only what can be asked.

        Raises:
            BadQuestion: there is no such collection; the message names those that there are.
        """
        if not collections:
            return
        own = await self._run(rows.names)
        for name in collections:
            if name not in {STARTER, *own}:
                there_are = f"There are: {', '.join(own)}." if own else _EMPTY
                message = f"There is no collection {name[:64]!r}. {there_are}"
                raise BadQuestion(message, name="collection")

    async def knows(self, collection: str) -> bool:
        """Whether there is such a collection, the starter collection included."""
        return collection in {STARTER, *await self._run(rows.names)}

    async def collections(self) -> tuple[rows.Collection, ...]:
        """The user's own collections, by name."""
        return await self._run(rows.collections)

    async def documents(
        self, collection: str, *, after: str | None = None, limit: int | None = None
    ) -> tuple[listing.Listed, ...]:
        """The documents of a collection, by title; none when there is no such collection.

        With `after`, those behind the document of that slug; at most `limit`.

        Raises:
            BadQuestion: there is no document `after` in the collection.
        """
        return await self._run(listing.documents, collection, after, limit)

    async def remove(self, collection: str) -> int:
        """Removes a collection and its remembered paths; says how many documents it had.

        Raises:
            UnknownDocument: there is no such collection of the user's.
        """
        own = collection != STARTER and is_name(collection)
        removed = await self._write(rows.remove, collection) if own else None
        if removed is None:
            raise UnknownDocument(f'There is no collection "{collection}" in the library.')
        return removed

    async def put(self, collection: str, *documents: Document) -> None:
        """Writes documents of the user's over those of the same slug, all or none.

        Raises:
            BadQuestion: the collection's name is not one.
        """
        check_own(collection)
        await self._write(rows.put, collection, documents)

    async def remove_paths(self, collection: str, paths: Iterable[str]) -> None:
        """Removes the documents that came from these files."""
        await self._write(rows.remove_paths, collection, tuple(paths))

    async def remember(self, collection: str, roots: Iterable[str]) -> None:
        """Notes the paths that were added to a collection, so that it can be brought up to date.

        Raises:
            BadQuestion: the collection's name is not one.
        """
        check_own(collection)
        await self._write(rows.remember, collection, tuple(roots))

    async def refresh(self, collection: str, changed: Mapping[str, int]) -> None:
        """Notes the new times (nanoseconds) of files whose content is the old, by path."""
        await self._write(rows.refresh, collection, changed)

    async def ready(self) -> None:
        """Returns when the file is there; one of an older version is brought up to date."""
        await self._run(rows.names)

    async def roots(self, collection: str) -> tuple[str, ...]:
        """The paths that were added to a collection."""
        return await self._run(rows.roots, collection)

    async def states(self, collection: str) -> Mapping[str, rows.State]:
        """The files of a collection, by path, as they were when they were read."""
        return await self._run(rows.states, collection)

    async def stamp(self, collection: str) -> str:
        """What a built collection was built from; empty when there is none."""
        return await self._run(rows.stamp, collection)

    async def run(
        self,
        work: Callable[Concatenate[sqlite3.Connection, _Args], _Result],
        *args: _Args.args,
        **kwargs: _Args.kwargs,
    ) -> _Result:
        """What `work` reads of the file, for the rooms that keep more in it than documents."""
        return await self._run(work, *args, **kwargs)

    async def write(
        self,
        work: Callable[Concatenate[sqlite3.Connection, _Args], _Result],
        *args: _Args.args,
        **kwargs: _Args.kwargs,
    ) -> _Result:
        """The same of what `work` writes, in one transaction."""
        return await self._write(work, *args, **kwargs)

    async def _run(
        self,
        work: Callable[Concatenate[sqlite3.Connection, _Args], _Result],
        *args: _Args.args,
        **kwargs: _Args.kwargs,
    ) -> _Result:
        """What `work` reads, also where nothing can be written."""

        def done(connection: sqlite3.Connection) -> _Result:
            return work(connection, *args, **kwargs)

        def in_thread() -> _Result:
            try:
                return self._used(done, self._kept)
            except ProviderUnavailable as error:
                if error.code != "unreachable":
                    raise
                try:
                    with session_that_reads(self._path) as connection:
                        return done(connection)
                except (sqlite3.Error, OSError):
                    raise error from error.__cause__

        return await anyio.to_thread.run_sync(in_thread)

    def _used(
        self, work: Callable[[sqlite3.Connection], _Result], kept: KeptSessions | None = None
    ) -> _Result:
        if not self._prepared:
            prepare(self._path)
            self._prepared = True
        with kept.session() if kept else session(self._path) as connection:
            return work(connection)

    async def _write(
        self,
        work: Callable[Concatenate[sqlite3.Connection, _Args], _Result],
        *args: _Args.args,
        **kwargs: _Args.kwargs,
    ) -> _Result:
        def done(connection: sqlite3.Connection) -> _Result:
            with writing(connection):
                return work(connection, *args, **kwargs)

        return await anyio.to_thread.run_sync(self._used, done)


def _page(connection: sqlite3.Connection, collection: str, slug: str) -> Page:
    page = rows.page(connection, collection, slug)
    return replace(page, language=language_of(page.text))


def check_own(collection: str) -> None:
    """Lets pass what can be a collection of the user's.

    Raises:
        BadQuestion: it cannot be one; the message says why.
    """
    if collection == STARTER:
        raise BadQuestion(f'"{STARTER}" is the built-in collection: choose another name.')
    if not is_name(collection):
        raise BadQuestion(
            "The name of a collection has 1 to 64 letters (a-z), digits, dots, dashes and"
            " underscores, and begins with a letter or digit."
        )
