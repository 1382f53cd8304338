"""Stems made anew from the texts that the library keeps, where their analysis has changed."""

from __future__ import annotations

import json
import logging
import sqlite3
from typing import Final

from codexity.adapters.extract.language import language_of
from codexity.adapters.library import rows
from codexity.adapters.library.documents import sliced, title_stems
from codexity.adapters.sqlite.schema import writing
from codexity.block_json import from_json
from codexity.model import STARTER
from codexity.text import stemmed_in

ANALYSIS: Final = 4
"""The version of the text analysis: one more with each change of what `stems` makes of a text, of
where its passages are cut, or of what they are found by."""

MANY: Final = 10_000
"""So many passages take long enough for a person to ask what is going on."""

_log = logging.getLogger("codexity.library")


def reindex(connection: sqlite3.Connection) -> bool:
    """Makes the user's documents found by the present analysis; false where they are already.

    In one transaction, about a second for 5,000 passages; from `MANY` on that is logged. The files
    themselves are read again when they are added next, since a newer Codexity may see more in them.
    The starter collection is built anew by whom it is needed first.
    """
    if is_current(connection):
        return False
    with writing(connection):
        if is_current(connection):
            return False
        _tell(connection)
        # What goes in pages through a virtual table is written once for all, at the end.
        connection.execute("DELETE FROM own_stems")
        own = connection.execute(
            "SELECT d.id FROM documents d JOIN collections c ON c.id = d.collection"
            " WHERE c.name != ? ORDER BY d.id",
            (STARTER,),
        ).fetchall()
        for (document,) in own:
            _remake(connection, document)
        connection.execute("UPDATE collections SET stamp = ''")
        connection.execute("UPDATE analysis SET version = ?", (ANALYSIS,))
    return True


def is_current(connection: sqlite3.Connection) -> bool:
    """Whether the stems were made by this version of the analysis."""
    (version,) = connection.execute("SELECT version FROM analysis").fetchone()
    return version == ANALYSIS


def _tell(connection: sqlite3.Connection) -> None:
    (passages,) = connection.execute("SELECT count(*) FROM passages").fetchone()
    if passages >= MANY:
        _log.warning(
            "The library is made searchable anew for this version, once (%s passages): this may"
            " take some minutes.",
            f"{passages:,}",
        )


def _remake(connection: sqlite3.Connection, document: int) -> None:
    title, path, text, kinds = connection.execute(
        "SELECT title, path, text, blocks FROM documents WHERE id = ?", (document,)
    ).fetchone()
    language = stemmed_in(text, language_of(text))
    connection.execute("DELETE FROM passages WHERE document = ?", (document,))
    connection.execute(
        "UPDATE documents SET language = ?, changed = -1, digest = '' WHERE id = ?",
        (language, document),
    )
    stems_of_title = title_stems(title, path, language)
    slices = sliced(text, language, from_json(json.loads(kinds), length=len(text)))
    rows.put_slices(connection, "own_stems", document, stems_of_title, slices)
