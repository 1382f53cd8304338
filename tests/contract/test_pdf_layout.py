"""Pages of PDFs are read as a person reads them: columns, rows, raised figures, turned pages."""

from __future__ import annotations

import zlib
from itertools import chain

import pytest

import pdfs
from codexity.adapters.extract.pdf.reader import read_pdf
from codexity.model import Page

BOARD = [
    "The orchard was planted by two",
    "sisters who had come from the",
    "coast, and who knew nothing of",
    "apples. They asked the smith,",
    "who had a book about them.",
]
MILL = [
    "A mill stood by the brook until",
    "the flood took its wheel away.",
    "Nobody has built it up again,",
    "though the stones still lie in",
    "the grass below the bridge.",
]
BEES = [
    "Bees are kept behind the barn,",
    "where the wind does not reach",
    "them. In a good year there are",
    "forty jars of honey, and every",
    "child of the village gets one.",
]


def read(*streams: bytes) -> Page:
    return read_pdf(pdfs.of_streams(list(streams)), "https://a.example/a.pdf")


def row(y: float, *cells: tuple[float, str], size: int = 11) -> bytes:
    return b"".join(pdfs.words_at(x, y, text, size) for x, text in cells)


def rows(top: float, *lines: tuple[tuple[float, str], ...]) -> bytes:
    """Lines whose parts are drawn side by side, as layout programs do."""
    return b"".join(row(top - 14 * at, *cells) for at, cells in enumerate(lines))


def side_by_side(top: float, *columns: list[str], width: float = 190) -> bytes:
    longest = max(map(len, columns))
    lines = (
        tuple(
            (60 + width * place, column[at])
            for place, column in enumerate(columns)
            if at < len(column)
        )
        for at in range(longest)
    )
    return rows(top, *lines)


def blocks_of(page: Page) -> list[tuple[str, str]]:
    return [(one.kind, page.text[one.start : one.end]) for one in page.blocks]


# --- columns ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "columns", [[BOARD, MILL], [BOARD, MILL, BEES], [BOARD, MILL[:4]], [BOARD[:3], MILL]]
)
def test_each_column_is_read_to_its_end(columns: list[list[str]]) -> None:
    page = read(side_by_side(700, *columns))
    assert page.text.split() == " ".join(chain.from_iterable(columns)).split()


def test_what_runs_across_columns_parts_them() -> None:
    across = "Between the columns a line goes from one side of the page to the other, and says so."
    page = read(
        pdfs.words_at(60, 740, "A Village and its Trees", 18)
        + side_by_side(700, BOARD, MILL, width=260)
        + pdfs.words_at(60, 615, across)
        + side_by_side(590, BEES, MILL, width=260)
    )
    parts = ("A Village", BOARD[0], MILL[0], across, BEES[0])
    places = [page.text.index(part) for part in parts]
    assert places == sorted(places)
    assert page.blocks[0].kind == "heading"
    assert " ".join(BOARD) in page.text


def test_a_word_that_is_parted_in_a_column_is_whole_again() -> None:
    left = [
        "They had no idea of grafting or of prun-",
        "ing, and took twigs from a well-",
        *BOARD[:3],
    ]
    right = ["known gardener's wall. Later the sum-", "mer came, and all of it was", *MILL[:3]]
    page = read(side_by_side(700, left, right, width=260))
    assert "of pruning, and" in page.text
    assert "Later the summer came" in page.text


def test_labels_and_their_values_stay_together() -> None:
    values = {"Number": "77-04", "Day": "2 May 2031", "Barn": "Upper meadow 3", "Sum": "912 marks"}
    lines = [((60, f"{label} of the bill"), (300, value)) for label, value in values.items()]
    page = read(rows(700, *lines))
    assert blocks_of(page) == [
        ("pair", f"{label} of the bill {value}") for label, value in values.items()
    ]
    start, end = page.blocks[1].cells[1]
    assert page.text[start:end] == "2 May 2031"


def test_the_rows_of_a_table_know_their_headers() -> None:
    page = read(
        pdfs.words_at(60, 730, "What the orchard gave that year, in baskets of ten:")
        + rows(
            700,
            ((60, "Tree"), (210, "Early"), (290, "Late")),
            ((60, "Russet by the well"), (214, "12"), (292, "31")),
            ((60, "Pippin"), (214, "9"), (292, "4")),
            ((60, "Quince"), (214, "0"), (292, "17")),
        )
    )
    assert blocks_of(page)[1:] == [
        ("row", "Tree Early Late"),
        ("row", "Russet by the well 12 31"),
        ("row", "Pippin 9 4"),
        ("row", "Quince 0 17"),
    ]
    assert page.blocks[2].header == ("Tree", "Early", "Late")
    assert [page.text[start:end] for start, end in page.blocks[2].cells] == [
        "Russet by the well",
        "12",
        "31",
    ]


def test_one_line_with_a_gap_is_a_line() -> None:
    page = read(row(700, (60, "Chapter one"), (400, "7")) + row(640, (60, "It was a good year.")))
    assert [kind for kind, _ in blocks_of(page)] == ["paragraph", "paragraph"]


def test_a_page_that_is_drawn_from_its_foot_is_read_from_its_head() -> None:
    drawn = [pdfs.words_at(60, 700 - 14 * at, line) for at, line in enumerate(BOARD)]
    assert read(b"".join(reversed(drawn))).text == " ".join(BOARD)
    # A foot alone that is drawn first is no such page.
    foot = pdfs.words_at(60, 60, "Printed by the smith.")
    assert read(foot, *([foot + b"".join(drawn)])).text.endswith(" ".join(BOARD))


# --- turned -----------------------------------------------------------------------


def turned_page(stream: bytes, rotate: int) -> bytes:
    return pdfs.written(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R >>",
            2: b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
            3: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            4: pdfs.page(5).replace(b"/MediaBox", b"/Rotate %d /MediaBox" % rotate),
            5: pdfs.packed(zlib.compress(stream)),
        }
    )


def text_that_runs(way: str) -> bytes:
    """The lines, running right, up, down, or left over the paper."""
    matrix, (x, y), (right, up) = {
        "right": ((1, 0, 0, 1), (72, 600), (0, -14)),
        "up": ((0, 1, -1, 0), (100, 100), (14, 0)),
        "down": ((0, -1, 1, 0), (500, 700), (-14, 0)),
        "left": ((-1, 0, 0, -1), (540, 200), (0, 14)),
    }[way]
    return b"".join(
        b"BT /F 11 Tf %g %g %g %g %g %g Tm (%s) Tj ET\n"
        % (*matrix, x + at * right, y + at * up, line.encode())
        for at, line in enumerate(BOARD)
    )


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize("way", ["right", "up", "down", "left"])
def test_lines_that_lie_on_their_side_are_read_in_order(rotate: int, way: str) -> None:
    page = read_pdf(turned_page(text_that_runs(way), rotate), "https://a.example/a.pdf")
    assert page.text == " ".join(BOARD)


# --- raised -----------------------------------------------------------------------


def raised(*pieces: tuple[str, str]) -> bytes:
    """One line of pieces, of which some are smaller and above the line."""
    drawn = [b"BT 72 700 Td\n"]
    for how, text in pieces:
        size, rise = {"": (11, 0), "^": (7, 4), "_": (7, -2)}[how]
        shown = text.encode("cp1252").replace(b"(", b"\\(").replace(b")", b"\\)")
        drawn.append(b"/F %d Tf %d Ts (%s) Tj\n" % (size, rise, shown))
    return b"".join((*drawn, b"ET\n"))


@pytest.mark.parametrize(
    ("pieces", "text"),
    [
        ([("", "The pond holds 10"), ("^", "5"), ("", " litres.")], "The pond holds 10⁵ litres."),
        ([("", "It gave 4·10"), ("^", "12"), ("", " seeds.")], "It gave 4·10¹² seeds."),
        ([("", "A field of 40 m"), ("^", "2"), ("", " lies bare.")], "A field of 40 m² lies bare."),
        ([("", "It grew by 10"), ("^", "-3"), ("", " metres.")], "It grew by 10⁻³ metres."),
        ([("", "In 1904"), ("^", "7"), ("", " the elm fell.")], "In 1904[7] the elm fell."),
        ([("", "The elm fell."), ("^", "13")], "The elm fell.[13]"),
        ([("", "The smith"), ("^", "2"), ("", " knew.")], "The smith[2] knew."),
        # What stands on its line, or below it, is not raised.
        ([("", "In 1904 the elm of 1711 fell.")], "In 1904 the elm of 1711 fell."),
        ([("", "Water is H"), ("_", "2"), ("", "O and wet.")], "Water is H2O and wet."),
        ([("", "Tree "), ("", "12"), ("", " is the elm.")], "Tree 12 is the elm."),
    ],
)
def test_raised_figures_stand_apart(pieces: list[tuple[str, str]], text: str) -> None:
    assert read(raised(*pieces)).text == text


def test_figures_at_the_head_of_a_page_are_not_raised() -> None:
    # Browsers print the day in small figures above the page, and some draw it last.
    page = read(pdfs.words_at(72, 300, "Methods") + pdfs.words_at(72, 760, "11/29/26, 2:24 AM", 7))
    assert "[" not in page.text
    assert "11/29/26" in page.text


# --- hyphens ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["It is a well-", "known tree."], "It is a well-known tree."),
        (["It is a self-", "sown tree."], "It is a self-sown tree."),
        (["Honey cake from plum honey is a honey-", "cake."], "is a honey-cake."),
        (["The sum-", "mer was long."], "The summer was long."),
        (["The flour is sold, and the flour-", "ishing mill too."], "the flourishing mill too."),
        (["Well known is a wellknown tree, a well-", "known one."], "a wellknown one."),
        (["From the Upper-", "Mill road."], "From the Upper-Mill road."),
    ],
)
def test_the_hyphen_of_a_compound_stays(lines: list[str], text: str) -> None:
    assert read_pdf(pdfs.pdf([lines]), "https://a.example/a.pdf").text.endswith(text)


# --- letters ----------------------------------------------------------------------

WIDTHS = dict(
    zip(
        "celkhnoprsatbud i",
        map(int, "500 556 222 500 556 556 556 556 333 500 556 278 556 556 556 278 222".split()),
        strict=True,
    )
)
"""Of Helvetica, in thousandths of its size."""


def letter_by_letter(top: float, *lines: str, left: float = 60) -> bytes:
    """Lines whose letters are each drawn by themselves, as browsers print them."""
    pieces: list[bytes] = []
    for at, line in enumerate(lines):
        x = left
        for letter in line:
            pieces += [pdfs.words_at(round(x, 2), top - 14 * at, letter)] if letter != " " else []
            x += WIDTHS[letter] * 11 / 1000
    return b"".join(pieces)


@pytest.mark.parametrize(
    "lines",
    [
        ["the keeper on the lock"] * 30,
        ["the heron in a pond", "no trout is here", "boats at the dock"] * 12,
        ["church and clock"] * 30,
    ],
)
def test_words_drawn_letter_by_letter_are_whole(lines: list[str]) -> None:
    """PDFium breaks each line between its letters where all lines of a page are short."""
    text = read(letter_by_letter(760, *lines)).text
    assert " ".join(text.split()) == " ".join(lines)


def test_letters_in_cells_of_their_own_stay_apart() -> None:
    drawn = b"".join(row(700 - 14 * at, (60, "a"), (90, "b"), (120, "c")) for at in range(9))
    assert " ".join(read(drawn).text.split()) == " ".join(["a b c"] * 9)
