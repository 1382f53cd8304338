"""Pages written on the server: an answer for people without JavaScript, a document to quote from.

They use the stylesheet of the page and no script. Everything foreign is escaped, and only pages of
the web and documents of the library become links.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape
from itertools import groupby
from typing import Final

from codexity.edges.http.plain_sources import Citations, link_or_text, sources_section
from codexity.edges.structure import pieces
from codexity.model import Answer, AnswerStatus, Page, Tried

_INLINE: Final = re.compile(r"(`[^`]+`|\*\*(?=\S).{1,400}?(?<=\S)\*\*(?!\w)|\[\d{1,3}\])")
_ITEM: Final = re.compile(r"\s*(?:[-*•]|(\d{1,2})[.)])\s+(.*)")
_HEADING: Final = re.compile(r"^#+\s+(.+)")
_FENCE: Final = re.compile(r"^```.*\n?", re.MULTILINE)
_BLANK: Final = re.compile(r"\n\s*\n")
_ENDS: Final[dict[AnswerStatus, str]] = {
    "running": "Not finished yet",
    "completed": "Answered",
    "no_evidence": "No answer found",
    "failed": "Failed",
    "cancelled": "Stopped",
    "interrupted": "Broken off",
}


def answer_page(answer: Answer) -> str:
    """The whole answer as a complete HTML page, with the form to ask again."""
    total = answer.seconds.get("total")
    end = _ENDS[answer.status] + (_after(total))
    cite = Citations(answer)
    parts = (
        f'<article><h1>{escape(answer.question)}</h1><p class="now">{end}</p>',
        f'<div class="answer">{"".join(_answer(answer.text, cite))}</div>',
        _problem(answer),
        sources_section(answer),
        _skipped(answer),
        "</article>",
    )
    return whole_page(answer.question, "".join(parts), question=answer.question)


def _after(seconds: float | None) -> str:
    return "" if seconds is None else f" after {seconds:.{2 if seconds < 1 else 1}f} s"


def document_page(page: Page, collection: str) -> str:
    """One document of the library with its structure: headings, lists, tables, code, quotations.

    A text fragment therefore finds any quote that stands within a block. Of a document that has
    pages, each is a section that the fragment `page=N` opens, as it does in a PDF.
    """
    file = "" if page.file == page.title else page.file
    where = " · ".join(escape(part) for part in (collection, file, page.published) if part)
    body = (
        f'<article><h1>{escape(page.title)}</h1><p class="now">{where}</p>'
        f'<div class="answer">{"".join(_paged(page, pieces(page)))}</div></article>'
    )
    return whole_page(page.title, body, up="../" * (page.url.count("/") - 1))


def _paged(page: Page, parts: Iterable[tuple[int, str]]) -> Iterator[str]:
    for number, group in groupby(parts, key=lambda piece: page.number_at(piece[0])):
        inner = "".join(piece for _, piece in group)
        head = f'<section id="page={number}"><h2>Page {number}</h2>'
        yield inner if number is None else f"{head}{inner}</section>"


def whole_page(title: str, body: str, *, question: str = "", up: str = "") -> str:
    """A page; `up` leads from its address to the server's root, which a proxy may have moved."""
    return f"""<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="robots" content="noindex">
  <title>{escape(title)} · Codexity</title>
  <link rel="icon" href="{up}page/icon.svg">
  <link rel="stylesheet" href="{up}page/style.css">
</head>
<body>
  <header><a href="{up or "./"}">Codexity</a></header>
  <main>
    <form action="{up}answer" role="search">
      <input name="q" aria-label="Your question" placeholder="Ask a question" maxlength="500"
        required value="{escape(question)}">
      <button>Ask</button>
    </form>
    {body}
  </main>
</body>
</html>
"""


def _answer(text: str, cite: Citations) -> Iterator[str]:
    for at, part in enumerate(_FENCE.split(text)):
        if at % 2:
            yield f"<pre>{escape(part)}</pre>"
            continue
        for paragraph in _BLANK.split(part):
            yield from _lines(paragraph.strip("\n").split("\n"), cite)


def _lines(lines: Iterable[str], cite: Citations) -> Iterator[str]:
    for kind, group in groupby(lines, key=_kind):
        if kind == "p":
            inner = (_inline(_HEADING.sub(r"**\1**", line), cite) for line in group)
            text = "\n".join(inner).strip()
            yield f"<p>{text}</p>" if text else ""
        else:
            items = (_item(line, cite) for line in group)
            yield f"<{kind}>{''.join(items)}</{kind}>"


def _kind(line: str) -> str:
    match = _ITEM.fullmatch(line)
    if match is None:
        return "p"
    return "ol" if match[1] else "ul"


def _item(line: str, cite: Citations) -> str:
    match = _ITEM.fullmatch(line)
    value, text = match.groups() if match else (None, line)
    number = f' value="{value}"' if value else ""
    return f"<li{number}>{_inline(text, cite)}</li>"


def _inline(text: str, cite: Citations) -> str:
    return "".join(
        _marked(part, cite) if at % 2 else escape(part)
        for at, part in enumerate(_INLINE.split(text))
    )


def _marked(part: str, cite: Citations) -> str:
    if part.startswith("`"):
        return f"<code>{escape(part[1:-1])}</code>"
    if part.startswith("*"):
        return f"<strong>{_inline(part[2:-2], cite)}</strong>"
    return cite(part)


def _skipped(answer: Answer) -> str:
    tried = answer.error.tried if answer.error else ()
    told = {(one.what, one.said) for one in tried}
    left = [one for one in answer.skipped if (one.what, one.why) not in told]
    if not left:
        return ""
    items = (f"<li>{link_or_text(one.what, one.what)}<p>{escape(one.why)}</p></li>" for one in left)
    summary = f"<summary>Left out: {len(left)}</summary>"
    return f'<details class="skipped">{summary}<ul>{"".join(items)}</ul></details>'


def _problem(answer: Answer) -> str:
    if answer.error is None:
        return ""
    items = (f"<li>{_tried(one)}</li>" for one in answer.error.tried)
    tried = f"<ul>{''.join(items)}</ul>" if answer.error.tried else ""
    return f'<div class="problem" role="alert"><p>{escape(answer.error.message)}</p>{tried}</div>'


def _tried(one: Tried) -> str:
    """What was asked and what it said; a page that was near is a link to it."""
    linked = link_or_text(one.said, one.what)
    is_link = linked.startswith("<a") and not re.search(r"\s", one.said)
    return linked if is_link else f"{escape(one.what)}: {escape(one.said)}"
