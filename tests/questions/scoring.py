"""The questions over the small worlds, and how an answer to one of them is judged."""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from codexity.model import Claim, Source

HERE = Path(__file__).resolve().parent
WORLDS = (
    "office",
    "software",
    "household",
    "practice",
    "workshop",
    "club",
    "school",
    "lab",
    "village",
    "shop",
    "languages",
    "starter",
)
READ = frozenset(
    "office software household practice workshop club school languages starter".split()
)
"""Worlds whose held-back half was given up: it was read, and both of its halves are tuned on."""
KINDS = (
    "fact paraphrase typo table list steps which-of-two superseded name date number negation"
    " two-documents code unanswerable near-unanswerable other-language"
).split()
ANSWERED_BY_REFUSING = frozenset({"unanswerable", "near-unanswerable"})
MANY = frozenset({"list", "steps"})
"""Kinds of which the answer is several items, which count as one sentence."""

Half = Literal["tuned", "held back"]
Verdict = Literal["right", "partly", "wrong", "refused", "rightly refused"]
GOOD = frozenset[Verdict]({"right", "rightly refused"})

_MARK = re.compile(r"\[(\d{1,3})\]")
_LINK = re.compile(r"\[([^\]\[]*)\]\([^()\s]*\)")
_MARKUP = re.compile(r"[*`]+")
_LATIN = "0-9A-Za-z\u00c0-\u024f"
_NOTHING_SAID = re.compile(
    r"(?:documents?|sources?|library|evidence) (?:do|does|did) not"
    r" (?:say|tell|answer|contain|mention)"
    r"|nothing (?:usable )?was found|no (?:document|source) (?:says|answers)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question, and what is known of its answer; `README.md` says what each field means."""

    id: str
    question: str
    world: str
    language: str
    kind: str
    right: tuple[tuple[str, ...], ...]
    forbidden: tuple[str, ...]
    quote: str
    refuse: bool


def load(folder: Path = HERE / "questions") -> tuple[Asked, ...]:
    """All questions of the set, in the order of the worlds and of their files."""
    return tuple(
        _asked(row)
        for world in WORLDS
        for row in json.loads((folder / f"{world}.json").read_text(encoding="utf-8"))
    )


def _asked(row: dict[str, Any]) -> Asked:
    rest = {name: value for name, value in row.items() if name not in {"right", "forbidden"}}
    return Asked(
        right=tuple(tuple(one) for one in row["right"]), forbidden=tuple(row["forbidden"]), **rest
    )


def half(name: str) -> Half:
    """The half that the question with this id belongs to: whoever tunes looks at `tuned` alone."""
    if name.partition("-")[0] in READ:
        return "tuned"
    return "held back" if hashlib.sha256(name.encode()).digest()[0] % 2 else "tuned"


def flat(text: str) -> str:
    """The text without marks of markup, with single spaces: how two spellings are compared."""
    return " ".join(_MARKUP.sub("", _LINK.sub(r"\1", text)).replace("|", " ").split())


def place(wanted: str, text: str) -> int:
    """Where a string stands in a flat text as whole words and numbers; -1 when it does not."""
    wanted = flat(wanted)
    before = rf"(?<![{_LATIN}])" if re.match(rf"[{_LATIN}]", wanted) else ""
    after = rf"(?![{_LATIN}])" if re.search(rf"[{_LATIN}]\Z", wanted) else ""
    if wanted[:1].isdigit():
        before += r"(?<!\d[.,])"
    if wanted[-1:].isdigit():
        after += r"(?![.,]\d)"
    found = re.search(before + re.escape(wanted) + after, text)
    return found.start() if found else -1


def verdict(
    asked: Asked,
    answer_text: str,
    status: str,
    sources: Sequence[Source] = (),
    claims: Sequence[Claim] = (),
) -> Verdict:
    """Judges an answer by its words.

    `right` needs every string of one alternative, and a citation of a source that there is;
    `partly` has some of them, or all of them uncited. A forbidden string makes it `wrong`; where
    a newer fact supersedes an older one, only before the newer: both may be shown, the newer first.
    """
    if _refuses(answer_text, status):
        return "rightly refused" if asked.refuse else "refused"
    said = flat(_MARK.sub(" ", answer_text))
    best = [[place(one, said) for one in strings] for strings in asked.right]
    whole = [places for places in best if min(places) >= 0]
    right_at = min((min(places) for places in whole), default=len(said))
    spoilt = [at for at in (place(one, said) for one in asked.forbidden) if at >= 0]
    if asked.kind == "superseded":
        spoilt = [at for at in spoilt if at < right_at]
    if asked.refuse or spoilt:
        return "wrong"
    if whole and _cited(answer_text, claims) & {one.index for one in sources}:
        return "right"
    return "partly" if any(max(places) >= 0 for places in best) else "wrong"


def shown(asked: Asked, claims: Iterable[Claim]) -> bool:
    """Whether a quotation under one of the sentences shows what the document says on it."""
    quotations = (one.text for claim in claims for one in claim.quotes)
    return any(place(asked.quote, flat(one)) >= 0 for one in quotations)


def short(asked: Asked, claims: Sequence[Claim], most: int = 3) -> bool:
    """Whether the answer has at most so many sentences; a list's items and steps count as one."""
    return asked.kind in MANY or len(claims) <= most


def counts(verdicts: Iterable[tuple[str, Verdict]]) -> dict[str, Counter[Verdict]]:
    """How often each verdict was given, for each name (a kind, a world) and for `all`."""
    table: dict[str, Counter[Verdict]] = {"all": Counter()}
    for name, one in verdicts:
        table.setdefault(name, Counter())[one] += 1
        table["all"][one] += 1
    return table


def wilson(good: int, of: int, z: float = 1.96) -> tuple[float, float]:
    """The interval of a share at 95 % (with z = 1.96), after E. B. Wilson; (0, 1) of nothing."""
    if of == 0:
        return (0.0, 1.0)
    share, wide = good / of, z * z / of
    middle = (share + wide / 2) / (1 + wide)
    reach = z / (1 + wide) * math.sqrt(share * (1 - share) / of + wide / (4 * of))
    return (max(0.0, middle - reach), min(1.0, middle + reach))


def _refuses(text: str, status: str) -> bool:
    if status == "no_evidence" or not text.strip():
        return True
    return not _MARK.search(text) and bool(_NOTHING_SAID.search(text))


def _cited(text: str, claims: Iterable[Claim]) -> set[int]:
    numbers = {int(one) for one in _MARK.findall(text)}
    return numbers.union(*(claim.citations for claim in claims))
