"""Text analysis: what texts are found by. Index, ranking and quoting all ask here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain, repeat

from .compounds import called, joined, named
from .folding import fold, spelt_out
from .moments import moments
from .stemming import has_stemmer, stem_in
from .stemming import stem as stem_folded
from .stop_words import FUNCTION_WORDS, STOP_WORDS, other_stop_words, told
from .tokenizer import INSIDE, TOKEN, TOKEN_OF_ASCII, WORD
from .unspaced import UNSPACED, grams

__all__ = ["STOP_WORDS", "placed", "spelled", "stem", "stemmed_in", "stems", "told", "words"]

_RUN = 64
"""Characters without white space among them, of which the stems are remembered as one."""
_UNSPACED = re.compile(f"[{UNSPACED}]+")
_DIGIT = re.compile(r"\d")
_HUMP = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[^\W\d_A-Z]+|\d+")
_INITIALS = re.compile("[A-Z]{2,6}s")
_UMLAUT = re.compile("[äöüøåđÄÖÜØÅĐ\u0308\u030a]")


def words(text: str) -> list[str]:
    r"""The text's words, lower case, in order: runs of `\w` and marks, of at most 100."""
    return WORD.findall(text.lower())


def spelled(text: str) -> list[str]:
    """The text's tokens, lower case, in order, as they are written: `c++`, `node.js`, `e-mail`."""
    return TOKEN.findall(text.lower())


def stem(word: str) -> str:
    """The stem of one word, folded."""
    return stem_folded(fold(word))


def stemmed_in(text: str, detected: str | None) -> str:
    """The language whose stems a whole text is to have; empty where English's are enough.

    `detected` is what its extractor is sure of; short texts are told by their function words.
    """
    if detected is not None:
        return detected if has_stemmer(detected) else ""
    return told(text) or ""


def stems(text: str, language: str | None = None) -> tuple[str, ...]:
    """What a text is found by: the stems of its words, stop words left out, in order.

    Words are folded first, see `fold`. Where the text is of a language that has its own stemmer
    (`language`, ISO 639-1, or what its function words tell), the stem in that follows where it
    differs. An identifier (`readText`, `read_text`) has its parts' as well, initials (`DVDs`) have
    those of one, what is joined by a sign is found written as one (`e-mail`: email), a name with a
    sign by itself (`c++`, `.net`).
    Of scripts without spaces come the n-grams, see `grams`; of dates, times and large numbers what
    all their spellings have, see `moments`, and of functions that are called like a stop word their
    name, see `called`; both behind all else.
    """
    own = _of_words(text, language)
    dated, calls = _DIGIT.search(text) is not None, "(" in text  # most texts have neither
    if not dated and not calls:
        return own
    more = (*_of_moments(text), *called(text, STOP_WORDS))
    if not more:
        return own
    held = frozenset(own)
    return (*own, *(one for one in dict.fromkeys(more) if one not in held))


def _of_moments(text: str) -> Iterator[str]:
    for one in moments(text):
        yield one.stem
        yield from one.others


def _of_words(text: str, language: str | None) -> tuple[str, ...]:
    language = told(text) if language is None else language if has_stemmer(language) else None
    runs = text.split()
    if (text.isascii() or not _UNSPACED.search(text)) and len(
        max(runs, key=len, default="")
    ) <= _RUN:
        # No token holds white space, and most runs between it were met before: a third of the time.
        every = map(_of_run, runs) if language is None else map(_of_run_in, runs, repeat(language))
        return tuple(chain.from_iterable(every))
    found = (TOKEN_OF_ASCII if text.isascii() else TOKEN).findall(text)
    return tuple(chain.from_iterable(map(_stems_of, found, repeat(language))))


def placed(text: str, wanted: frozenset[str], language: str | None = None) -> list[tuple[int, str]]:
    """Which of these stems a text has, each with where the token that has it begins, in order.

    `language` as for `stems`, but None is English.
    """
    tokens = (TOKEN_OF_ASCII if text.isascii() else TOKEN).finditer(text)
    if not has_stemmer(language):
        language = None
    return [
        (match.start(), one)
        for match in tokens
        for one in _stems_of(match[0], language)
        if one in wanted
    ]


def _stems_of(token: str, language: str | None) -> tuple[str, ...]:
    # Runs without spaces are hardly ever met again, and have a pair for each of their characters:
    # remembering those of five pages took 150 MB.
    if not token.isascii() and _UNSPACED.search(token):
        return tuple(
            chain.from_iterable(
                grams(part) if _UNSPACED.match(part) else _stems_of(part, language)
                for part in _scripts(token)
            )
        )
    return _remembered(token) if language is None else _remembered_in(token, language)


@lru_cache(maxsize=65_536)
def _of_run(run: str) -> tuple[str, ...]:
    return tuple(chain.from_iterable(map(_remembered, TOKEN.findall(run))))


@lru_cache(maxsize=65_536)
def _of_run_in(run: str, language: str) -> tuple[str, ...]:
    found = TOKEN.findall(run)
    return tuple(chain.from_iterable(map(_remembered_in, found, repeat(language))))


@lru_cache(maxsize=131_072)
def _remembered(token: str) -> tuple[str, ...]:
    lower = token.lower()
    if lower in STOP_WORDS:
        return ()
    if lower == token and token.isalnum() and token.isascii():
        # Nearly every word is one of these.
        return (stem_folded(lower),)
    return tuple(_of_token(token, None))


@lru_cache(maxsize=131_072)
def _remembered_in(token: str, language: str) -> tuple[str, ...]:
    return tuple(_of_token(token, language))


def _of_token(token: str, language: str | None) -> Iterator[str]:
    parts = WORD.findall(token)
    for part in parts:
        if len(parts) > 1 or not _is_letter_of_name(token, part):
            yield from _of_word(part, language)
    yield from named(token)
    if len(parts) > 1 and parts[-1] in STOP_WORDS and token.endswith(f".{parts[-1]}"):
        yield f"@{parts[-1]}"
    if len(parts) > 1 and (whole := joined(parts, INSIDE.findall(token))):
        yield from _new(stem_folded(whole), parts)


def _is_letter_of_name(token: str, part: str) -> bool:
    """Whether a letter is only the half of a name: C of `C++`."""
    return len(part) == 1 and token != part


def _new(whole: str, parts: list[str]) -> tuple[str, ...]:
    return () if whole in STOP_WORDS or whole in map(stem, parts) else (whole,)


def _of_word(word: str, language: str | None) -> Iterator[str]:
    folded = fold(word)
    if not folded or _is_stop(word.lower(), folded, language):
        return
    if folded != word and not folded.isascii() and _UNSPACED.search(folded):
        yield from stems(folded, "en")
        return
    if not folded.replace("_", "").isalnum() and (parts := WORD.findall(folded)) != [folded]:
        yield from chain.from_iterable(map(_of_word, parts, repeat(language)))
        return
    if _INITIALS.fullmatch(word):
        yield from (folded[:-1], folded)
        return
    whole = stem_folded(folded)
    told_apart = [whole]
    if language is not None:
        told_apart.append(stem_in(word, language))
    if _UMLAUT.search(word):
        told_apart.append(stem_folded(spelt_out(word)))
    yield from dict.fromkeys(told_apart)
    lower = word.lower()
    if "_" not in word and word[1:] in {lower[1:], word[1:].upper()}:
        return
    humps = (hump.lower() for hump in _HUMP.findall(word))
    kept = (stem(hump) for hump in humps if len(hump) > 1 and hump not in STOP_WORDS)
    yield from (hump for hump in kept if hump != whole)


def _is_stop(lower: str, folded: str, language: str | None) -> bool:
    if language is not None:
        return lower in FUNCTION_WORDS.get(language, STOP_WORDS)
    return lower in STOP_WORDS or (not folded.isascii() and folded in other_stop_words())


def _scripts(word: str) -> Iterator[str]:
    begin = 0
    for match in _UNSPACED.finditer(word):
        if match.start() > begin:
            yield word[begin : match.start()]
        yield match.group()
        begin = match.end()
    if begin < len(word):
        yield word[begin:]
