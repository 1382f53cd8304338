"""Mails and mailboxes are read as what they say, whatever their name."""

from __future__ import annotations

import base64

import pytest

from codexity.adapters.extract.document import read_document
from codexity.adapters.extract.text.mail import is_mail
from codexity.model import Page
from codexity.ports import Fetched

HEAD = (
    b"From: =?utf-8?B?w4VzYSBLcsO8Z2Vy?= <asa@lock.example>\nTo: ida@lock.example\n"
    b"Subject: =?utf-8?Q?Schl=C3=BCsse?=\nDate: Tue, 7 Mar 2023 09:00:00 +0100\nMIME-Version: 1.0\n"
)
QUOTED = b"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n"
WORDS = "Die Dübel liegen im Schuppen."
PLAIN = QUOTED + b"Die D=C3=BCbel liegen im Schup=\npen.\n"
BASE64 = (
    b"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n"
    + base64.encodebytes(WORDS.encode())
)
LATIN = b"Content-Type: text/plain; charset=iso-8859-1\n\n" + WORDS.encode("latin-1") + b"\n"
HTML = (
    "Content-Type: text/html; charset=utf-8\n\n<html><head><title>x</title></head><body><p>Die"
    " <b>Dübel</b> liegen im Schuppen.</p><div style='display:none'>secret kettle</div></body>"
    "</html>\n"
).encode()
BOTH = (
    b'Content-Type: multipart/alternative; boundary="b"\n\n--b\n'
    + PLAIN
    + b"--b\n"
    + HTML
    + b"--b--\n"
)
WITH_FILE = (
    b'Content-Type: multipart/mixed; boundary="m"\n\n--m\n'
    + BOTH
    + b"--m\nContent-Type: image/png;"
    b' name="plan.png"\nContent-Disposition: attachment; filename="plan.png"\n\nxx\n--m--\n'
)


def read(body: bytes, media_type: str = "text/plain") -> Page:
    return read_document(
        Fetched(url="/library/post/inbox-12", media_type=media_type, charset=None, body=body)
    )


@pytest.mark.parametrize("rest", [PLAIN, BASE64, LATIN, HTML, BOTH, WITH_FILE])
@pytest.mark.parametrize("envelope", [b"", b"From asa@lock.example Tue Mar  7 09:00:00 2023\n"])
def test_a_mail_is_its_decoded_words(rest: bytes, envelope: bytes) -> None:
    page = read(envelope + HEAD + rest)
    attached = ["Attachment: plan.png"] if rest is WITH_FILE else []
    assert page.text.split("\n\n") == [
        "Schlüsse",
        "From: Åsa Krüger <asa@lock.example>",
        "To: ida@lock.example",
        "Date: Tue, 7 Mar 2023 09:00:00 +0100",
        WORDS,
        *attached,
    ]
    assert page.title == ("inbox-12" if envelope else "Schlüsse")
    assert (page.published, page.published_from) == ("2023-03-07", "meta")


def test_each_mail_of_a_mailbox_stands_below_its_subject() -> None:
    line = b"From asa@lock.example Tue Mar  7 09:00:00 2023\n"
    other = HEAD.replace(b"=?utf-8?Q?Schl=C3=BCsse?=", b"Lamps")
    body = (
        line
        + HEAD
        + PLAIN
        + b"\n>From the shed.\n\nFrom here on it is text.\n\n"
        + line
        + other
        + PLAIN
    )
    page = read(body, "application/mbox")
    headings = [page.text[one.start : one.end] for one in page.blocks if one.kind == "heading"]
    assert headings == ["Schlüsse", "Lamps"]
    assert "\n\nFrom the shed.\n\nFrom here on it is text.\n\n" in page.text
    assert page.published is None


@pytest.mark.parametrize(
    "body",
    [
        b"From: Ida\nRoom: 12\n\nText.",
        b"From the shed it is far.\n\nText.",
        b"Subject: lamps\nDate: today\n\nText.",
        b"From: Ida\nDate: today\nSubject: no end",
        b"A text.\n\nFrom: Ida\nDate: today\nSubject: x\n\nText.",
    ],
)
def test_what_only_begins_like_a_mail_is_a_text(body: bytes) -> None:
    assert not is_mail(body)


@pytest.mark.parametrize(
    "head",
    [
        b"From: a\nDate: nonsense\nSubject: =?nope?Q?=FF?=\n\nWords stay.",
        b"From: a\nMIME-Version: 1.0\nContent-Type: text/plain; charset=nope\n\nWords stay.",
        b"From: a\nMIME-Version: 1.0\nContent-Type: multipart/mixed\n\nWords stay.",
    ],
)
def test_a_mail_that_is_broken_is_read_as_far_as_it_goes(head: bytes) -> None:
    assert "Words stay." in read(head).text
