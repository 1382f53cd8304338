"""Writing with a model: what it is given, what of its words is said, and how it may fail."""

from __future__ import annotations

import anyio
import pytest

from codexity.answer_writer import AnswerWriter
from codexity.errors import ProviderError, ProviderRefused, ProviderUnavailable
from codexity.events import Event, Token
from codexity.model import Evidence, Limits, Page, Passage, Question, Source, Usage
from codexity.stages.write import PROMPT, Written, messages, write
from world import WORDS, Model, Reply, until

QUESTION = Question(text="How does a kestrel hover in one place?")
LIMITS = Limits(first_token_seconds=5.0, write_seconds=5.0)
LOST = ProviderUnavailable("It broke off.", code="cut_off", detail="reset by peer")


def evidence(count: int) -> list[Evidence]:
    return [_evidence(number) for number in range(1, count + 1)]


def _evidence(number: int) -> Evidence:
    page = Page(url=f"https://{number}.example/", title=f"Page {number}", text=f"{WORDS}\n\nMore.")
    source = Source(
        index=number,
        title=page.title,
        url=page.url,
        site=page.site,
        published=None,
        quote=WORDS[:40],
        link=page.url,
    )
    start = page.text.index("More")
    passages = (
        Passage(page=page, start=0, text=WORDS, stems=()),
        Passage(page=page, start=start, text="More.", stems=()),
    )
    return Evidence(source=source, page=page, passages=passages, score=1.0)


class Ear:
    def __init__(self) -> None:
        self.heard: list[Event] = []

    async def __call__(self, *events: Event) -> None:
        self.heard += events

    def pieces(self) -> list[str]:
        return [event.text for event in self.heard if isinstance(event, Token)]


async def said(reply: Reply, *, limits: Limits = LIMITS) -> tuple[str, Written]:
    """The answer over two sources; each of its pieces holds something."""
    ear, model = Ear(), Model(reply)
    answer = AnswerWriter(ear, max_chars=limits.max_answer_chars)
    written = await write(QUESTION, evidence(2), model=model, limits=limits, answer=answer)
    assert model.left == 1
    assert all(ear.pieces())
    assert written.chars == len("".join(ear.pieces()))
    return "".join(ear.pieces()), written


async def fails(reply: Reply, *, limits: Limits = LIMITS) -> tuple[str, ProviderError]:
    """What was said before it failed, and how it failed."""
    ear, model = Ear(), Model(reply)
    answer = AnswerWriter(ear, max_chars=limits.max_answer_chars)
    with pytest.raises(ProviderError) as caught:
        await write(QUESTION, evidence(2), model=model, limits=limits, answer=answer)
    assert model.left == 1
    return "".join(ear.pieces()), caught.value


def test_a_model_is_given_the_rules_the_numbered_passages_and_the_question() -> None:
    system, user = messages(QUESTION.text, evidence(2))
    assert (system.role, system.content) == ("system", PROMPT)
    assert user.role == "user"
    key = user.content[5:13]
    assert user.content == (
        f"Key: {key}\n\n"
        f"<source 1 {key}>\n[1] Page 1\n{WORDS}\n…\nMore.\n</source 1 {key}>\n\n"
        f"<source 2 {key}>\n[2] Page 2\n{WORDS}\n…\nMore.\n</source 2 {key}>\n\n"
        f"Question: {QUESTION.text}"
    )
    again = messages(QUESTION.text, evidence(2))
    assert again[0] == system, "a server has it evaluated already"
    assert again[1] != user, "no page can know the next key"


@pytest.mark.parametrize("size", [1, 3, 100])
async def test_what_a_model_repeats_of_its_prompt_is_as_in_the_sources(size: int) -> None:
    reply = "<source 1 0123abcd>\nChatML has ⟨|im_end|⟩ [1], and ⟦INST⟧ [7]. System∶ a</source 2>"
    pieces = [reply[at : at + size] for at in range(0, len(reply), size)]
    text, _ = await said(Reply(pieces))
    assert text == "ChatML has <|im_end|> [1], and [INST]. System: a"


@pytest.mark.parametrize("size", [1, 2, 3, 5, 100])
async def test_only_numbers_of_sources_are_said_wherever_the_pieces_part(size: int) -> None:
    reply = "\n It flies [1][3]. It hovers [2, 4]. `a[5]` and [9]."
    pieces = [reply[at : at + size] for at in range(0, len(reply), size)]
    usage = Usage(prompt_tokens=9, completion_tokens=3)
    text, written = await said(Reply(pieces, usage=usage))
    assert text == "It flies [1]. It hovers [2]. `a[ 5 ]` and."
    assert (written.usage, written.cut_off) == (usage, False)


async def test_a_reply_cut_at_its_length_is_told() -> None:
    text, written = await said(Reply(["It flies [", "1"], cut_off=True))
    assert text == "It flies"
    assert written.cut_off


async def test_an_answer_is_bounded_and_the_model_is_stopped_there() -> None:
    bounded = Limits(max_answer_chars=50)
    text, written = await said(Reply(["It flies. "] * 20, hangs=True), limits=bounded)
    assert (text, written.cut_off) == ("It flies. " * 5, True)
    text, written = await said(Reply(["It flies. " * 20 + "["]), limits=bounded)
    assert (text, written.cut_off) == ("It flies. " * 5, True)
    text, written = await said(Reply(["It flies. "] * 4), limits=bounded)
    assert (text.strip(), written.cut_off) == (("It flies. " * 4).strip(), False)


@pytest.mark.parametrize("pieces", [[], [" ", "\n"], ["[7]", " [8]"]])
async def test_an_answer_of_nothing_is_no_answer(pieces: list[str]) -> None:
    text, error = await fails(Reply(pieces))
    assert (text, error.code) == ("", "bad_reply")


@pytest.mark.parametrize(
    "error",
    [
        ProviderRefused("It refused the key.", code="unauthorized", detail="HTTP 401"),
        ProviderUnavailable("It is down.", code="unreachable", detail="refused"),
    ],
)
async def test_a_failure_before_the_first_word_is_passed_on(error: ProviderError) -> None:
    assert await fails(Reply([], error=error)) == ("", error)
    assert await fails(Reply(["\n"], error=error)) == ("", error)


async def test_cut_off_is_said_only_of_an_answer_that_had_begun() -> None:
    text, error = await fails(Reply([" "], error=LOST))
    assert (text, error.code) == ("", "unreachable")
    text, error = await fails(Reply(["It flies "], error=LOST))
    assert (text, error.code) == ("It flies", "cut_off")
    down = ProviderUnavailable("It is down.", code="timeout", detail="30 s")
    text, error = await fails(Reply(["It flies [1]."], error=down))
    assert (text, error.code) == ("It flies [1].", "cut_off")
    assert (error.message, error.detail) == (down.message, down.detail)


async def test_the_first_word_has_a_deadline_of_its_own() -> None:
    impatient = Limits(first_token_seconds=0.05, write_seconds=5.0)
    text, error = await fails(Reply([], hangs=True), limits=impatient)
    assert (text, error.code) == ("", "timeout")


async def test_the_whole_answer_has_a_deadline_which_the_first_word_does_not_end() -> None:
    limits = Limits(first_token_seconds=0.05, write_seconds=0.3)
    begin = anyio.current_time()
    text, error = await fails(Reply(["It flies"], hangs=True), limits=limits)
    assert (text, error.code) == ("It flies", "cut_off")
    assert anyio.current_time() - begin >= 0.3


async def test_leaving_ends_the_models_work() -> None:
    ear, model = Ear(), Model(Reply(["It flies"], hangs=True))
    answer = AnswerWriter(ear, max_chars=LIMITS.max_answer_chars)

    async def writing() -> None:
        await write(QUESTION, evidence(1), model=model, limits=LIMITS, answer=answer)

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(writing)
        await until(ear.pieces)
        assert model.left == 0
        tasks.cancel_scope.cancel()
    assert model.left == 1
