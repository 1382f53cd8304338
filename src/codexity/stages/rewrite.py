"""Step: a question becomes queries."""

from __future__ import annotations

import json
from typing import Any, Final

import anyio
from anyio.streams.memory import MemoryObjectSendStream

from codexity.errors import ProviderError
from codexity.events import Status
from codexity.filters import parted
from codexity.model import Limits, Query, Question
from codexity.ports import Emit, LanguageModel, Message
from codexity.prompt_injection import neutral, restored, visible
from codexity.text import STOP_WORDS, spelled, well_formed, words

_MAX_QUERY_CHARS: Final = 200
_REPLY_TOKENS: Final = 200

PROMPT: Final = (
    "You turn a question into queries for a web search engine. Reply with JSON only: "
    '{"queries": ["...", "..."]}. Give two or three short queries of keywords that together find '
    "pages which answer the question. Keep names, numbers, code words, and the question's language."
)
SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {"queries": {"type": "array", "items": {"type": "string"}, "maxItems": 4}},
    "required": ["queries"],
}


async def rewrite(
    question: Question,
    send: MemoryObjectSendStream[Query],
    *,
    model: LanguageModel | None,
    limits: Limits,
    emit: Emit,
) -> None:
    """Sends the question's own queries at once, then a model's rewriting if it comes in time.

    Closes `send` when no more queries will come. A model that fails or is late costs nothing but
    its queries.
    """
    async with send:
        own = _distinct([question.text, _keywords(question.text)])[: limits.max_queries]
        await emit(Status(step="queries_ready", queries=own))
        for text in own:
            await send.send(_query(text, question))
        if model is None or len(own) >= limits.max_queries:
            return
        rewritten: list[str] = []
        with anyio.move_on_after(limits.rewrite_seconds):
            rewritten = await _ask(question.text, model)
        every = _distinct([*own, *rewritten])[: limits.max_queries]
        if len(every) > len(own):
            await emit(Status(step="queries_ready", queries=every))
            for text in every[len(own) :]:
                await send.send(_query(text, question))


async def _ask(question: str, model: LanguageModel) -> list[str]:
    asked = json.dumps({"question": neutral(visible(question))}, ensure_ascii=False)
    messages = (Message(role="system", content=PROMPT), Message(role="user", content=asked))
    try:
        reply = await model.reply(messages, SCHEMA, max_tokens=_REPLY_TOKENS)
    except ProviderError:
        return []
    # An operator that nobody typed would hide what answers; typed ones are filters of each query.
    queries = [restored(text) for text in reply["queries"] if len(text) <= _MAX_QUERY_CHARS]
    return [" ".join(well_formed(parted(text)[0]).split()) for text in queries]


def _keywords(question: str) -> str:
    return " ".join(word for word in spelled(question) if not STOP_WORDS.issuperset(words(word)))


def _distinct(texts: list[str]) -> tuple[str, ...]:
    seen = {" ".join(words(text)): text for text in reversed(texts) if words(text)}
    return tuple(reversed(seen.values())) or tuple(texts[:1])


def _query(text: str, question: Question) -> Query:
    filters = question.filters
    return Query(
        text=text,
        site=filters.site,
        exclude_site=filters.exclude_site,
        after=filters.after,
        before=filters.before,
        language=filters.language,
        collection=filters.collection,
    )
