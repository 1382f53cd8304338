"""Nouns that name what is asked for: `depth of the pond`, `rufus birthday`, `deadline for kit`.

Such questions have no verb and no question word, or only `what is the`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice
from typing import Final, NamedTuple

from codexity import kind_signs as signs
from codexity.analysis import STOP_WORDS
from codexity.kind import Kind

__all__ = ["NounKind", "named_kind", "only_names", "without_names"]


class NounKind(NamedTuple):
    """A kind by its nouns, and what one looks like; `light` nouns are not to be said by a text."""

    kind: Kind
    nouns: str
    finds: str
    vague: str = ""
    light: bool = True


_MOST: Final = (
    r"(?:max(?:imum|imal)?|min(?:imum|imal)?|smallest|largest|highest|lowest|upper|lower)"
)
_FIGURE: Final = (
    rf"{signs.NUMBER}|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen"
    r"|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|fou?rty|fifty|sixty"
    r"|seventy|eighty|ninety|hundred|thousand|dozen|half)\b"
)
_NO_MAIL: Final = r"(?! (?:clients?|accounts?|servers?|programs?|apps?|templates?|attachments?)\b)"
_AMOUNT: Final = rf"{signs.MONEY}|{signs.BARE_AMOUNT}|\d[.,]\d\d(?= (?:an?|per|each|every|the)\b)"
_KINDS: Final[tuple[NounKind, ...]] = (
    NounKind("email", rf"e-?mails?(?: address(?:es)?)?{_NO_MAIL}|mail address", r"\S@\S"),
    NounKind(
        "website", r"web ?sites?|web ?page|home ?page|url|web address", r"https?://|www\.|\w\.\w"
    ),
    NounKind(
        "phone",
        r"(?:tele)?phone(?: number| no)?|mobile(?: number|(?= of\b|\W*$))|tel",
        f"{signs.PHONE}|{signs.EXTENSION}",
    ),
    NounKind(
        "phone",
        r"(?:emergency|service|support|contact) (?:number|line)|hot ?line|help ?line",
        f"{signs.PHONE}|{signs.EXTENSION}",
        light=False,
    ),
    NounKind("phone", "fax(?: number)?", rf"{signs.PHONE}|\bfax:", light=False),
    NounKind("address", r"(?<!mail )(?<!mac )(?<!ip )(?:postal )?address", signs.ADDRESS),
    NounKind(
        "born",
        r"birthdays?(?! (?:cakes?|part(?:y|ies)|presents?|cards?|gifts?|songs?))|birth ?date"
        r"|dates? of birth|dob",
        r"\bborn\b|\bbirth|\bdob\b|\* ?\d",
    ),
    NounKind(
        "date",
        r"deadlines?|due dates?|closing dates?|last day|sign-?up date",
        r"\b(?:by|until|till|before|due|latest|deadline|last day|close[sd]?|ends?)\b\W+(?:\w+\W+)"
        rf"{{0,4}}?(?:{signs.DATE})",
        signs.DATE,
    ),
    NounKind(
        "date",
        r"dates?|(?:start|end|expiry|exam|release|launch) dates?",
        f"{signs.DATE}|{signs.TIME_OF_YEAR}",
        f"{signs.WHILE}|{signs.UNIT_OF_TIME}",
    ),
    NounKind(
        "hours",
        r"opening(?= (?:\w+day|times?|hours?|today|tomorrow)\b|\W*$)|open(?:ing)? (?:hours|times?)",
        rf"{signs.CLOCK}|\d ?(?:-|–|to|till|until) ?\d|\bclosed\b|\b24 ?hours\b|\bnoon\b",
        light=False,
    ),
    NounKind("hours", r"closing times?|(?:start|end|finish|departure|arrival) time", signs.CLOCK),
    NounKind("date", r"(?:week)?day|month", f"{signs.DATE}|{signs.TIME_OF_YEAR}", signs.WHILE),
    NounKind("day", r"year", r"(?<!\d)(?:1\d{3}|20\d\d)(?!\d)"),
    NounKind("age", r"(?<!minimum )(?<!min )(?<!maximum )(?<!max )age", signs.AGE),
    NounKind("number", rf"{_MOST} age|age limit", rf"{_FIGURE}|{signs.AGE}"),
    NounKind("weight", rf"weight(?: limit)?|(?:{_MOST} )?(?:pay)?load", signs.WEIGHT),
    NounKind(
        "temperature",
        r"temperature|temp(?= of\b|\W*$)",
        r"\d ?°|\d ?degrees?\b|\d ?[CF]\b|\bset to \d",
    ),
    NounKind("colour", r"colou?rs?", signs.COLOUR),
    NounKind(
        "duration",
        r"duration|(?:waiting|delivery|cooking|baking|running|travel|lead|response|drying|journey"
        r"|charging|storage|retention) (?:time|period)s?|notice period",
        f"{signs.UNIT_OF_TIME}|{signs.LENGTH}|{signs.CLOCK}",
        signs.SPAN,
        light=False,
    ),
    NounKind("length", r"lengths?", f"{signs.LENGTH}|{signs.UNIT_OF_TIME}|{signs.NUMBER}"),
    NounKind(
        "length",
        r"heights?|widths?|depths?|breadth|thickness|diameter|distances?|dimensions|altitude",
        rf"{signs.LENGTH}|\d ?[x×] ?\d|\bmin(?:utes?)? (?:on foot|by)\b",
        _FIGURE,
    ),
    NounKind(
        "number",
        "capacity",
        r"\d ?(?:people|persons?|guests?|members|users|passengers|seats?|places|spaces|beds|l\b|lit"
        r"|kg|tons?\b|k?wh\b|m?ah\b|[gtmk]i?b\b|ml\b|cm|m[²³])",
    ),
    NounKind(
        "number", "volume", rf"{signs.NUMBER} ?(?:l|ml|cl|lit(?:er|re)s?|gallons?|m³|cubic|%)"
    ),
    NounKind("speed", rf"(?:top|{_MOST}) speed", signs.SPEED),
    NounKind(
        "called", "nicknames?", rf"\b(?:called|nicknamed|known as)\b|[\"“]|(?-i:{signs.NAME})"
    ),
    NounKind("money", "rates?", rf"{_AMOUNT}|\d ?%|\bper ?cent\b"),
    NounKind(
        "number",
        r"(?!(?:phone|the|exact|total|max|maximum|min|minimum) )[^\W\d_]{2,20} number(?! of\b)",
        r"\d",
        light=False,
    ),
    NounKind("number", rf"sizes?|{_MOST} (?:number|amount|value|speed)", _FIGURE),
    NounKind(
        "number", rf"{_MOST}(?= (?:number|amount|value|size|width|height)\b)|limits?", _FIGURE
    ),
    NounKind("money", r"prices?|costs?", _AMOUNT),
    NounKind(
        "money",
        r"fees?|rent|surcharge|fine(?= for\b|\W*$)|deposit|salary|wages?|charges?|tariff"
        "|premium|budget",
        _AMOUNT,
        light=False,
    ),
)
_ASKED: Final = (
    r"\b(?:what(?:['’]?s| is| are| was| were) (?:(?:the|its|their|your|our|my|his|her) )?"
    r"(?:[\w'’-]+ ){0,2}?|(?:what|which) (?!\w*[^s\W]s\b))"
)
_NOT_BEFORE: Final = (
    r"(?! \d)(?! (?:lists?|books?|formats?|charts?|tables?|fields?|options?|columns?|variables?"
    r"|settings?|parameters?|codes?|lines?|changes?|plans?|rules?|policy|scheme|bar|types?"
    r"|cent(?:re|er)s?)\b)"
)
"""A noun before another only tells what that is: a `price list`, the `age 14`."""
_GOES_ON: Final = (
    r"(?=\W*$| (?:of|for|in|on|at|to|from|per|by|with|when|if|allowed|permitted|is|are|does|do|can"
    r"|may|must|should|will|during|between|and|i|we|you)\b)"
)
_VERBS: Final = re.compile(
    r"\b(?:who\w*|what|which|when|where|why|how|is|are|was|were|am|be|been|do|does|did|can|could|may"
    r"|must|should|shall|will|would|has|have|had|if|i|we|you|they|he|she|it|not|n['’]t|list|show"
    r"|write|explain|compare|tell|give|find|change|set|get|make|enter|add|see|use|send|check)\b|[?!:;]\s*\w",
    re.IGNORECASE,
)
_HEAD: Final = re.compile(
    r"\W*(?:the )?(?!(?:what|which|who|how|is|are|do|does|did|can)\b)"
    r"(?P<head>(?:[\w-]{2,30} ){0,2}?[\w-]{2,30})"
    r" (?:of|for|to) (?:the|an?|my|our|your)?",
    re.IGNORECASE,
)
"""The noun that a longer question begins with: `deadline for the letters that we ...`."""
_UNSAID: Final = frozenset(("address", "email", "website", "born", "date"))
_MOST_WORDS: Final = 7
_OF: Final = re.compile(r" (?:of|for|in|on|at|to|from|per|with)\b", re.IGNORECASE)
_WORD: Final = re.compile(r"[^\W_]+")


def named_kind(question: str) -> NounKind | None:
    """The kind that a noun of the question names, where it asks by nothing else."""
    found = _found(question)
    return found[0] if found else None


def without_names(question: str) -> str:
    """The question without the words that only name a kind which texts hardly ever name."""
    found = _found(question)
    naming = only_names(question) if found and found[0].kind in _UNSAID else frozenset[str]()
    left = _WORD.sub(lambda one: "" if one[0].lower() in naming else one[0], question)
    telling = any(one.lower() not in STOP_WORDS for one in _WORD.findall(left))
    return left if naming and telling else question


def only_names(question: str) -> frozenset[str]:
    """The words of the question, in small letters, that only name the kind that is asked for."""
    found = _found(question)
    return frozenset(_WORD.findall(found[1].lower())) if found and found[0].light else frozenset()


@lru_cache(maxsize=256)
def _found(question: str) -> tuple[NounKind, str] | None:
    words = _WORD.findall(question)
    terse = 1 < len(words) <= _MOST_WORDS and not _VERBS.search(question)
    head = None if terse else _HEAD.match(question)
    found = [
        (one, match)
        for one, anywhere, asked in _patterns()
        for match in islice((anywhere if terse else asked).finditer(question), _MOST_WORDS)
    ]
    if head and not found:
        found = [
            (one, match)
            for one, anywhere, _ in _patterns()
            if (match := anywhere.search(question, 0, head.end("head")))
            and match.end("noun") == head.end("head")
        ]
    if not found:
        return None
    # Of `price of the year` the first, of `fee day` the last; of those in one place the longest.
    first = min(found, key=lambda pair: (pair[1].start("noun"), -pair[1].end("noun")))
    last = max(found, key=lambda pair: (pair[1].end("noun"), -pair[1].start("noun")))
    one, match = first if _OF.match(question, first[1].end("noun")) else last
    return one, match["noun"]


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[NounKind, re.Pattern[str], re.Pattern[str]], ...]:
    return tuple(
        (
            one,
            re.compile(rf"{_noun(one)}{_NOT_BEFORE}", re.IGNORECASE),
            re.compile(rf"{_ASKED}{_noun(one)}{_GOES_ON}", re.IGNORECASE),
        )
        for one in _KINDS
    )


def _noun(one: NounKind) -> str:
    return rf"(?<!per )(?<!each )(?<!every )(?<!\ba )\b(?P<noun>(?:{_MOST} )?(?:{one.nouns}))\b"
