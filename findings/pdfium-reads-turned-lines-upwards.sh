#!/bin/sh
# Whether PDFium gives the lines of a page from its head or from its foot depends on /Rotate.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pypdfium2==5.15.2
"$folder/venv/bin/python" - <<'PROGRAM'
"""The lines of one page, drawn from its head to its foot, under each /Rotate and each direction.

PDFium keeps the order in which lines were drawn, but for one rotation of each direction of writing:
there its text begins with the last line. Lines that run from left to right come upwards under
/Rotate 90, as scanners and landscape tables have it; those that run down the paper do so where the
page is not turned at all. No character is wrong, so that nothing looks broken until a sentence that
goes over two lines is looked for. Where each character stands, and its angle, are right, and tell.
"""

import sys

import pypdfium2

LINES = ("one", "two", "three")
WAYS = {
    "right": ((1, 0, 0, 1), (72, 600), (0, -14)),
    "up": ((0, 1, -1, 0), (100, 100), (14, 0)),
    "left": ((-1, 0, 0, -1), (540, 200), (0, 14)),
    "down": ((0, -1, 1, 0), (500, 700), (-14, 0)),
}


def page(way: str, rotate: int) -> bytes:
    matrix, (x, y), (right, up) = WAYS[way]
    drawn = b"".join(
        b"BT /F 11 Tf %g %g %g %g %g %g Tm (%s) Tj ET\n"
        % (*matrix, x + at * right, y + at * up, line.encode())
        for at, line in enumerate(LINES)
    )
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Rotate %d /Contents 5 0 R"
        b" /Resources << /Font << /F 4 0 R >> >> >>" % rotate,
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
    ]
    body, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(body)
    body += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % at for at in places)
    return body + b"trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start


upwards = set()
for way in WAYS:
    for rotate in (0, 90, 180, 270):
        document = pypdfium2.PdfDocument(page(way, rotate))
        lines = document[0].get_textpage().get_text_range().split()
        print(f"running {way:5} /Rotate {rotate:3}: {' '.join(lines)}")
        if lines == list(reversed(LINES)):
            upwards.add((way, rotate))
print("pypdfium2", pypdfium2.version.PYPDFIUM_INFO, "PDFium", pypdfium2.version.PDFIUM_INFO)
sys.exit(0 if upwards == {("right", 90), ("up", 180), ("left", 270), ("down", 0)} else 1)
PROGRAM
