"""The special tokens of chat templates, written so that no tokenizer reads them as such."""

from __future__ import annotations

import re
from typing import Final

from codexity.prompt_injection.invisible import skeleton

ESCAPES: Final = str.maketrans("<>[]", "⟨⟩⟦⟧")
"""Stable under NFKC, so that no tokenizer that normalises its input makes a token of them again."""

_GAP: Final = r"[ \t\u200c]{0,8}"
_JOIN: Final = r"\u200c{0,8}"
_INNER: Final = r"[^<>|⟨⟩⟦⟧\n]{1,128}"
_NAME: Final = r"[^\W\d][\w\u200c:-]{0,80}"
_TOKEN: Final = re.compile(
    # ChatML, Llama 3 and 4, Phi, Qwen, harmony, Command R, GLM, Granite; DeepSeek; Gemma 4.
    rf"<{_GAP}\|{_INNER}(?:\|{_GAP})?>|<{_INNER}\|{_GAP}>"
    # EXAONE.
    rf"|\[{_GAP}\|[^\[\]|⟨⟩⟦⟧\n]{{1,128}}\|{_GAP}\]"
    # Llama 2, Falcon.
    rf"|<{_JOIN}<{_GAP}/?{_GAP}(?P<double>{_NAME}){_GAP}>{_JOIN}>"
    rf"|>{_JOIN}>{_GAP}(?P<outward>{_NAME}){_GAP}<{_JOIN}<"
    # Gemma, StarCoder, sentencepiece's own, thinking, calls of tools, and our own marks.
    rf"|<{_GAP}/?{_GAP}(?P<tag>{_NAME}){_GAP}(?P<rest>[\s=][^<>⟨⟩⟦⟧\n]{{0,80}})?/?{_GAP}>"
    # Mistral, BERT, GLM, InternLM.
    rf"|\[{_GAP}/?{_GAP}(?P<bracket>{_NAME}){_GAP}\]"
    # MiniMax.
    rf"|\]{_JOIN}~{_JOIN}!?(?:{_JOIN}[A-Za-z]){{1,3}}{_JOIN}[\[\]]"
    rf"|\[(?:{_JOIN}[A-Za-z]){{1,2}}{_JOIN}~{_JOIN}\["
)
_ANY: Final = re.compile(r"[<>\[\]]")
_ROLES: Final = frozenset(
    "system user assistant human bot model tool tools function developer observation".split()
)
_WITH_REST: Final = _ROLES | frozenset(
    "source sources question instruction instructions invoke parameter tool_call".split()
)
_KNOWN: Final = _WITH_REST | frozenset(
    """s unk pad bos eos sop eop sep cls mask gmask smask eod eot eom bot think thinking thought
    reasoning reflection answer response prompt context document documents image audio video img
    inst sys available_tools tool_calls tool_results tool_content system_prompt""".split()
)
_NUMBERED: Final = re.compile(
    r"(?:unused(?:_token)?|reserved|extra_id|special|audio|image|tool)[_-]?\d+"
)
_CAPITALS: Final = re.compile(r"[A-Z]{2}[A-Z_]*(?:_\d+)?")


def escaped(text: str) -> str:
    """The text with its special tokens in brackets of another kind: `<|im_end|>` as `⟨|im_end|⟩`.

    What counts is the form, in any case, with blanks and joiners in it and in full-width
    characters: `<|...|>`, `<two_words>`, `[CAPITALS]`, `<<SYS>>`, and the names that models are
    known to use, `<s>` and `[inst]` among them. So the tokens of a model to come are met too, and
    so are tags and arguments of templates of that form in code, which `restored` has back; those
    in `_t`, as C names its types, are not.
    """
    if not _ANY.search(plain := skeleton(text)):
        return text
    done: list[str] = []
    at = looked = 0
    while found := _TOKEN.search(plain, looked):
        looked = found.start() + 1
        if _is_special(found):
            looked = found.end()
            done += (text[at : found.start()], _replaced(text, found))
            at = looked
    return "".join([*done, text[at:]])


def _replaced(text: str, found: re.Match[str]) -> str:
    start = found.start()
    return "".join(
        (char.translate(ESCAPES) if char in "<>[]" else text[start + place])
        for place, char in enumerate(found.group())
    )


def _is_special(found: re.Match[str]) -> bool:
    kind = found.lastgroup
    if kind is None:
        return True
    if kind == "rest":
        return _name(found["tag"]).lower() in _WITH_REST
    name = _name(found[kind])
    low = name.lower()
    if kind == "tag":
        snake = "_" in name and not low.endswith("_t")
        return snake or low.rpartition(":")[2] in _KNOWN or _NUMBERED.fullmatch(low) is not None
    capitals = len(name) > 2 and _CAPITALS.fullmatch(name) is not None
    return capitals or low in _KNOWN or _NUMBERED.fullmatch(low) is not None


def _name(found: str) -> str:
    return found.replace("\u200c", "")
