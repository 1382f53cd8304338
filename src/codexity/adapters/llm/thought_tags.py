"""The tags of thinking: how models open and close what they think aloud, and wrap the answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
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
    for spelled in ("here is", "here's"):
        yield f"{spelled} my thought process:", (f"{spelled} my response:",)


OPENING: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(dict(_pairs()))
"""Each opening tag, in lower case, with what closes it."""

CLOSING: Final = tuple(
    dict.fromkeys(one for every in OPENING.values() for one in every if one[0] in "<[◁")
)
"""What may close thinking that the server's prompt has opened."""

WRAPPING: Final[Mapping[str, str]] = MappingProxyType(
    {f"<{name}>": f"</{name}>" for name in _ANSWERS}
    | {
        "<|begin_of_solution|>": "<|end_of_solution|>",
        "<|start_response|>": "<|end_response|>",
    }
)
"""What stands around an answer behind the thinking."""

HARMONY: Final = ("<|channel|>", "<|start|>assistant<|channel|>")
"""How a reply in OpenAI's harmony format begins: its channels stand in the text."""

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
    *("okay, ", "ok, ", "alright, ", "hmm", "let me ", "let's ", "got it, ", "first, i "),
    *("the user ", "the user's ", "so the user ", "so, the user ", "we need to ", "we have to "),
    *("we are asked", "we are given", "i need to ", "i should ", "i have to ", "so i need "),
    *("好的，", "嗯，", "用户", "首先，用户", "好，用户"),
)
"""How thinking aloud begins, in lower case."""

THINKER: Final = re.compile(
    r"(?:^|[^a-z])(?:think(?:ing|er)?|reason(?:ing|er)?|qwq|r1|z1|openthinker)(?:[^a-z]|$)",
    re.IGNORECASE,
)
"""Names of models that think before every answer."""
