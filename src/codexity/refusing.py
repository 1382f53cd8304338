"""What is said where nothing answers, and where a question was read otherwise than it is typed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from codexity.errors import NoEvidence
from codexity.events import Skipped
from codexity.model import Source
from codexity.spelling import mends
from codexity.stages.gather import Gathered
from codexity.text import counted

_NOTHING: Final = "No search results found"
_UNCOVERED: Final = f"{_NOTHING} that answer this."
_NEAREST: Final = 3
_TITLE_CHARS: Final = 80
_QUOTE_CHARS: Final = 200
_MENDED: Final = "mended"


def refusal(question: str, gathered: Gathered, nearest: Sequence[Source] = ()) -> NoEvidence:
    """Why there is no answer: what was asked, how much was read, and what is near to it.

    Of the `nearest` the words that come nearest are shown as well: they may be what was meant.
    """
    tried = [*gathered.tried]
    if gathered.pages:
        read = counted(len(gathered.pages), "page")
        tried.append(("read", f'{read}: nothing there answers "{question}". The nearest:'))
        near = [(_named(one.title, one.url, one.quote), one.url) for one in nearest]
        pages = [(_named(one.title, one.url), one.url) for one in gathered.pages]
        tried += (near or pages)[:_NEAREST]
    tried += [
        ("did you mean", f'"{meant}" for "{typed}"') for typed, meant in gathered.meant.items()
    ]
    message = _UNCOVERED if gathered.pages else _NOTHING
    return NoEvidence(message, code="no_results", tried=tuple(tried))


def _named(title: str, url: str, quote: str = "") -> str:
    """A source by its title, and by what it says where that is known."""
    said = " ".join(quote.split())
    if len(said) > _QUOTE_CHARS:
        said = f"{said[:_QUOTE_CHARS].rpartition(' ')[0]} …"
    name = title[:_TITLE_CHARS] or url
    return f"{name}: “{said}”" if said else name


def showing(meant: Mapping[str, str]) -> str:
    """What an answer begins with where other words were looked for; empty where none were."""
    mended = mends(meant)
    if not mended:
        return ""
    words = " and ".join(f'"{word}"' for word in mended.values())
    typed = " and ".join(f'"{one}"' for one in mended)
    return f"Showing results for {words}: nothing here has {typed}.\n\n"


def told(meant: Mapping[str, str]) -> Iterator[Skipped]:
    """Says which words were looked for instead of those that are typed."""
    for typed, word in mends(meant).items():
        why = f'Nothing here has the word "{typed}": "{word}" was looked for.'
        yield Skipped(stage="search", what=typed, why=why, code=_MENDED)
