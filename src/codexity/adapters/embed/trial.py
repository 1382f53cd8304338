"""Tries the embedder: has it embed a question, and counts the passages that have their vectors."""

from __future__ import annotations

from typing import Final

from codexity.adapters.embed.found import Embedders
from codexity.adapters.library.embedded import LibraryVectors
from codexity.errors import Misconfigured, ProviderError
from codexity.ports import Trial, mending, setting

SECONDS: Final = 12.0
"""How long a trial may take: a model that has to be loaded first takes some seconds."""
_ASKED: Final = "How long is the river?"
_ABSENT: Final = "No embedding model is set or found: texts are compared by their words."
_MEND: Final = (
    "See that the server or the folder of the settings embed.* holds an embedding model, or take"
    " them out: texts are then compared by their words."
)
_FILL: Final = "codexity library add"


async def tried(
    embedders: Embedders | Misconfigured | None, vectors: LibraryVectors | None
) -> Trial:
    """Whether texts are told by their meaning here, and whether the library is ready for it."""
    if isinstance(embedders, Misconfigured):
        mend = mending("Correct that setting, or take it out.", setting("EMBED__DISCOVER", "false"))
        return Trial(ok=False, said=f"{embedders.message}.", mend=mend)
    embedder = await embedders.current() if embedders else None
    if embedder is None or vectors is None:
        return Trial(ok=None, said=_ABSENT)
    try:
        (vector,) = await embedder.embed([_ASKED], asks=True)
    except ProviderError as error:
        return Trial(ok=False, said=error.message, mend=_MEND)
    counts = await vectors.counts(embedder)
    said = f"{embedder.name} embeds ({len(vector)} numbers a text)"
    if counts.made < counts.all:
        of = f"{counts.made:,} of the library's {counts.all:,} passages have their vectors"
        anew = f", {counts.others:,} are of another model" if counts.others else ""
        return Trial(
            ok=False,
            said=f"{said}, but {of}{anew}: the others are found by their words alone.",
            mend=mending("Make those that are missing:", f"{_FILL} --collection NAME"),
        )
    return Trial(ok=True, said=f"{said}; {counts.all:,} passages of the library have vectors.")
