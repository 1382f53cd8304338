"""What a model thinks aloud is left out, whatever tags it is in; what it says of tags stays."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codexity.adapters.llm.thinking import Habit, Thinking, answer_in

ANSWER = "The mill closes at noon on Fridays [1]."
MUSING = "Source 1 has the hours of the mill. [9]?"
SIZES = (1, 2, 3, 7, 1000)

TAGGED = {
    "think": f"<think>\n{MUSING}\n</think>\n\n{ANSWER}",
    "capitals": f"<THINK>{MUSING}</THINK>{ANSWER}",
    "mixed case": f"<Think>{MUSING}</think>\n{ANSWER}",
    "thinking": f"<thinking>{MUSING}</thinking>\n{ANSWER}",
    "thought": f"<thought>{MUSING}</thought>\n{ANSWER}",
    "reasoning": f"<reasoning>{MUSING}</reasoning>{ANSWER}",
    "reflection": f"<reflection>{MUSING}</reflection>{ANSWER}",
    "scratchpad": f"<scratchpad>{MUSING}</scratchpad>{ANSWER}",
    "brackets": f"[THINK]{MUSING}[/THINK]{ANSWER}",
    "small brackets": f"[think]{MUSING}[/think]{ANSWER}",
    "seed": f"<seed:think>{MUSING}</seed:think>{ANSWER}",
    "kimi": f"◁think▷{MUSING}◁/think▷{ANSWER}",
    "bars": f"<|thinking|>{MUSING}<|/thinking|>{ANSWER}",
    "open thoughts": (
        f"<|begin_of_thought|>{MUSING}<|end_of_thought|>\n\n"
        f"<|begin_of_solution|>{ANSWER}<|end_of_solution|>"
    ),
    "command": (
        f"<|START_THINKING|>{MUSING}<|END_THINKING|><|START_RESPONSE|>{ANSWER}<|END_RESPONSE|>"
    ),
    "gemma": f"<|channel>thought\n{MUSING}\n<channel|>{ANSWER}",
    "unused": f"<unused94>thought\n{MUSING}<unused95>{ANSWER}",
    "apertus": f"<|inner_prefix|>{MUSING}<|inner_suffix|>{ANSWER}",
    "granite": f"Here is my thought process:\n\n{MUSING}\n\nHere is my response:\n\n{ANSWER}",
    "wrapped": f"<think>{MUSING}</think>\n<answer>{ANSWER}</answer>",
    "several": f"<think>{MUSING}</think>\n<think>{MUSING}</think>\n{ANSWER}",
    "two kinds": f"<thinking>{MUSING}</thinking><reflection>{MUSING}</reflection>{ANSWER}",
    "nested": f"<think>{MUSING}<think>{MUSING}</think>{MUSING}</think>{ANSWER}",
    "nested and left open": f"<think>{MUSING} <think> is a tag.</think>{ANSWER}",
    "quoted inside": f"<think>The `</think>` tag is asked about.</think>{ANSWER}",
    "small words": f"<think> well, {MUSING}</think>{ANSWER}",
    "nothing thought": f"<think>\n\n</think>\n\n{ANSWER}",
    "harmony": (
        f"<|channel|>analysis<|message|>{MUSING}<|end|>"
        f"<|start|>assistant<|channel|>final<|message|>{ANSWER}<|return|>"
    ),
    "harmony from its start": (
        f"<|start|>assistant<|channel|>analysis<|message|>{MUSING}<|end|>"
        f"<|start|>assistant<|channel|>final<|message|>{ANSWER}"
    ),
    "harmony with commentary": (
        f"<|channel|>commentary<|message|>{MUSING}<|end|>"
        f"<|start|>assistant<|channel|>final <|constrain|>text<|message|>{ANSWER}<|end|>"
    ),
    "harmony without thinking": f"<|channel|>final<|message|>{ANSWER}",
    "harmony whose prompt has its channel": (
        f"<|message|>{MUSING}<|end|><|start|>assistant<|channel|>final<|message|>{ANSWER}<|return|>"
    ),
    "harmony without its first token": (
        f"analysis<|message|>{MUSING}<|end|><|start|>assistant<|channel|>final<|message|>{ANSWER}"
    ),
    "harmony on lines of its own": f"analysis\n\nWe look. {MUSING}\n\nassistantfinal\n\n{ANSWER}",
    "closed by another tag": f"<think>{MUSING}</thinking>\n{ANSWER}",
    "closed by a shorter tag": f"<thinking>{MUSING}</think>{ANSWER}",
    "closed by another tag inside": f"<think>{MUSING}</thought>{MUSING}</think>{ANSWER}",
    "closed only": f"</think>\n\n{ANSWER}",
    "closed twice": f"<think>{MUSING}</think>\n</think>\n{ANSWER}",
    "headers": f"<|im_start|>think\n{MUSING}<|im_start|>answer\n{ANSWER}",
    "headers that end": (
        f"<|im_start|>think\n{MUSING}<|im_end|>\n<|im_start|>answer\n{ANSWER}<|im_end|>"
    ),
    "boxed": f"<think>{MUSING}</think><|begin_of_box|>{ANSWER}<|end_of_box|>",
    "a command line": f"Thinking...\n{MUSING}\n...done thinking.\n\n{ANSWER}",
    "harmony without its tokens": f"analysisSo it is about a mill. {MUSING}assistantfinal{ANSWER}",
}

UNOPENED = {
    "okay": f"Okay, the mill is meant. {MUSING}\n</think>\n\n{ANSWER}",
    "the user": f"The user wants hours. {MUSING}\n</think>\n\n{ANSWER}",
    "in capitals": f"Alright, a mill. {MUSING}\n</THINK>\n{ANSWER}",
    "thinking": f"Hmm, a mill. {MUSING}</thinking>{ANSWER}",
    "brackets": f"Let me see. {MUSING}[/THINK]{ANSWER}",
    "kimi": f"We need to find hours. {MUSING}◁/think▷{ANSWER}",
    "seed": f"Got it, hours. {MUSING}</seed:think>{ANSWER}",
    "chinese": f"好的，用户想知道时间。{MUSING}\n</think>\n\n{ANSWER}",
    "chinese, with a comma of ours": f"嗯,用户想知道时间。{MUSING}\n</think>\n\n{ANSWER}",
    "chinese, need": f"我需要看看来源。{MUSING}\n</think>\n\n{ANSWER}",
    "japanese": f"ユーザーは時間を尋ねている。{MUSING}\n</think>\n\n{ANSWER}",
    "german": f"Der Nutzer fragt nach der Mühle. {MUSING}\n</think>\n\n{ANSWER}",
    "german, must": f"Ich muss die Zeiten finden. {MUSING}\n</think>\n\n{ANSWER}",
    "french": f"L’utilisateur demande les heures. {MUSING}\n</think>\n\n{ANSWER}",
    "russian": f"Пользователь спрашивает. {MUSING}\n</think>\n\n{ANSWER}",
    "okay so": f"Okay so it is about a mill. {MUSING}\n</think>\n\n{ANSWER}",
    "looking": f"Looking at the sources, it is a mill. {MUSING}\n</think>\n\n{ANSWER}",
    "so": f"So the mill is meant. {MUSING}\n</think>\n\n{ANSWER}",
    "a process": f"Thinking Process:\n\n1. {MUSING}\n</think>\n\n{ANSWER}",
    "harmony": (
        f"We need to look. {MUSING}<|end|><|start|>assistant<|channel|>final<|message|>{ANSWER}"
    ),
    "the tag in code": f"Okay, tags:\n```\n</think>\n```\n{MUSING}\n</think>\n{ANSWER}",
    "a fence of which it thinks": f"Okay, in ``` then. {MUSING}\n</think>\n{ANSWER}",
    "code that never ends": f"Okay, this:\n```\nhm, {MUSING}\n</think>\n\n{ANSWER}",
    "the tag in quotes": f"Okay, no `</think>` yet. {MUSING}\n</think>\n{ANSWER}",
}

SPOKEN_OF = [
    "The <think> tag opens what is thought, and </think> closes it.",
    "`<think>` is written by models that reason.",
    "<think> is a tag that some models write, and it is left out.",
    "<thinking>, like <think>, is no HTML.",
    "```\n<think>\nhm\n</think>\n```\nis what a reply looks like.",
    "Use `</think>` to end it.",
    "</think> closes what was thought.",
    "Let's see:\n```\n<think>\nhm\n</think>\n```\nis what it looks like [1].",
    "analysis of the mill: it is old [1].",
    "Ich musste lange warten [1].",
    "Source 1 is about mills, and source 2 is not.",
    "Sourdough is bread [1].",
    "[Thinking](https://mill.example/) is a page about mills.",
    "Thinking is hard. [1]",
    "Analysis of the mill: it is old [1].",
    "The mill is old.\n\n<think>no</think> stands in its book.",
    "<b>Bold</b> and <thead> are HTML.",
    "1 < 2, and <",
    "<|",
    "The user guide says so [1].",
    "Okay, that is all there is.",
]


def heard(said: str, size: int, habit: Habit | None = None, name: str = "m") -> str:
    thinking = Thinking(habit or Habit(), name)
    pieces = [thinking.feed(said[at : at + size]) for at in range(0, len(said), size)]
    return "".join(pieces) + thinking.end()


@pytest.mark.parametrize("said", TAGGED.values(), ids=TAGGED)
def test_thinking_in_tags_is_left_out(said: str) -> None:
    assert [heard(said, size) for size in SIZES] == [ANSWER] * len(SIZES)
    assert answer_in(said, Habit()) == ANSWER


@pytest.mark.parametrize("said", UNOPENED.values(), ids=UNOPENED)
def test_thinking_that_the_prompt_opened_is_left_out_from_the_first_reply_on(said: str) -> None:
    assert [heard(said, size) for size in SIZES] == [ANSWER] * len(SIZES)
    assert answer_in(said, Habit()) == ANSWER


def test_nested_thinking_ends_with_its_own_tag_and_not_with_the_reply() -> None:
    thinking = Thinking(Habit())
    inner = f"<think>{MUSING}<think>{MUSING}</think>{MUSING}</think>"
    assert [thinking.feed(char) for char in inner] == [""] * len(inner)
    assert thinking.feed("The mill ") == "The mill "


@pytest.mark.parametrize("said", SPOKEN_OF)
def test_what_is_said_of_tags_stays(said: str) -> None:
    assert [heard(said, size) for size in SIZES] == [said] * len(SIZES)


@pytest.mark.parametrize(
    "tag", ["<think>", "[THINK]", "<|begin_of_thought|>", "<|channel|>analysis"]
)
def test_thinking_that_never_ends_is_no_answer(tag: str) -> None:
    assert heard(f"{tag}\n{MUSING * 90}", 5) == ""
    assert heard(f"{MUSING}", 5) == MUSING


@pytest.mark.parametrize("name", ["qwq:32b", "DeepSeek-R1-Distill-Qwen-7B", "qwen3-4b-thinking"])
def test_a_model_named_for_thinking_is_waited_for_until_a_reply_shows_otherwise(name: str) -> None:
    said = f"{MUSING}\n</think>\n{ANSWER}"
    assert heard(said, 3, name=name) == ANSWER
    habit = Habit()
    waited = Thinking(habit, name)
    assert waited.feed("The mill ") == ""
    assert waited.feed("is old.") + waited.end() == "The mill is old."
    assert Thinking(habit, name).feed("The mill ") == "The mill "
    assert Thinking(Habit(), "llama3.2:3b").feed("The mill ") == "The mill "


def test_what_a_reply_has_shown_is_known_in_the_next() -> None:
    habit = Habit()
    said = f"{MUSING}\n</think>\n{ANSWER}"
    assert heard(said, 4, habit) == said, "it was given as it came"
    assert heard(said, 4, habit) == ANSWER
    assert heard(f"{ANSWER}", 4, habit) == ANSWER
    assert Thinking(habit).feed("The mill ") == "The mill ", "the last one had no such tag"


def test_a_whole_reply_tells_of_the_habit_as_well() -> None:
    habit = Habit()
    assert answer_in(f'{MUSING}\n</think>\n{{"queries": []}}', habit) == '{"queries": []}'
    assert habit.closes_only
    plain = Habit()
    assert answer_in('{"queries": ["what is </think> for"]}', plain).endswith('for"]}')
    assert plain.closes_only is None


@pytest.mark.parametrize("said", ["Okay, the mill. I should look.", "The user asks. Source 1"])
def test_thinking_aloud_that_was_cut_short_is_no_answer(said: str) -> None:
    thinking = Thinking(Habit())
    assert thinking.feed(said) + thinking.end(whole=False) == ""
    thinking = Thinking(Habit())
    assert thinking.feed(said) + thinking.end() == said


@pytest.mark.parametrize(("said", "left"), [("</think>\n42", "42"), ("</think>", ""), ("42", "42")])
def test_a_short_answer_behind_a_tag_that_closes_nothing_stays(said: str, left: str) -> None:
    assert [heard(said, size) for size in SIZES] == [left] * len(SIZES)


def test_thinking_that_only_another_tag_closed_and_that_was_cut_short_is_no_answer() -> None:
    said = f"<thinking>{MUSING}<reflection>{MUSING}</reflection>{MUSING}"
    thinking = Thinking(Habit())
    assert thinking.feed(said) + thinking.end(whole=False) == ""
    assert heard(f"{said}</thinking>{ANSWER}", 3) == ANSWER


def test_where_the_server_tells_thinking_apart_nothing_is_waited_for() -> None:
    thinking = Thinking(Habit(), "qwq")
    thinking.apart()
    assert thinking.feed("Okay, the mill ") == "Okay, the mill "


@pytest.mark.parametrize(
    ("pieces", "given"),
    [
        (["The", " mill", " is"], ["", "The mill", " is"]),
        (["In", " March"], ["In", " March"]),
        (["Ok", "ra", " is"], ["", "Okra", " is"]),
        (["<", "b>", "x"], ["", "<b>", "x"]),
        (["<think>a</think>", "<b", ">"], ["", "<b", ">"]),
    ],
)
def test_an_answer_is_given_as_soon_as_it_is_none_of_the_beginnings(
    pieces: list[str], given: list[str]
) -> None:
    thinking = Thinking(Habit(), "m")
    assert [thinking.feed(piece) for piece in pieces] == given


@given(
    st.lists(
        st.sampled_from(
            [
                "<think>",
                "</think>",
                "[/THINK]",
                "<|channel|>",
                "a",
                "\n",
                "<",
                "|>",
                "final",
                "<|message|>",
                "</thought>",
                "<|im_start|>think",
                "<|im_start|>answer",
                "analysis",
                "Okay, ",
                "\n```",
                " A",
            ]
        ),
        max_size=12,
    )
)
def test_how_a_reply_is_cut_changes_nothing(parts: list[str]) -> None:
    said = "".join(parts)
    assert len({heard(said, size) for size in SIZES}) == 1


@pytest.mark.parametrize(
    "opening",
    [
        "<think>",
        "<think> so ",
        "Okay, ",
        "<|channel|>analysis<|message|>",
        "<think></think><answer>",
    ],
)
@pytest.mark.parametrize("told", ["<think> a </thin ", "\n```"])
def test_long_replies_take_time_in_proportion(opening: str, told: str) -> None:
    def spent(count: int) -> float:
        begin = time.process_time()
        heard(opening + told * count, 4)
        return time.process_time() - begin

    assert spent(20_000) < 12 * spent(4_000) + 0.5
