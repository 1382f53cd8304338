"""What a question can be narrowed by: typed as operators, checked, and held against a page."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Final

from codexity.errors import BadQuestion
from codexity.links import within
from codexity.model import Filters, Page, Question

MAX_FILTERS: Final = 20
LANGUAGES: Final = frozenset(
    """aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs
    cu cv cy da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha
    he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn
    ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb
    nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd
    se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw
    ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu""".split()
)
"""The codes of ISO 639-1."""
TOLD_APART: Final = frozenset(
    """ar be bg bn ca cs cy da de el en es et eu fa fi fr ga gu he hi hu hy is it ja ka
    kk kn ko lt lv ml mn mr mt my nl no pl pt ro ru si sk sl sq sv sw ta te th tr uk ur
    vi zh""".split()
)
"""What a page is held to: pages in others are often taken for ones in a neighbour of theirs."""
_SPELT: Final = {"nb": "no", "nn": "no"}

_DOMAIN: Final = re.compile(r"[\w-]{1,63}(?:\.[\w-]{1,63})*\.?")
_DOMAIN_CHARS: Final = 253
_ADDRESS: Final = re.compile(r"(?:https?://)?[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:/\S*)?", re.IGNORECASE)
_DATE: Final = re.compile(r"([1-9][0-9]{3})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_LIKE_A_DATE: Final = re.compile(r"[0-9]{4}(?:[-/.][0-9]{1,2}){0,2}")
_PUBLISHED: Final = re.compile(r"[0-9]{4}(?:-[0-9]{2}){0,2}")
# A quotation is kept whole: what stands in it is looked for and not obeyed.
_TYPED: Final = re.compile(
    r"""(?<!\w)"[^"]{0,500}"|“[^”]{0,500}”|„[^“”]{0,500}[“”]|«[^»]{0,500}»|`[^`]{0,500}`"""
    r"""|(?<!\S)'[^']{0,500}'(?!\w)"""
    r"""|(?<!\S)(?P<name>-?site|after|before|lang|language):(?P<value>\S+)(?:\s+|$)""",
    re.IGNORECASE,
)
_FIELDS: Final = {"site": "site", "-site": "exclude_site", "lang": "language"}


def understood(question: Question) -> Question:
    """The question with the operators typed in its text taken out, and in force as filters.

    `site:`, `-site:`, `after:`, `before:`, `lang:` and `language:`, each a word of its own that is
    not within quotation marks. They narrow what the filters leave, and never widen it. A word that
    has not the form of an operator stays text.

    Raises:
        BadQuestion: nothing but operators is left, or they contradict each other or the filters.
    """
    text, said = parted(question.text)
    if not said:
        return question
    if not text:
        raise BadQuestion("The question holds nothing but filters. Ask something.")
    try:
        filters = checked(_narrowed(question.filters, said))
    except BadQuestion as error:
        # It is the text that is wrong, whatever it names.
        raise BadQuestion(error.message) from error
    return replace(question, text=text, filters=filters)


def parted(text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The text without its operators; these, as pairs of a filter's name and a value."""
    said: list[tuple[str, str]] = []

    def taken(match: re.Match[str]) -> str:
        name = match["name"]
        value = (match["value"] or "").rstrip("?!.,;")
        if name is None or not _is_operator(name.lower(), value):
            return match[0]
        said.append((_FIELDS.get(name.lower(), name.lower()), value))
        return ""

    left = _TYPED.sub(taken, text)
    return (left.strip() if said else text), tuple(said)


def checked(filters: Filters) -> Filters:
    """The filters in one spelling: domains and languages in lower case, dates as `YYYY-MM-DD`.

    Raises:
        BadQuestion: one is not what it should be; `name` says which.
    """
    after = _day("after", filters.after)
    before = _day("before", filters.before)
    if after and before and after >= before:
        message = f"before ({before}) has to be later than after ({after}), which is included."
        raise BadQuestion(message, name="before")
    _count("collection", filters.collection)
    _count("provider", filters.provider)
    return replace(
        filters,
        site=_domains("site", filters.site),
        exclude_site=_domains("exclude_site", filters.exclude_site),
        after=after,
        before=before,
        language=_language(filters.language),
    )


def narrow(filters: Filters) -> bool:
    """Whether anything is left out; a number of sources leaves out nothing."""
    return filters != Filters(max_sources=filters.max_sources)


def elsewhere(url: str, filters: Filters) -> str:
    """Why an address is not to be read, in a sentence; empty where it may be."""
    if not within(url, filters.site):
        return "It is on another site than was asked for."
    if filters.exclude_site and within(url, filters.exclude_site):
        return "It is on a site that was excluded."
    return ""


def outside(published: str | None, filters: Filters) -> str:
    """Why what was published then is not to be used, in a sentence; empty where it may be.

    Where only the year or the month is known, one day of it is enough.
    """
    known = _PUBLISHED.match(published or "")
    if known:
        said = known[0]
        if filters.after and said + "-12-31"[len(said) - 4 :] < filters.after:
            return f"It was published on {said}, before {filters.after}."
        if filters.before and said + "-01-01"[len(said) - 4 :] >= filters.before:
            return f"It was published on {said}, not before {filters.before}."
    return ""


def unfit(page: Page, filters: Filters) -> str:
    """Why a page is not to be used, in a sentence; empty where it fits.

    A page that does not say when it was published fits, and so does one whose language is not
    known.
    """
    reason = elsewhere(page.url, filters) or outside(page.published, filters)
    if reason:
        return reason
    wanted = _SPELT.get(filters.language or "", filters.language)
    if wanted in TOLD_APART and page.language not in {None, wanted}:
        return f"It is written in another language ({page.language})."
    return ""


def _is_operator(name: str, value: str) -> bool:
    match name:
        case "site" | "-site":
            return bool(_DOMAIN.fullmatch(value) or _ADDRESS.fullmatch(value))
        case "after" | "before":
            return bool(_LIKE_A_DATE.fullmatch(value))
        case _:
            return value.lower() in LANGUAGES


def _narrowed(filters: Filters, said: tuple[tuple[str, str], ...]) -> Filters:
    def of(name: str) -> tuple[str, ...]:
        return tuple(value for key, value in said if key == name)

    after = [_day("after", one) for one in (filters.after, *of("after"))]
    before = [_day("before", one) for one in (filters.before, *of("before"))]
    languages = {one.lower() for one in (filters.language, *of("language")) if one}
    if len(languages) > 1:
        message = f"Pages are in one language: not in {' and '.join(sorted(languages))} at once."
        raise BadQuestion(message)
    return replace(
        filters,
        site=_both(filters.site, _domains("site", of("site"))),
        exclude_site=(*filters.exclude_site, *_domains("exclude_site", of("exclude_site"))),
        after=max(filter(None, after), default=None),
        before=min(filter(None, before), default=None),
        language=next(iter(languages), None),
    )


def _both(given: tuple[str, ...], typed: tuple[str, ...]) -> tuple[str, ...]:
    """The domains that are in both: whoever types cannot leave what a program has set."""
    if not given or not typed:
        return given or typed
    narrow = [one for one in typed if within(f"https://{one}", given)]
    narrow += [one for one in given if within(f"https://{one}", typed)]
    if not narrow:
        raise BadQuestion(f"site:{typed[0]} is not within {', '.join(given)}, where it is asked.")
    return tuple(dict.fromkeys(narrow))


def _domains(name: str, values: tuple[str, ...]) -> tuple[str, ...]:
    domains = tuple(value.strip().lower() for value in values)
    for domain in domains:
        if not _DOMAIN.fullmatch(domain):
            message = f"{name} is a domain such as docs.python.org, not {domain[:60]!r}."
            raise BadQuestion(message, name=name)
    _count(name, domains)
    return domains


def _count(name: str, values: tuple[str, ...]) -> None:
    if len(values) > MAX_FILTERS or not all(0 < len(one) <= _DOMAIN_CHARS for one in values):
        raise BadQuestion(f"{name} is given too often, too long, or empty.", name=name)


def _day(name: str, value: str | None) -> str | None:
    if value is None:
        return None
    found = _DATE.fullmatch(value.strip())
    try:
        if found:
            return date(int(found[1]), int(found[2] or 1), int(found[3] or 1)).isoformat()
    except ValueError:
        found = None
    message = f"{name} is a date such as 2024, 2024-05 or 2024-05-31, not {value[:60]!r}."
    raise BadQuestion(message, name=name)


def _language(value: str | None) -> str | None:
    if value is None:
        return None
    code = value.strip().lower()
    if code not in LANGUAGES:
        message = f"language is a code of two letters such as en or de, not {value[:60]!r}."
        raise BadQuestion(message, name="language")
    return code
