"""Mails and mailboxes: who wrote to whom and when, and the words of their text parts."""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parsedate_to_datetime
from typing import Final, cast

from codexity.adapters.extract import blocks
from codexity.adapters.extract.blocks import Draft
from codexity.adapters.extract.charset import decoded
from codexity.adapters.extract.hidden_text.hidden import strip_hidden
from codexity.adapters.extract.hidden_text.sheets import own_sheets
from codexity.adapters.extract.html.dates import Dates
from codexity.adapters.extract.html.markup import drop, lighten, parsed, written
from codexity.adapters.extract.page_of_drafts import page_of
from codexity.adapters.extract.text.html_fragment import HtmlFragment
from codexity.adapters.extract.text.plain_text import drafts_of
from codexity.errors import Unreadable
from codexity.model import Page

MEDIA_TYPES: Final = frozenset({"message/rfc822", "application/mbox"})

_ENVELOPE = re.compile(rb"From (?:-|\S+)[^\n]{0,200}\d{4}\s*\n(?=>?[A-Za-z][A-Za-z0-9-]{1,60}:)")
_NEXT = re.compile(
    rb"\r?\n\r?\n(?=From (?:-|\S+)[^\n]{0,200}\d{4}\s*\n[A-Za-z][A-Za-z0-9-]{1,60}:)"
)
_FIELD = re.compile(rb"([A-Za-z][A-Za-z0-9-]{1,60}):[ \t\r\n]")
_QUOTED_FROM = re.compile(rb"^>(?=>*From )", re.MULTILINE)
_OF_MAIL: Final = frozenset(
    {
        b"message-id",
        b"received",
        b"return-path",
        b"mime-version",
        b"delivered-to",
        b"dkim-signature",
    }
)
_TOLD: Final = ("From", "To", "Cc", "Date")
_HEAD_BYTES: Final = 16_384
_MOST_MAILS: Final = 20_000
_MOST_PARTS: Final = 200


def is_mail(body: bytes) -> bool:
    """Whether a text is a mail or a mailbox, whatever its name."""
    body = body[:_HEAD_BYTES].lstrip(b"\r\n")
    if _ENVELOPE.match(body):
        return True
    names: set[bytes] = set()
    for line in body.split(b"\n"):
        if line[:1] in {b" ", b"\t"} and names:
            continue
        match = _FIELD.match(line + b"\n")
        if match is None:
            is_end = not line.strip()
            break
        names.add(match[1].lower())
    else:
        is_end = len(body) == _HEAD_BYTES
    likely = names & _OF_MAIL or {b"subject", b"date"} <= names
    return is_end and b"from" in names and bool(likely)


def read_mail(body: bytes, url: str) -> Page:
    """The mails of a file, each below its subject, with what is hidden in HTML left out.

    Raises:
        Unreadable: `too_large`, where there are too many.
    """
    body = body.lstrip(b"\r\n")
    is_box = _ENVELOPE.match(body) is not None
    sources = _NEXT.split(body, _MOST_MAILS) if is_box else [body]
    if len(sources) > _MOST_MAILS:
        message = f"The mailbox holds more than {_MOST_MAILS:,} mails: part it into smaller ones."
        raise Unreadable(message, code="too_large")
    drafts: list[Draft] = []
    mail = Message()
    for source in sources:
        mail = email.message_from_bytes(_letter(source) if is_box else source)
        drafts += _mail(mail)
    day = _day(mail) if len(sources) == 1 else None
    return page_of(
        drafts,
        url,
        title="" if is_box else _header(mail, "Subject"),
        dates=Dates(published=day, published_from="meta" if day else None),
    )


def _letter(source: bytes) -> bytes:
    """A mail of a mailbox without the line that parts it from the one before."""
    return _QUOTED_FROM.sub(
        b"", source.partition(b"\n")[2] if source.startswith(b"From ") else source
    )


def _mail(mail: Message) -> Iterator[Draft]:
    yield Draft(text=_header(mail, "Subject") or "(no subject)", kind="heading", level=1)
    for name in _TOLD:
        if value := _header(mail, name):
            yield blocks.pair(name, value)
    chosen, attached = _parts(mail)
    for part in chosen:
        yield from _text(part)
    for name in attached:
        yield blocks.pair("Attachment", name)


def _parts(mail: Message) -> tuple[list[Message], list[str]]:
    """The parts to be read, and the names of those that are attached.

    Of alternatives the plain one is read, of parts that are no text none.
    """
    chosen: list[Message] = []
    attached: list[str] = []
    waiting: list[Message] = [mail]
    seen = 0
    while waiting and seen < _MOST_PARTS:
        part, seen = waiting.pop(), seen + 1
        kids = _kids(part)
        kind = part.get_content_type()
        if kind == "multipart/alternative" and kids:
            plain = [one for one in kids if one.get_content_type() == "text/plain" and _holds(one)]
            waiting += (plain or kids)[-1:]
        elif kids:
            waiting += reversed(kids)
        elif name := blocks.prose(_decoded(part.get_filename() or "")):
            attached.append(name)
        elif kind in {"text/plain", "text/html"} or kind.startswith("multipart/"):
            # The parts of a mail that names no boundary between them are one text.
            chosen.append(part)
    return chosen, attached


def _kids(part: Message) -> list[Message]:
    inner = cast("object", part.get_payload())
    found = cast("list[object]", inner) if isinstance(inner, list) else []
    return [cast("Message", one) for one in found if isinstance(one, Message)]


def _holds(part: Message) -> bool:
    payload = part.get_payload(decode=True)
    return isinstance(payload, bytes) and bool(payload.strip())


def _text(part: Message) -> Iterator[Draft]:
    payload = part.get_payload(decode=True)
    charset = part.get_content_charset()
    try:
        text = decoded(payload if isinstance(payload, bytes) else b"", charset)
    except Unreadable:
        return
    if part.get_content_type() == "text/html":
        yield from _of_html(text)
    else:
        yield from drafts_of(blocks.visible(text))


def _of_html(source: str) -> Iterator[Draft]:
    tree = parsed(source)
    if tree is None:
        return
    css = own_sheets(tree)
    lighten(tree)
    strip_hidden(tree, source, css)
    drop(tree, list(tree.iter("head", "title")))
    yield from HtmlFragment().drafts(written(tree))


def _header(mail: Message, name: str) -> str:
    return blocks.prose(_decoded(str(mail.get(name, ""))))


def _decoded(text: str) -> str:
    """Encoded words (RFC 2047) as words; what is no charset, or none of ours, stays as it is."""
    try:
        return str(make_header(decode_header(text)))
    except (LookupError, ValueError):
        return text


def _day(mail: Message) -> str | None:
    try:
        return parsedate_to_datetime(str(mail.get("Date", ""))).date().isoformat()
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
