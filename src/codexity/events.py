"""What a run says while it lives: typed events, their JSON, and the answer they add up to.

The names and fields are the wire's (see the event table of the HTTP guide). Source of the format:
the WHATWG HTML standard, section "Server-sent events".
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any, ClassVar, Final, Literal, TypeAlias, cast, get_args

from codexity.model import (
    Answer,
    AnswerStatus,
    CancelReason,
    Claim,
    Failure,
    Problem,
    Quotation,
    Source,
    Stage,
    Tried,
    Usage,
    Via,
)

PROTOCOL = 1
"""The version of the events, said in the first of them."""

Step = Literal[
    "queued",
    "rewriting_query",
    "queries_ready",
    "searching",
    "scraping",
    "scraping_done",
    "processing",
    "generating",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The run reached a step; the other fields belong to some steps only and are else left out."""

    name: ClassVar[str] = "status"
    step: Step
    run: str | None = None
    protocol: int | None = None
    place: int | None = None
    queries: tuple[str, ...] | None = None
    scraped: int | None = None
    total: int | None = None
    model: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """Something failed and the run went on without it.

    `detail` is for the operator's log: it is never encoded.
    """

    name: ClassVar[str] = "skipped"
    stage: Stage
    what: str
    why: str
    code: str
    detail: str = field(default="", compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcesPreview:
    """The first hits are in: how many, and the first five addresses."""

    name: ClassVar[str] = "sources_preview"
    count: int
    urls: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRead:
    """A page was read."""

    name: ClassVar[str] = "page"
    url: str
    title: str
    chars: int
    via: Via


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """The numbered evidence, said before the first token."""

    name: ClassVar[str] = "sources"
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A piece of the answer; concatenated, the pieces are exactly the answer."""

    name: ClassVar[str] = "token"
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimChecked:
    """A sentence of the answer was checked against its sources."""

    name: ClassVar[str] = "claim"
    start: int
    end: int
    citations: tuple[int, ...]
    support: Literal["quoted", "matched", "partial", "not_found", "uncited"]
    checked: tuple[str, ...] = ()
    judged: Literal["supported", "contradicted", "unclear"] | None = None
    quotes: tuple[Quotation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """The whole run failed; `Done` follows."""

    name: ClassVar[str] = "error"
    code: str
    message: str
    retryable: bool
    tried: tuple[Tried, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """The last event, exactly one. `seconds` says where the time went.

    `reason` is that of a `cancelled` run, and null else. `claims` says how many sentences of the
    answer have each kind of support.
    """

    name: ClassVar[str] = "done"
    status: AnswerStatus
    run: str
    seconds: dict[str, float]
    usage: Usage | None = None
    reason: CancelReason | None = None
    claims: dict[str, int] = field(default_factory=dict[str, int])


Event: TypeAlias = (
    Status | Skipped | SourcesPreview | PageRead | Sources | Token | ClaimChecked | Failed | Done
)

_NESTED: dict[str, type[Any]] = {"sources": Source, "quotes": Quotation, "tried": Tried}
DETAILS: Final[dict[Step, tuple[str, ...]]] = {
    "queued": ("run", "place"),
    "rewriting_query": ("run", "protocol"),
    "queries_ready": ("queries",),
    "scraping_done": ("scraped", "total"),
    "generating": ("model",),
}
"""What a status of a step has besides the step."""
_ENDING: Final = ("status", "seconds", "usage", "reason")
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=asdict)
_EVENT = b"event: "
_DATA = b"data: "
_TELL = 'event: token\ndata: {"text":'
_TOLD = "}\n\n"
_BETWEEN = "\x7f"
"""JSON has it as it is, and hardly any text has it."""
_PART = f'"{_TOLD}\0{_TELL}"'.encode()
_quoted = json.encoder.encode_basestring
_LINE_SEPARATORS = {ord("\u0085"): "\\u0085", 0x2028: "\\u2028", 0x2029: "\\u2029"}
KINDS: Final[dict[str, type[Any]]] = {kind.name: kind for kind in get_args(Event)}
"""Every event by its name."""
UNSAID: Final = frozenset({"detail"})
"""Fields that are never encoded."""
_NAMES: dict[type[Any], tuple[str, ...]] = {
    kind: tuple(one.name for one in fields(kind) if one.name not in UNSAID)
    for kind in KINDS.values()
}


def encode(event: Event) -> bytes:
    """The event as a block of an event stream that lacks its id: name and data, in UTF-8.

    The data is one line of JSON. Characters at which naive readers split lines are escaped; lone
    surrogates become U+FFFD.
    """
    if type(event) is Token:
        # Nearly all events are these, and this takes a quarter of the time.
        text = _TELL + _quoted(event.text) + _TOLD
    else:
        text = f"event: {event.name}\ndata: {_JSON.encode(_data(event))}\n\n"
    if text.isascii():
        return text.encode()
    text = text.translate(_LINE_SEPARATORS)
    try:
        return text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()


def encode_all(events: Sequence[Event], others: Sequence[Event]) -> list[bytes]:
    """Each event as `encode` has it; `others` are those of them that are no tokens.

    Where there is none, all are made in one go, in a third of the time of one after the other.
    """
    if len(events) > 1 and not others:
        texts = _BETWEEN.join([event.text for event in cast("Sequence[Token]", events)])
        if texts.isascii() and texts.count(_BETWEEN) == len(events) - 1:
            # JSON has no NUL of its own: it cannot stand within a token's.
            parted = _quoted(texts).encode().replace(_BETWEEN.encode(), _PART)
            return b"".join((_TELL.encode(), parted, _TOLD.encode())).split(b"\0")
    return [*map(encode, events)]


def no_tokens(events: Sequence[Event]) -> list[Event]:
    """Those of the events that are no tokens."""
    # A third of the time of looking at each, where all are.
    if set(map(type, events)) == {Token}:
        return []
    return [event for event in events if type(event) is not Token]


def _data(event: Event) -> dict[str, Any]:
    match event:
        case Status():
            names = ("step", *DETAILS.get(event.step, ()))
        case Failed(tried=None):
            names = _NAMES[Failed][:-1]
        case _:
            names = _NAMES[type(event)]
    # What these hold is made JSON where it is: copying it first takes as long again.
    return {name: getattr(event, name) for name in names}


def decode(block: bytes) -> Event:
    """The event that `encode` made this block of.

    Raises:
        KeyError: no event has this name.
    """
    name, _, data = block.partition(b"\n")
    kind = KINDS[name.removeprefix(_EVENT).decode()]
    values: dict[str, Any] = json.loads(data.removeprefix(_DATA))
    for key, value in values.items():
        if key in _NESTED and value is not None:
            values[key] = tuple(_NESTED[key](**one) for one in value)
        elif key == "usage" and value is not None:
            values[key] = Usage(**value)
        elif isinstance(value, list):
            values[key] = tuple(value)  # pyright: ignore[reportUnknownArgumentType]
    return kind(**values)


def tells(block: bytes, *kinds: type[Event]) -> bool:
    """Whether a block that `encode` made is an event of one of these kinds."""
    name = block.partition(b"\n")[0].removeprefix(_EVENT).decode()
    return name in {kind.name for kind in kinds}


def answer_of(question: str, run: str, events: Iterable[Event]) -> Answer:
    """What the events said so far, gathered: the whole of it once they end in `Done`."""
    pieces: list[str] = []
    skipped: list[Failure] = []
    claims: list[Claim] = []
    said: dict[str, Any] = {"status": "running"}
    for event in events:
        match event:
            case Token():
                pieces.append(event.text)
            case Sources():
                said["sources"] = event.sources
            case Skipped():
                skipped.append(
                    Failure(stage=event.stage, what=event.what, why=event.why, code=event.code)
                )
            case ClaimChecked():
                claims.append(Claim(**{f.name: getattr(event, f.name) for f in fields(event)}))
            case Status(step="generating"):
                said["model"] = event.model
            case Failed():
                said["error"] = Problem(
                    code=event.code,
                    message=event.message,
                    retryable=event.retryable,
                    tried=event.tried or (),
                )
            case Done():
                said |= {name: getattr(event, name) for name in _ENDING}
            case _:
                pass
    text = "".join(pieces)
    many = {"skipped": tuple(skipped), "claims": tuple(claims)}
    return Answer(question=question, run=run, text=text, **many, **said)
