"""What a document of an office says of itself: title, and when it was written and changed."""

from __future__ import annotations

from codexity.adapters.extract.html.dates import Dates
from codexity.adapters.extract.packed.archive import Archive, local, root_of
from codexity.adapters.extract.text.dateline import dateline


def properties(archive: Archive, name: str) -> dict[str, str]:
    """The properties of a file of the archive by their names, in lower case; the first counts."""
    found: dict[str, str] = {}
    if name in archive:
        for element in root_of(archive.read(name)).iter("*"):
            if not len(element) and element.text and element.text.strip():
                found.setdefault(local(element).lower(), " ".join(element.text.split()))
    return found


def dates_told(published: str, modified: str) -> Dates:
    """Dates as ISO 8601 has them, with a time or without; what is none is left out."""
    said, changed = dateline([published[:10]]), dateline([modified[:10]])
    return Dates(
        published=said,
        published_from="meta" if said else None,
        modified=changed,
        modified_from="meta" if changed else None,
    )
