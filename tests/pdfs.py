"""Small PDFs, written by hand: honest ones, and ones made to hurt.

Source: ISO 32000-1, sections 7.5 (file structure), 7.7 (pages) and 9.4 (text).
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Mapping, Sequence
from random import Random

WIDTH, HEIGHT = 612, 792


def mutated(body: bytes, chance: Random) -> bytes:
    """The document with some bytes changed, left out, repeated, or made a number."""
    made = bytearray(body)
    for _ in range(chance.choice((1, 3, 10, 50))):
        at, other = chance.randrange(len(made)), chance.randrange(len(made))
        match chance.randrange(4):
            case 0:
                made[at] = chance.randrange(256)
            case 1:
                del made[at : at + chance.randrange(1, 30)]
            case 2:
                made[at:at] = made[other : other + 40]
            case _:
                made[at:at] = b"%d" % chance.choice((0, -1, 2**31, 2**63))
    return bytes(made)


def pdf(
    pages: Sequence[Sequence[str]], *, title: str = "", made: str = "", size: int = 11
) -> bytes:
    """A document whose pages hold these lines, the first of each at the top; "" leaves a gap."""
    return of_streams([_lines(lines, size) for lines in pages], title=title, made=made)


def of_streams(streams: Sequence[bytes], *, title: str = "", made: str = "") -> bytes:
    """A document whose pages are drawn by these content streams."""
    kids = " ".join(f"{4 + 2 * at} 0 R" for at in range(len(streams)))
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: f"<< /Type /Pages /Kids [{kids}] /Count {len(streams)} >>".encode(),
        3: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    }
    for at, stream in enumerate(streams):
        objects[4 + 2 * at] = page(5 + 2 * at)
        objects[5 + 2 * at] = packed(zlib.compress(stream, 1))
    about = f"<< /Title {_text(title)} /CreationDate ({made}) >>".encode()
    return written({**objects, 4 + 2 * len(streams): about}, info=4 + 2 * len(streams))


def page(contents: int, parent: int = 2) -> bytes:
    """A page's dictionary."""
    return (
        f"<< /Type /Page /Parent {parent} 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}]"
        f" /Contents {contents} 0 R /Resources << /Font << /F 3 0 R >> >> >>"
    ).encode()


def packed(data: bytes, filters: str = "/FlateDecode") -> bytes:
    """A stream object whose data is packed already."""
    return b"<< /Length %d /Filter %s >>\nstream\n%s\nendstream" % (
        len(data),
        filters.encode(),
        data,
    )


def written(objects: Mapping[int, bytes], *, info: int = 0, more: str = "") -> bytes:
    """A file of these objects, of which the first is the catalogue."""
    body = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    places: dict[int, int] = {}
    for number, content in objects.items():
        places[number] = len(body)
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start, last = len(body), max(objects)
    body += b"xref\n0 %d\n0000000000 65535 f \n" % (last + 1)
    for number in range(1, last + 1):
        body += b"%010d 00000 n \n" % places[number]
    about = f" /Info {info} 0 R" if info else ""
    body += f"trailer\n<< /Size {last + 1} /Root 1 0 R{about}{more} >>\n".encode()
    return bytes(body + b"startxref\n%d\n%%%%EOF\n" % start)


def words_at(x: float, y: float, words: str, size: int = 11) -> bytes:
    """What draws some words from a point on."""
    spelt = words.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(")
    return b"BT /F %d Tf %g %g Td (%s) Tj ET\n" % (size, x, y, spelt.replace(b")", b"\\)"))


def locked() -> bytes:
    """A document that nobody can open without its password (RC4, 40 bits).

    Source: ISO 32000-1, section 7.6.3, algorithms 2 to 4.
    """
    padding = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")
    password, name = (b"secret" + padding)[:32], b"0123456789abcdef"
    owner = _rc4(hashlib.md5(password).digest()[:5], password)
    key = hashlib.md5(password + owner + b"\xfc\xff\xff\xff" + name).digest()[:5]
    encrypt = (
        f" /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <{owner.hex()}>"
        f" /U <{_rc4(key, padding).hex()}> >> /ID [<{name.hex()}> <{name.hex()}>]"
    )
    return written({**_one_page(packed(zlib.compress(b"")))}, more=encrypt)


def picture_only() -> bytes:
    """A page that was scanned: one picture, no text."""
    return scanned(b"")


def scanned(letters: bytes) -> bytes:
    """A page that was scanned: one picture, and what draws letters over it."""
    objects = _one_page(packed(zlib.compress(b"q 612 0 0 792 0 0 cm /I Do Q\n" + letters)))
    objects[4] = objects[4].replace(b"/Font", b"/XObject << /I 6 0 R >> /Font")
    objects[6] = (
        b"<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray"
        b" /BitsPerComponent 8 /Length 1 >>\nstream\n\x80\nendstream"
    )
    return written(objects)


def looped() -> bytes:
    """A tree of pages that is its own child."""
    objects = _one_page(packed(zlib.compress(b"")))
    return written({**objects, 2: b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 1000000 >>"})


def nested(depth: int = 100_000) -> bytes:
    """A page whose resources are arrays in arrays, and whose forms draw themselves."""
    objects = _one_page(packed(zlib.compress(b"/X Do " + b"q " * depth + b"[" * depth)))
    objects[4] = objects[4].replace(b"/Font", b"/Deep " + b"[" * depth + b"]" * depth + b" /Font")
    objects[6] = (
        b"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 6 0 R >>"
        b" >> /Length 6 >>\nstream\n/X Do \nendstream"
    )
    objects[4] = objects[4].replace(b"/F 3 0 R >>", b"/F 3 0 R >> /XObject << /X 6 0 R >>")
    return written(objects)


def bomb(unpacked: int, rounds: int = 2) -> bytes:
    """A page whose stream unpacks to so many bytes of text, packed more than once."""
    packer, data = zlib.compressobj(9), bytearray()
    piece = b"(bomb) Tj " * 100_000
    data += packer.compress(b"BT /F 11 Tf ")
    for _ in range(unpacked // len(piece)):
        data += packer.compress(piece)
    once = bytes(data + packer.flush())
    for _ in range(rounds - 1):
        once = zlib.compress(once, 9)
    return written(_one_page(packed(once, f"[{' /FlateDecode' * rounds}]")))


def laughing(depth: int = 12, times: int = 10) -> bytes:
    """A page that draws a form ten times, which draws another ten times, and so on."""
    objects = _one_page(packed(zlib.compress(b"/X Do")))
    objects[4] = objects[4].replace(b"/F 3 0 R >>", b"/F 3 0 R >> /XObject << /X 6 0 R >>")
    for number in range(6, 6 + depth):
        drawn = words_at(72, 700, "ha") if number == 5 + depth else b"/X Do " * times
        objects[number] = (
            b"<< /Type /XObject /Subtype /Form /BBox [0 0 612 792] /Length %d /Resources"
            b" << /Font << /F 3 0 R >> /XObject << /X %d 0 R >> >> >>\nstream\n%s\nendstream"
        ) % (len(drawn), number + 1, drawn)
    return written({**objects, 6 + depth: b"null"})


def _one_page(stream: bytes) -> dict[int, bytes]:
    return {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
        3: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        4: page(5),
        5: stream,
    }


def _lines(lines: Iterable[str], size: int) -> bytes:
    at = (HEIGHT - 72 - place * 1.2 * size for place in range(1_000))
    return b"".join(words_at(72, y, line, size) for line, y in zip(lines, at, strict=False) if line)


def _text(text: str) -> str:
    marked = b"\xfe\xff" + text.encode("utf-16-be")
    return f"<{marked.hex()}>"


def _rc4(key: bytes, data: bytes) -> bytes:
    box, j = list(range(256)), 0
    for i in range(256):
        j = (j + box[i] + key[i % len(key)]) % 256
        box[i], box[j] = box[j], box[i]
    done, i, j = bytearray(), 0, 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + box[i]) % 256
        box[i], box[j] = box[j], box[i]
        done.append(byte ^ box[(box[i] + box[j]) % 256])
    return bytes(done)
