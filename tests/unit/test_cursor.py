"""What is an event id, and what is none."""

from __future__ import annotations

import pytest

from codexity.edges.http.resume import Cursor, cursor

RUN = "0123456789abcdef" * 2
BEYOND = 10**18


@pytest.mark.parametrize(
    ("digits", "seq"),
    [
        ("1", 1),
        ("42", 42),
        ("0", 0),
        ("000", 0),
        ("007", 7),
        ("9" * 18, BEYOND - 1),
        ("9" * 19, BEYOND),
        ("18446744073709551616", BEYOND),
        ("9" * 10_000, BEYOND),
        ("0" * 10_000 + "5", 5),
    ],
    ids=["one", "many", "zero", "zeros", "led", "most", "more", "2-64", "endless", "endless-led"],
)
def test_an_id_names_its_run_and_its_number_however_large(digits: str, seq: int) -> None:
    assert cursor(f"{RUN}-{digits}") == Cursor(run=RUN, seq=seq)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "1",
        RUN,
        f"{RUN}-",
        f"-{RUN}-1",
        f"{RUN}--1",
        f"{RUN}-+1",
        f"{RUN}-1.0",
        f"{RUN}-1e3",
        f"{RUN}-0x1",
        f"{RUN}-1_0",
        f"{RUN}-1-1",
        f"{RUN[:-1]}-1",
        f"{RUN}0-1",
        f"{RUN.upper()}-1",
        f"{'g' * 32}-1",
        f" {RUN}-1",
        f"{RUN}-1 ",
        f"{RUN}-1\n",
        f"{RUN}-1\r\nX-Injected: yes",
        f"{RUN}\n-1",
        f"{RUN}-1\0",
        f"{RUN}-١",
        f"{RUN}-１",
        f"{RUN}-²",
        f"{RUN}–1",
        f"{RUN}-1\udc80",
        "../../etc/passwd-1",
        "%s%s%n-1",
        "' or 1=1 --",
    ],
    ids=ascii,
)
def test_whatever_else_is_no_id(text: str) -> None:
    assert cursor(text) is None
    assert cursor(f"{RUN}-1") is not None
