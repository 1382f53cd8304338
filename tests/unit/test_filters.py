"""What a question is narrowed by: typed in its text, checked, and held against a page."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from codexity.errors import BadQuestion
from codexity.filters import checked, elsewhere, narrow, parted, understood, unfit
from codexity.model import Filters, Page, Question

PAGE = Page(
    url="https://docs.a.example/x", title="X", text="X", published="2024-05-17", language="de"
)


@pytest.mark.parametrize(
    ("text", "left", "filters"),
    [
        ("site:docs.python.org with", "with", {"site": ("docs.python.org",)}),
        ("with SITE:Docs.Python.org?", "with", {"site": ("docs.python.org",)}),
        ("a site:x.org b site:y.org c", "a b c", {"site": ("x.org", "y.org")}),
        ("a\nsite:x.org\nb", "a\nb", {"site": ("x.org",)}),
        ("with -site:example.com", "with", {"exclude_site": ("example.com",)}),
        ("a after:2024-01-01", "a", {"after": "2024-01-01"}),
        ("a after:2024-05 before:2025", "a", {"after": "2024-05-01", "before": "2025-01-01"}),
        ("a after:2023 after:2024", "a", {"after": "2024-01-01"}),
        ("a before:2023 before:2024", "a", {"before": "2023-01-01"}),
        ("a lang:de", "a", {"language": "de"}),
        ("a language:DE, b", "a b", {"language": "de"}),
        ("a lang:de language:de", "a", {"language": "de"}),
        ('a "b c" site:x.org', 'a "b c"', {"site": ("x.org",)}),
        ('a 5" screen site:x.org or 6"', 'a 5" screen or 6"', {"site": ("x.org",)}),
        ("don't ask site:x.org, it's old", "don't ask it's old", {"site": ("x.org",)}),
        ('an "open one site:x.org', 'an "open one', {"site": ("x.org",)}),
    ],
)
def test_an_operator_is_taken_out_and_holds(text: str, left: str, filters: dict[str, Any]) -> None:
    asked = understood(Question(text=text))
    assert (asked.text, asked.filters) == (left, Filters(**filters))


@pytest.mark.parametrize(
    "text",
    [
        "what is a[site:x.org]",
        "(site:x.org)",
        "website:x.org",
        "--site:x.org",
        "x-site:x.org",
        'what does "-site:x.org" do',
        'who said "look at site:x.org first"',
        "who said “look at site:x.org first”",
        "what is `after:2024-01-01 lang:de` there",
        "what is 'before:2025 lang:de' there",
        "the meaning of after:hours and before:noon",
        "the site: x.org",
        "site:{name} in a template",
        "site:a:b",
        "after: 2024",
        "-after:2024",
        "lang:python lang:py",
        "language:klingon",
        "lang:",
    ],
)
def test_what_only_looks_like_an_operator_stays_text(text: str) -> None:
    assert understood(Question(text=text)) == Question(text=text)
    narrowed = understood(Question(text=f"{text} site:y.org"))
    assert (narrowed.text, narrowed.filters) == (text, Filters(site=("y.org",)))


@pytest.mark.parametrize(
    ("text", "given", "says"),
    [
        ("site:x.org lang:de", {}, "nothing but filters"),
        ("a after:2024-13-01", {}, "2024-13-01"),
        ("a before:2024/05", {}, "2024/05"),
        ("a site:https://x.org/y", {}, "https://x.org/y"),
        ("a site:x.org/y", {}, "x.org/y"),
        ("a after:2024 before:2024", {}, "later than after"),
        ("a lang:de lang:fr", {}, "de and fr"),
        ("a lang:de", {"language": "fr"}, "de and fr"),
        ("a before:2023", {"after": "2024"}, "later than after"),
        ("a site:y.org", {"site": ("x.org",)}, "site:y.org is not within x.org"),
        ("a " + " ".join(f"site:x{n}.org" for n in range(21)), {}, "too often"),
    ],
)
def test_operators_that_cannot_hold_are_told(text: str, given: dict[str, Any], says: str) -> None:
    with pytest.raises(BadQuestion) as told:
        understood(Question(text=text, filters=Filters(**given)))
    assert says in told.value.message
    assert told.value.name is None


def test_what_is_typed_narrows_what_is_given_and_never_widens_it() -> None:
    given = Filters(
        site=("b.org", "z.q.org"), exclude_site=("no.b.org",), after="2024-03", before="2024-09"
    )
    text = "a site:a.b.org site:q.org -site:x.org after:2024-05 before:2025 lang:de"
    assert understood(Question(text=text, filters=given)).filters == Filters(
        site=("a.b.org", "z.q.org"),
        exclude_site=("no.b.org", "x.org"),
        after="2024-05-01",
        before="2024-09-01",
        language="de",
    )


@pytest.mark.parametrize("hostile", ['"' * 500, "'a " * 160, "site:" * 100, "„" * 500, "`«" * 250])
def test_a_text_of_marks_stays_as_it_is(hostile: str) -> None:
    assert parted(hostile) == (hostile, ())


def test_filters_have_one_spelling() -> None:
    given = Filters(
        site=(" Docs.Python.ORG",), exclude_site=("X.org",), after="2024", before="2024-06",
        language="DE", collection=("c",), provider=("p",), max_sources=3,
    )  # fmt: skip
    assert checked(given) == replace(
        given,
        site=("docs.python.org",), exclude_site=("x.org",), after="2024-01-01", before="2024-06-01",
        language="de",
    )  # fmt: skip
    assert checked(checked(given)) == checked(given)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("site", ("a b",)),
        ("site", ("",)),
        ("site", ("https://x.org",)),
        ("site", ("x.org",) * 21),
        ("exclude_site", ("*.x.org",)),
        ("exclude_site", ("x.org",) * 21),
        ("after", "yesterday"),
        ("after", ""),
        ("after", "2024-1-1"),
        ("after", "2024-02-30"),
        ("after", "0000"),
        ("after", "２０２４"),
        ("before", "0001"),
        ("before", "2024-05-31T10:00"),
        ("language", "german"),
        ("language", "de-AT"),
        ("language", "xx"),
        ("language", ""),
        ("collection", ("",)),
        ("collection", ("notes",) * 21),
        ("provider", ("",)),
        ("provider", ("library",) * 21),
    ],
)
def test_a_filter_that_is_not_what_it_should_be_is_named(name: str, value: Any) -> None:
    with pytest.raises(BadQuestion) as told:
        checked(Filters(**{name: value}))
    assert told.value.name == name
    assert told.value.message.startswith(name)


def test_as_many_of_a_filter_as_there_may_be_are_taken() -> None:
    names = ("library",) * 20
    assert checked(Filters(provider=names, collection=names)).provider == names


def test_the_days_have_to_leave_one_between_them() -> None:
    assert checked(Filters(after="2024-05-31", before="2024-06")).before == "2024-06-01"
    with pytest.raises(BadQuestion) as told:
        checked(Filters(after="2024-06-01", before="2024-06"))
    assert told.value.name == "before"


@pytest.mark.parametrize(
    ("url", "filters", "left_out"),
    [
        ("https://a.org/", Filters(), False),
        ("https://a.org/", Filters(site=("a.org",)), False),
        ("https://docs.a.org/", Filters(site=("a.org",)), False),
        ("https://ba.org/", Filters(site=("a.org",)), True),
        ("https://a.org/", Filters(exclude_site=("a.org",)), True),
        ("https://docs.a.org:8443/", Filters(exclude_site=("a.org",)), True),
        ("https://ba.org/", Filters(exclude_site=("a.org",)), False),
        ("https://docs.a.org/", Filters(site=("a.org",), exclude_site=("docs.a.org",)), True),
        ("/library/documents/a", Filters(exclude_site=("a.org",)), False),
        ("/library/documents/a", Filters(site=("a.org",)), True),
    ],
)
def test_an_address_is_held_to_the_sites(url: str, filters: Filters, *, left_out: bool) -> None:
    assert bool(elsewhere(url, filters)) is left_out
    assert bool(unfit(replace(PAGE, url=url), filters)) is left_out


@pytest.mark.parametrize(
    ("published", "after", "before", "left_out"),
    [
        ("2024-05-17", "2024-05-17", None, False),
        ("2024-05-17", "2024-05-18", None, True),
        ("2024-05-17", None, "2024-05-17", True),
        ("2024-05-17", None, "2024-05-18", False),
        ("2024-05-17T23:59:00Z", None, "2024-05-18", False),
        ("2024-05", "2024-05-31", None, False),
        ("2024-05", "2024-06-01", None, True),
        ("2024", None, "2024-01-02", False),
        ("2024", None, "2024-01-01", True),
        (None, "2024-01-01", "2025-01-01", False),
        ("May 2001", "2024-01-01", None, False),
    ],
)
def test_a_page_is_held_to_the_dates_where_its_own_is_known(
    published: str | None, after: str | None, before: str | None, *, left_out: bool
) -> None:
    reason = unfit(replace(PAGE, published=published), Filters(after=after, before=before))
    assert bool(reason) is left_out
    assert (published or "") in reason or not left_out


@pytest.mark.parametrize(
    ("language", "wanted", "left_out"),
    [
        ("de", "de", False),
        ("en", "de", True),
        (None, "de", False),
        ("no", "nb", False),
        ("de", "nn", True),
        ("hr", "bs", False),
    ],
)
def test_a_page_is_held_to_the_language_where_it_can_be_told(
    language: str | None, wanted: str, *, left_out: bool
) -> None:
    reason = unfit(replace(PAGE, language=language), Filters(language=wanted))
    assert bool(reason) is left_out


def test_a_number_of_sources_leaves_nothing_out() -> None:
    assert not narrow(Filters(max_sources=1))
    for given in (
        {"site": ("a",)},
        {"exclude_site": ("a",)},
        {"after": "2024"},
        {"language": "de"},
    ):
        assert narrow(Filters(**given))  # pyright: ignore[reportArgumentType]
