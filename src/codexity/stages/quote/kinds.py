"""What kind of answer a question asks for: a number, a day, a person; one fact, a list, steps."""

from __future__ import annotations

import re
from collections.abc import Callable

_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
)
_NAME = rf"(?<=[\w,):] )(?!{_MONTH})[A-Z][\w.'’-]+|^(?!{_MONTH})[A-Z][a-z]+ (?=[A-Z]|[a-z]+s )"
_NUMBER = r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|dozen|hundred|thousand)\b"
_SPAN = (
    r"(?:\d|\b(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty)\b)"
    r"[\d.,]* ?(?:s\b|ms\b|h\b|min\b|m\b|d\b|(?:second|minute|hour|day|week|month|year|decade)s?\b)"
)
_MONEY = r"[$€£¥]|\b(?:euros?|dollars?|pounds?|crowns?|francs?|cents?|EUR|USD|CHF|free)\b|円|元"
_DATE = (
    r"\b1\d{3}s?\b|\b20\d\ds?\b|\b\d{1,2}[:.]\d\d\b|\b(?:January|February|March|April|May|June|July"
    r"|August|September|October|November|December|century|BC|AD|(?:Mon|Tues|Wednes|Thurs|Fri"
    r"|Satur|Sun)days?)\b|\d{1,2}(?:st|nd|rd|th)\b"
)
_CALL = (
    r"\w\(| --\w|\./\w"
    r"|\b(?:[Uu]se|[Cc]all|[Ss]et|[Rr]eturns?|[Pp]ass|[Aa]dd|[Cc]reate|[Oo]pen|[Rr]un)\b"
)
_WORKS = r"\bhow (?:do|does) .{1,80}\bworks?\b|\bwhat (?:do|does) .{1,80}\b(?:do|mean)\W*$"
_USE = (
    r"^\W*(?:(?:An?|The) )?\W*(?!If\b)[\w.()]+\W+(?:\w+ )?"
    r"(?:(?:is|are) (?:used|an?|the)\b|(?:lets|allows|makes|returns|means|adds|removes)\b)"
)
_KINDS = tuple(
    (re.compile(asks, re.IGNORECASE), re.compile(holds))
    for asks, holds in (
        (
            r"^\W*what(?:'s| is| are) (?:an? |the )?[\w.-]+\W*$",
            r"^\W*(?:An? |The )?[\w.-]+ (?:is|are|was|were|means?)\b",
        ),
        (_WORKS, _USE),
        (r"\bhow long\b", f"{_SPAN}|{_NUMBER}"),
        (r"\bhow much (?:do|does|did|is|are|was)\b.*\bcost\b|\bcosts?\b|\bprice\b", _MONEY),
        (
            (
                r"\bhow (?:many|much|long|old|far|tall|high|large|big|often|fast)\b|\bpercent"
                r"|\bwie (?:viele?|lange?|oft)\b|\bcombien\b|\bcu[aá]nt\w+|多少|几|いくら|何"
            ),
            _NUMBER,
        ),
        (
            (
                r"\bwhen\b|\b(?:what|which) (?:year|date|day|month|century|decade|time)\b|\buntil\b"
                r"|\bwann\b|\bquand\b|\bcu[aá]ndo\b"
            ),
            _DATE,
        ),
        (r"\bwho(?:m|se)?\b|\b(?:what|which) (?:person|actor|author|singer|band)\b", _NAME),
        (
            r"\bwhere\b|\b(?:what|which) (?:city|country|state|place|town|county|nation)\b",
            r"\b(?:in|at|from|near|to|of|on) (?:the )?[A-Z]|\b(?:[Pp]lace|[Aa]ddress|[Vv]enue):",
        ),
        (
            r"\bwhy\b|\bwhat (?:caused?|reason)",
            r"\b(?:because|since|due to|so that|in order to|as a result|reason|caused?|else)\b",
        ),
        (r"\bhow (?:do|to|can|could|should|would|does|might)\b", _CALL),
    )
)
_STEPS = re.compile(
    r"\bhow (?:do|does|to|can|could|should|would|is|are)\b|\b(?:what|which) order\b|\bsteps?\b"
    r"|\bwhat (?:do|should|must|shall|can) (?:i|you|one)\b.{0,15}\bdo\b|\bwhat (?:to do|now)\b"
    r"|^\s*[a-z]{3,}ing\b|\binstructions?\b"
    r"|\bwie (?!viel|lang|oft|hoch|gro|alt|weit|hei)\w+|\bcomment\b|\bc[oó]mo\b|怎么|怎样|如何"
    r"|どうやって|手順|方法|كيف",
    re.IGNORECASE,
)
_ACTION = re.compile(
    r"\bhow (?:do|to|can|could|should|would|must)(?: (?:i|we|you|one|they))?(?: \w+ly)?"
    r" (?!(?:do|get|go|make|use|have|best|be)\b)([a-z]{3,40})\b",
    re.IGNORECASE,
)
_MANY = re.compile(
    r"\b(?:which|what)(?! (?:does|is|was|has)\b)(?: \w+){0,2}"
    r" (?!(?:does|happens|goes|means|comes|takes|makes|gives|needs|costs|counts)\b)\w+[^su\W]s\b"
    r"|\bwhich\b.{1,40}\bwhich\b|\b(?:all|list|kinds?|types?|ingredients?|tools?)\b"
    r"|\bwhat (?:do|does|is|are|should)\b.*\b(?:need(?:ed)?|take|bring|pack|included?|allowed)\b"
    r"|\bwelche[rsnm]?\b|\bquel(?:le)?s\b|\bcu[aá]les\b|\bqu[eé] \w+s\b|哪些|どんな",
    re.IGNORECASE,
)
_ONE_OF = re.compile(
    r"\b(?:which|what|welche[rsnm]?|quel(?:le)?s?|cu[aá]l(?:es)?|qu[eé])\b", re.IGNORECASE
)
_ASKED = re.compile(r"\b(?:when|who|where|why|how)\b", re.IGNORECASE)
_MEASURED = re.compile(r" (?:many|much|long|old|far|tall|high|large|big|often|fast|deep)\b")
_WHY_OR_HOW = re.compile(
    r"\b(?:how|why)\b(?! (?:many|much|long|old|far|often|big|large))", re.IGNORECASE
)


def holds(question: str) -> Callable[[str], list[str]]:
    """What finds in a sentence that which this kind of question asks for."""
    for asks, found in _KINDS:
        if asks.search(question):
            return found.findall
    return lambda _: []


def asks_for_steps(question: str) -> bool:
    """Whether it is answered by what is done one after the other."""
    return _STEPS.search(question) is not None


def action(question: str) -> str:
    """The verb of a question for steps: `extract` of `how do I extract ...`; empty if not told."""
    found = _ACTION.search(question)
    return found[1] if found else ""


def asks_for_many(question: str) -> bool:
    """Whether it is answered by the items of a list."""
    return _MANY.search(question) is not None


def asks_for_one_of(question: str) -> bool:
    """Whether it asks which of several things something is true of."""
    return _ONE_OF.search(question) is not None


def asks_what_it_is(question: str) -> bool:
    """Whether it asks for a definition, which no list is."""
    return _KINDS[0][0].search(question) is not None


def asks_how(question: str) -> bool:
    """Whether what goes on with the best sentence belongs to the answer."""
    return _WHY_OR_HOW.search(question) is not None


def class_of(question: str) -> str:
    """The word that is behind `which`: what things are asked for."""
    found = re.search(r"\b(?:which|what)\s+([^\W\d_]+)", question, re.IGNORECASE)
    return found[1].lower() if found else ""


_WORD = re.compile(r"[^\W\d_]+")
_FORMS = "does:do did:do done:do doing:do goes:go going:go doesn:not don:not"
_PLAIN = {form: word for form, _, word in (one.partition(":") for one in _FORMS.split())}


def plain_words(text: str) -> list[str]:
    """The words of a text in small letters, forms of `do` and `go` as these."""
    spoken: list[str] = _WORD.findall(text.lower())
    return [_PLAIN.get(one, one) for one in spoken]


def asks_no_number(question: str) -> bool:
    """Whether it asks when, who, where, why or how, and hence for no mere number."""
    found = _ASKED.search(question)
    return found is not None and not _MEASURED.match(question, found.end())
