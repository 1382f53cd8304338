from __future__ import annotations

from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from codexity.links import at_quote, canonical, site, within

_ADDRESS = st.builds(
    "".join,
    st.tuples(
        st.sampled_from(
            ["http://", "https://", "HTTPS://", "//", "", "ftp://", "mailto:", " http://"]
        ),
        st.sampled_from(
            [
                "a.org",
                "WWW.A.org",
                "www.www.a.org",
                "www.",
                "u:p@a.org",
                "[::1]",
                "[bad",
                "ä.org",
                "",
            ]
        ),
        st.sampled_from(["", ":80", ":443", ":8080", ":", ":x", ":99999", "."]),
        st.sampled_from(["", "/", "//", "/a/", "/a//b", "/A%20b", "/?", "/;x", "a"]),
        st.sampled_from(
            ["", "?", "?b=2&a=1", "?utm_source=x", "?a", "?a=%FF", "?a=b=c&a=b", "?q=ä+b"]
        ),
        st.sampled_from(["", "#", "#top", "#a?b"]),
    ),
) | st.text(max_size=40)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://a.org", "https://a.org/"),
        ("https://WWW.A.org/x", "https://a.org/x"),
        ("https://a.org:443/x/", "https://a.org/x"),
        ("https://a.org./x", "https://a.org/x"),
        ("https://a.org/x#part", "https://a.org/x"),
        ("https://a.org/x?utm_source=n&gclid=1&id=2", "https://a.org/x?id=2"),
        ("https://a.org/x?b=2&a=1", "https://a.org/x?a=1&b=2"),
        ("https://user:word@a.org/x", "https://a.org/x"),
        (" https://a.org/x\n", "https://a.org/x"),
    ],
)
def test_one_page_has_one_spelling(one: str, other: str) -> None:
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.org/x", "https://a.org/X"),
        ("https://a.org:8080/", "https://a.org/"),
        ("https://a.org/x?id=1", "https://a.org/x?id=2"),
        ("https://a.org/x?id=1&id=2", "https://a.org/x?id=1"),
        ("https://m.a.org/x", "https://a.org/x"),
        ("https://www.org/", "https://org/"),
        ("ftp://a.org/x", "https://a.org/x"),
        ("/library/mine/a", "/library/mine/b"),
    ],
)
def test_two_pages_keep_two_spellings(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


@given(_ADDRESS)
@example("http://www.www.a.org/?a=\ud800")
@example("http://[bad")
@example("\x1b\x850")
@example("//a\x85/\x85/")
def test_a_canonical_address_is_its_own(url: str) -> None:
    assert canonical(canonical(url)) == canonical(url)


@given(_ADDRESS, st.sampled_from(["a.org", "", ".", "www.a.org"]))
def test_no_address_is_too_strange_to_be_asked_about(url: str, domain: str) -> None:
    assert "/" not in site(url)
    assert within(url, (domain,)) in {True, False}


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://www.docs.a.org/x", "docs.a.org"),
        ("http://127.0.0.1:8000/x", "127.0.0.1:8000"),
        ("http://[::1]:8000/x", "[::1]:8000"),
        ("/library/mine/a", ""),
        ("http://[bad", ""),
    ],
)
def test_site(url: str, name: str) -> None:
    assert site(url) == name


@pytest.mark.parametrize(
    ("url", "domains", "expected"),
    [
        ("https://a.org/x", (), True),
        ("https://a.org/x", ("a.org",), True),
        ("https://docs.a.org:8080/x", ("b.org", " A.org. "), True),
        ("https://A.ORG./x", ("www.a.org",), True),
        ("https://bada.org/x", ("a.org",), False),
        ("https://a.org.evil.com/", ("a.org",), False),
        ("https://evil.com/?a.org", ("a.org",), False),
        ("https://a.org@evil.com/", ("a.org",), False),
        ("http://[bad", ("a.org",), False),
        ("/library/mine/a", ("a.org", ""), False),
        ("https://xn--bcher-kva.example/x", ("bücher.example",), True),
        ("https://www.BÜCHER.example/x", ("xn--bcher-kva.example",), True),
        ("https://bücher.example/x", ("bücher.example",), True),
        ("https://bucher.example/x", ("bücher.example",), False),
        ("https://xn--bcher-kva.example/x", ("☃\ud83d.example",), False),
    ],
)
def test_within(url: str, domains: tuple[str, ...], expected: bool) -> None:
    assert within(url, domains) is expected


def test_a_short_quote_is_named_whole() -> None:
    link = at_quote("https://a.org/x", "The with  statement\nwraps a block")
    assert link == "https://a.org/x#:~:text=The%20with%20statement%20wraps%20a%20block"


def test_a_long_quote_is_named_by_its_ends() -> None:
    spoken = [f"w{n}" for n in range(40)]
    link = at_quote("https://a.org/x", " ".join(spoken))
    assert link.partition(":~:text=")[2] == (
        "w0%20w1%20w2%20w3%20w4%20w5,w34%20w35%20w36%20w37%20w38%20w39"
    )


@pytest.mark.parametrize(
    ("url", "head"),
    [
        ("https://a.org/x#part", "https://a.org/x#part:~:text="),
        ("https://a.org/x#part:~:text=old", "https://a.org/x#part:~:text="),
        ("https://a.org/x?a=1", "https://a.org/x?a=1#:~:text="),
        ("/library/mine/a", "/library/mine/a#:~:text="),
    ],
)
def test_the_address_keeps_its_own_fragment(url: str, head: str) -> None:
    assert at_quote(url, "so it is") == f"{head}so%20it%20is"


@pytest.mark.parametrize("url", ["https://a.org/x.pdf", "https://a.org/x.pdf#page=3:~:text=old"])
def test_a_page_of_a_pdf_is_opened_in_the_place_of_the_address_own_fragment(url: str) -> None:
    assert at_quote(url, "so it is", 12) == "https://a.org/x.pdf#page=12:~:text=so%20it%20is"
    assert at_quote(url, "", 12) == "https://a.org/x.pdf#page=12"


def test_no_quote_no_fragment() -> None:
    assert at_quote("https://a.org/x#part", " \n") == "https://a.org/x#part"


def test_marks_that_mean_something_in_a_directive_are_encoded() -> None:
    directive = at_quote("/x", "a-b, c & d-, #1 (50%)").partition("text=")[2]
    assert not set("-,&# ") & set(directive)
    assert unquote(directive) == "a-b, c & d-, #1 (50%)"


@given(st.text(max_size=400) | st.lists(st.text("ab中文、。 -,&", max_size=30)).map(" ".join))
@example("\ud800")
@example("x" * 1_000)
@example("中" * 61 + "、" + "文" * 61)
def test_a_quote_of_any_text_is_one_short_directive_of_its_ends(text: str) -> None:
    link = at_quote("/x", text)
    directive = link.partition("#:~:text=")[2]
    ends = [unquote(end) for end in directive.split(",")]
    whole = " ".join(text.split()).encode(errors="replace").decode()
    assert link.isascii()
    assert urlsplit(link).path == "/x"
    assert not set("-& ") & set(directive)
    assert all(len(end) <= 120 for end in ends)
    if len(ends) == 1:
        assert ends[0] == whole
    else:
        assert len(ends) == 2
        assert all(len(end) <= 60 and end == end.strip() and end for end in ends)
        assert whole.startswith(ends[0])
        assert whole.endswith(ends[1])
        assert len(ends[0]) + len(ends[1]) < len(whole)


def test_a_quote_without_spaces_is_cut_where_its_clauses_end() -> None:
    first, last = "コンテキストマネージャは", "終了時に必ず呼び出される。"
    middle = "実行時の文脈を定める対象であり、" * 12
    directive = at_quote("/x", f"{first}、{middle}{last}").partition("text=")[2]
    begin, end = (unquote(part) for part in directive.split(","))
    assert begin.startswith(first)
    assert begin.endswith("対象であり")
    assert end.startswith("実行時")
    assert end.endswith(last)
