"""The citations and the sources of an answer as HTML that needs no script."""

from __future__ import annotations

import re
from html import escape
from typing import Final

from codexity.edges.quotations import parted, quotations_at, quotations_of
from codexity.model import Answer, Quotation, Source

_LINKED: Final = re.compile(r"https?://|/library/", re.IGNORECASE)


class Citations:
    """The citations of an answer as HTML, asked for in their order.

    A citation of a claim shows what that rests on, to mouse and keyboard, and leads to it below;
    any other leads to its source.
    """

    def __init__(self, answer: Answer) -> None:
        self._text = answer.text
        self._claims = answer.claims
        self._sources = {source.index: source for source in answer.sources}
        self._from = 0

    def __call__(self, mark: str) -> str:
        """The next citation, which is written so."""
        place = self._text.find(mark, self._from)
        self._from = place + len(mark)
        source = self._sources.get(int(mark[1:-1]))
        if source is None:
            return escape(mark)
        own = quotations_at(place, source.index, self._claims)
        label = escape(f"Source {source.index}: {source.title}")
        if not own:
            return _cite(f"source-{source.index}", label, source.index)
        target = _target(source, quotations_of(source, self._claims).index(own[0]))
        return f'<span class="ref">{_cite(target, label, source.index)}{_card(source, own)}</span>'


def sources_section(answer: Answer) -> str:
    """The sources, each with what the answer quotes of it; those that it cites come first."""
    lists = "".join(
        f"<h2>{head}</h2><ol>{''.join(_item(one, answer) for one in sources)}</ol>"
        for head, sources in zip(("Sources", "Also read"), parted(answer), strict=True)
        if sources
    )
    return lists and f'<section class="sources">{lists}</section>'


def link_or_text(url: str, text: str) -> str:
    """A link to a page of the web or a document of the library; what is neither stays text."""
    if not _LINKED.match(url):
        return f"<span>{escape(text)}</span>"
    return f'<a href="{escape(url.removeprefix("/"))}" rel="noreferrer">{escape(text)}</a>'


def _item(source: Source, answer: Answer) -> str:
    named = link_or_text(source.link, _name(source))
    told = f"{named}<p>{escape(_where(source))}</p>{_quotes(source, answer)}"
    return f'<li id="source-{source.index}" value="{source.index}">{told}</li>'


def _quotes(source: Source, answer: Answer) -> str:
    if not any(one.index == source.index for claim in answer.claims for one in claim.quotes):
        return f"<q>{escape(source.quote)}</q>"
    quotes = enumerate(quotations_of(source, answer.claims))
    items = (
        f'<li id="{_target(source, at)}">{link_or_text(one.link, f"“{one.text}”")}</li>'
        for at, one in quotes
    )
    return f"<ul>{''.join(items)}</ul>"


def _cite(target: str, label: str, number: int) -> str:
    return f'<a class="cite" href="#{target}" aria-label="{label}">{number}</a>'


def _card(source: Source, quotes: tuple[Quotation, ...]) -> str:
    said = "".join(f"<q>{escape(one.text)}</q>" for one in quotes)
    head = link_or_text(quotes[0].link, _name(source))
    return f'<span class="card">{head}<small>{escape(_where(source))}</small>{said}</span>'


def _target(source: Source, at: int) -> str:
    return f"source-{source.index}-{at + 1}"


def _name(source: Source) -> str:
    return source.title or source.url


def _where(source: Source) -> str:
    return " · ".join(part for part in (source.site or "library", source.published) if part)
