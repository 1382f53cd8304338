"""What can go wrong, divided by what the caller can do about it.

    CodexityError
    ├── Misconfigured          fix the settings (exit code 2)
    ├── BadQuestion            ask otherwise (HTTP 422)
    ├── UnknownRun             there is no such run or thread, or not for this principal (HTTP 404)
    ├── KeyReused              the key of a request was used for another one (HTTP 422)
    ├── Elsewhere              the run is another process' own, which cannot be told (HTTP 409)
    ├── Busy                   no more can be taken now: ask later (HTTP 429 or 503)
    │   ├── TooManyOfOne       of this client or principal, while others have room (HTTP 429)
    │   └── Draining           nor again in this process: it is about to end
    ├── LeftBehind             a reader is too far behind its run, and has to come back
    ├── UnknownDocument        there is no such document in the library (HTTP 404)
    ├── Unreadable             this page cannot be used; `code` is one of the `read` codes
    ├── ProviderError          somebody we asked did not help; `code` is a `search` or `write` code
    │   ├── ProviderRefused    it will not: key, quota, block
    │   └── ProviderUnavailable  it cannot now: try later
    │       └── ContextTooSmall  a model's context does not hold what it was asked
    ├── NoEvidence             nothing was found that could be cited
    ├── TooLong                a run has said more than is kept of one
    ├── StoreFailed            runs or documents cannot be kept now (disk full, locked, damaged)
    └── TooSlow                a deadline ran out

A message says who failed, what it said, and what to do. It is shown to people: no address of this
installation, no path, no key; those go into `detail`, which only the log sees.
"""

from __future__ import annotations

from typing import Literal

SearchCode = Literal[
    "blocked",
    "blocked_or_empty",
    "quota",
    "unauthorized",
    "timeout",
    "unreachable",
    "bad_reply",
    "no_results",
]
ReadCode = Literal[
    "not_public",
    "robots",
    "timeout",
    "unreachable",
    "http_status",
    "too_large",
    "type",
    "empty",
    "consent_wall",
    "captcha",
    "login",
    "error_page",
    "needs_javascript",
    "duplicate",
    "bad_content",
    "left_behind",
    "in_part",
    "instructions",
    "filtered",
]
WriteCode = Literal[
    "timeout",
    "unreachable",
    "unauthorized",
    "quota",
    "model_missing",
    "context_too_small",
    "cut_off",
    "bad_reply",
]


class CodexityError(Exception):
    """The root of every error that Codexity raises on purpose; `detail` is for the log only."""

    def __init__(self, message: str, *, detail: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.detail = detail


class Misconfigured(CodexityError):
    """A setting is wrong; the message names it and its mend."""


class BadQuestion(CodexityError):
    """The question, or the filter `name`, cannot be asked; the message says why."""

    def __init__(self, message: str, *, name: str | None = None) -> None:
        super().__init__(message)
        self.name = name


class UnknownRun(CodexityError):
    """There is no such run, or no such thread, for this principal."""


class KeyReused(CodexityError):
    """The key that names a request was used before, for another request."""


class Elsewhere(CodexityError):
    """The run belongs to another process that cannot be told what to do with it."""


class Busy(CodexityError):
    """There is no room for more now; `retry_seconds` says when to ask again."""

    def __init__(self, message: str, *, retry_seconds: int = 5) -> None:
        super().__init__(message)
        self.retry_seconds = retry_seconds


class TooManyOfOne(Busy):
    """One client or principal has more under way than it may, or than is its share."""


class Draining(Busy):
    """This process is about to end and begins nothing new."""


class LeftBehind(CodexityError):
    """A reader is so far behind that it is dropped; it may come back with its cursor."""


class TooLong(CodexityError):
    """A run has said more than is kept of one."""


class UnknownDocument(CodexityError):
    """There is no such document in the library."""


class Unreadable(CodexityError):
    """A page that cannot be used."""

    def __init__(self, message: str, *, code: ReadCode, detail: str = "") -> None:
        super().__init__(message, detail=detail)
        self.code: ReadCode = code


class ProviderError(CodexityError):
    """A search provider or a model server did not help.

    `retry_seconds` is when it may be asked again, where it said so.
    """

    def __init__(
        self,
        message: str,
        *,
        code: SearchCode | WriteCode,
        detail: str = "",
        retry_seconds: float | None = None,
    ) -> None:
        super().__init__(message, detail=detail)
        self.code: SearchCode | WriteCode = code
        self.retry_seconds = retry_seconds


class ProviderRefused(ProviderError):
    """It refused: key, quota or block. Asking again at once will not help."""


class ProviderUnavailable(ProviderError):
    """It could not be reached, was too slow or answered nonsense. Later may help."""


class ContextTooSmall(ProviderUnavailable):
    """A model's context does not hold what it was asked.

    `prompt_tokens` and `context_tokens` are what was asked and what there is, where its server says
    both; where it does not, others may have had the room.
    """

    def __init__(
        self,
        message: str,
        *,
        detail: str = "",
        prompt_tokens: int | None = None,
        context_tokens: int | None = None,
    ) -> None:
        super().__init__(message, code="context_too_small", detail=detail)
        self.prompt_tokens = prompt_tokens
        self.context_tokens = context_tokens


class NoEvidence(CodexityError):
    """Nothing citable was found; `tried` pairs what was asked with what it said."""

    def __init__(
        self,
        message: str,
        *,
        code: Literal["no_results", "no_pages"],
        tried: tuple[tuple[str, str], ...] = (),
    ) -> None:
        super().__init__(message)
        self.code: Literal["no_results", "no_pages"] = code
        self.tried = tried


class StoreFailed(CodexityError):
    """The store could not keep or read something."""


class TooSlow(CodexityError):
    """A deadline of the whole run ran out."""
