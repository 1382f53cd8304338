"""The tags of thinking: how models open and close what they think aloud, and wrap the answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

_NAMES = (
    "think thinking thought thoughts reasoning reason reflection analysis scratchpad"
    " inner_monologue inner_thoughts internal_thoughts chain_of_thought think_fast think_faster"
    " seed:think mm:think longcat_think ifm|think"
).split()
_BARE = ("think", "thinking", "thought", "reasoning")
_ANSWERS = "answer response solution final_answer final output".split()


def _pairs() -> Iterator[tuple[str, tuple[str, ...]]]:
    for name in _NAMES:
        yield f"<{name}>", (f"</{name}>",)
        yield f"<|{name}|>", (f"<|/{name}|>", f"</|{name}|>", f"<|end_{name}|>", f"</{name}>")
    for name in _BARE:
        yield f"[{name}]", (f"[/{name}]",)
        yield f"◁{name}▷", (f"◁/{name}▷",)
    # Sky-T1 and OpenThinker; Command A; Gemma 4; MedGemma; Apertus; Granite 3.2.
    yield "<|begin_of_thought|>", ("<|end_of_thought|>",)
    yield "<|start_thinking|>", ("<|end_thinking|>",)
    yield "<|channel>thought", ("<channel|>",)
    yield "<unused94>", ("<unused95>",)
    yield "<|inner_prefix|>", ("<|inner_suffix|>",)
    # s1, whose answer begins with another header of the same kind.
    yield "<|im_start|>think", ("<|im_end|>", "<|im_start|>answer")
    # Ollama's command line.
    yield "thinking...\n", ("...done thinking.",)
    for spelled in ("here is", "here's"):
        yield f"{spelled} my thought process:", (f"{spelled} my response:",)


OPENING: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(dict(_pairs()))
"""Each opening tag, in lower case, with what closes it."""

CLOSING: Final = tuple(
    dict.fromkeys(
        one
        for every in OPENING.values()
        for one in every
        if one[0] in "<[◁" and not one.startswith("<|im_")
    )
)
"""What may close thinking that the server's prompt has opened, or that another tag has."""

WRAPPING: Final[Mapping[str, str]] = MappingProxyType(
    {f"<{name}>": f"</{name}>" for name in _ANSWERS}
    | {
        "<|begin_of_solution|>": "<|end_of_solution|>",
        "<|start_response|>": "<|end_response|>",
        "<|begin_of_box|>": "<|end_of_box|>",
        "<|im_start|>answer": "<|im_end|>",
    }
)
"""What stands around an answer behind the thinking."""

HARMONY: Final = (
    *("<|channel|>", "<|start|>assistant<|channel|>"),
    *("<|message|>", "analysis<|message|>", "<|end|><|start|>assistant<|channel|>"),
)
"""How a reply in OpenAI's harmony format begins, of which the prompt may have the first tokens."""

FINAL: Final = re.compile(
    r"<\|channel\|>\s{0,4}final\b[^<]{0,40}(?:<\|constrain\|>[^<]{0,40})?<\|message\|>",
    re.IGNORECASE,
)
"""The channel of the answer; what came before it is thinking. Source: "Harmony response format"."""

FINAL_CHARS: Final = 140
"""The longest beginning of that channel."""

STOPS: Final = ("<|return|>", "<|end|>", "<|call|>", "<|start|>")
"""What ends a message of harmony."""

SPOKEN: Final = "analysis"
"""How harmony begins on servers that leave the tokens out: `analysisWe need ... assistantfinal`."""

SPOKEN_FINAL: Final = "assistantfinal"

LONGEST: Final = max(map(len, (*OPENING, *CLOSING, *WRAPPING, *WRAPPING.values(), *HARMONY)))

ALOUD: Final = (
    *("okay, ", "okay so ", "okay. ", "ok, ", "ok so ", "alright, ", "alright so ", "hmm"),
    *("let me ", "let's ", "got it, ", "first, i ", "wait, ", "thinking process:"),
    *("the user ", "the user's ", "we need to ", "we have to "),
    *("we are asked", "we are given", "i need to ", "i should ", "i have to "),
    *("i'll ", "i will ", "i see ", "i look ", "i think ", "so the ", "so we ", "so i ", "so, "),
    *("the question asks ", "to answer ", "looking at ", "first, let", "now, ", "well, "),
    *("好的，", "好的,", "嗯，", "嗯,", "用户", "首先，用户", "好，用户", "首先，我", "首先,我"),
    *("我需要", "我们需要", "让我", "我得", "我来", "這個問題", "这个问题", "使用者", "用戶"),
    *("ユーザー", "사용자"),
    *("der nutzer ", "der benutzer ", "die nutzerin ", "der user ", "ich muss ", "ich soll "),
    *("also, der ", "also, die ", "gut, der ", "gut, die ", "also der nutzer", "die frage ist "),
    *("l'utilisateur ", "l’utilisateur ", "d'accord, ", "je dois ", "l'utente ", "devo "),
    *("el usuario ", "vale, ", "necesito ", "o usuário ", "preciso "),
    *("пользователь ", "хорошо, ", "мне нужно "),
)
"""How thinking aloud begins, in lower case."""

THINKER: Final = re.compile(
    r"(?:^|[^a-z])(?:think(?:ing|er)?|reason(?:ing|er)?|qwq|r1|z1|openthinker)(?:[^a-z]|$)",
    re.IGNORECASE,
)
"""Names of models that think before every answer."""


def begins(text: str, every: Iterable[str]) -> bool:
    """Whether one of these begins with the text."""
    return any(one.startswith(text) for one in every)


def is_aloud(text: str) -> bool:
    """Whether a text begins as thinking aloud does."""
    return text[:LONGEST].lower().startswith(ALOUD)


def is_spoken(text: str) -> bool:
    """Whether a text begins as harmony does without its tokens."""
    behind = text[len(SPOKEN) :]
    answer = behind.lstrip()
    apart = behind[: len(behind) - len(answer)]
    return text.startswith(SPOKEN) and answer[:1].isupper() and (not apart or "\n" in apart)


@cache
def tags(every: tuple[str, ...]) -> re.Pattern[str]:
    """What finds the first of these, in any case."""
    longest_first = sorted(every, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)) or r"(?!)", re.IGNORECASE)
