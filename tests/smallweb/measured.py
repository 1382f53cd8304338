"""What the product makes of the small web's questions: found, given to a writer, said and cited."""

from __future__ import annotations

import json
import re
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from servers.openai import OpenAIServer, failure
from smallweb.product import Heard, ask, serving
from smallweb.questions import Case, cases
from smallweb.web import SmallWeb

_SOURCE = re.compile(r"^\[(\d+)\] ", re.MULTILINE)
_SENTENCE = re.compile(r"(\S.*?) \[(\d+)\](?=\s|$)", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of one question.

    `found`: its page is among the hits for the question as it stands. `given`: the words are in
    what the writer was given of the right page. `said`: they are in a sentence of the answer that
    cites it. `among`: the page is among the sources; `cited`: a sentence cites it.
    """

    case: Case
    heard: Heard
    found: bool
    given: bool
    said: bool
    among: bool
    cited: bool


def measure(web: SmallWeb, folder: Path) -> tuple[Outcome, ...]:
    """Asks every question, with a model server that notes what it is given and then refuses.

    So the answer is made of quotations from what a writer was given, as it is without a model.
    """
    outcomes: list[Outcome] = []
    with OpenAIServer() as model:
        model.answer = lambda _: failure(401, "It only listens.", "invalid_api_key")
        settings = {
            "CODEXITY_SEARCH__PROVIDERS": '["searxng"]',
            "CODEXITY_SEARCH__STARTER": "false",
            "CODEXITY_SEARXNG__URL": web.search.url,
            "CODEXITY_FETCH__ALLOW_HOSTS": json.dumps([web.host]),
            "CODEXITY_LLM__BASE_URL": model.base_url,
            "CODEXITY_LLM__MODEL": model.model,
        }
        with _product(folder / "quoting", settings) as address:
            # The first question also starts the processes that read pages.
            ask(address, "What is in the documentation?")
            for case in cases():
                heard = ask(address, case.question)
                assert [one["what"] for one in heard.skipped if one["stage"] == "write"], heard
                prompt = model.bodies[-1]["messages"][-1]["content"]
                assert prompt.endswith(case.question), prompt
                outcomes.append(_outcome(case, web, heard, _by_source(prompt, heard.sources)))
    return tuple(outcomes)


@contextmanager
def _product(folder: Path, settings: Mapping[str, str]) -> Generator[str]:
    folder.mkdir()
    with serving(folder, settings) as address:
        yield address


def _by_source(prompt: str, sources: Mapping[int, str]) -> Mapping[str, str]:
    """The prompt's parts, each of which begins with the number of its source, in order."""
    starts: list[int] = []
    for match in _SOURCE.finditer(prompt):
        if int(match[1]) == len(starts) + 1:
            starts.append(match.start())
    assert len(starts) == len(sources), prompt
    ends = [*starts[1:], len(prompt)]
    parts = [prompt[start:end] for start, end in zip(starts, ends, strict=True)]
    return {sources[number]: part for number, part in enumerate(parts, 1)}


def _outcome(case: Case, web: SmallWeb, heard: Heard, prompt: Mapping[str, str]) -> Outcome:
    url = web.url(case.path)
    said = [(text, heard.sources[int(index)]) for text, index in _SENTENCE.findall(heard.answer)]
    return Outcome(
        case=case,
        heard=heard,
        found=url in {hit for _, hit, _ in web.search.find(case.question)},
        given=case.words in " ".join(prompt.get(url, "").split()),
        said=any(case.words in text for text, source in said if source == url),
        among=url in heard.sources.values(),
        cited=any(source == url for _, source in said),
    )
