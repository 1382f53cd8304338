"""What stands on a terminal when an answer has been written there, word by word."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag

from screen import Screen
from servers.openai import OpenAIServer
from servers.searxng import SearxngServer
from serving import WITH, at_a_terminal, run

LINES = 40
"""Of the terminal."""
SENTENCES = [f"Sentence {number} speaks of a context manager. [1]" for number in range(60)]
MARKDOWN = """# Contexts

1. first [1]
2. second [1]

```python
with open("a") as b:

    pass
```

Read **this** last. [1]"""


def shown(folder: Path, question: str = WITH, **settings: object) -> str:
    code, written = at_a_terminal(folder, "ask", question, **settings)
    assert code == 0
    screen = Screen(LINES)
    screen.show(written)
    return screen.text


def written_by(model: OpenAIServer) -> dict[str, Any]:
    return {
        "LLM__BASE_URL": model.base_url,
        "LLM__API_KEY": model.key,
        "LLM__MODEL": model.model,
        "LIMITS__ANSWER_TOKENS": 2_000,
    }


def test_quotations_stand_there_as_in_their_source(home: Path) -> None:
    assert '"try"…"except"…"finally"' in " ".join(shown(home).split())
    said = " ".join(shown(home, "when is __exit__ called in the with statement").split())
    assert '"__enter__()"' in said


def test_each_citation_leads_to_the_words_of_its_own_sentence(home: Path) -> None:
    question = "how do I open codexity to others"
    code, written = at_a_terminal(home, "ask", question, SERVER__PORT=8000)
    assert code == 0
    screen = Screen(LINES)
    screen.show(written)
    answer = json.loads(run(home, "ask", "--json", question, SERVER__PORT=8000).stdout)
    wanted = {
        (f"[{one['index']}]", f"http://127.0.0.1:8000{one['link']}")
        for claim in answer["claims"]
        for one in claim["quotes"][:1]
    }
    assert len(wanted) > len(answer["sources"])
    assert wanted <= screen.links


def test_an_answer_that_is_taller_than_the_window_stands_there_once(home: Path) -> None:
    for between in ("\n\n", " "):
        with OpenAIServer(lambda _, between=between: between.join(SENTENCES)) as model:
            said = " ".join(shown(home, **written_by(model)).split())
        assert [said.count(f"Sentence {number} speaks") for number in range(60)] == [1] * 60


def test_what_a_model_writes_is_rendered_block_by_block(home: Path) -> None:
    with OpenAIServer(lambda _: MARKDOWN) as model:
        lines = [line.strip() for line in shown(home, **written_by(model)).splitlines()]
    said = "\n".join(lines)
    assert "Contexts" in said
    assert "# Contexts" not in said
    assert "```" not in said
    assert "pass" in lines
    assert [line for line in lines if line.endswith("[1]")][-1] == "Read this last. [1]"


def test_sources_that_are_not_cited_come_behind_those_that_are(home: Path) -> None:
    folder = home / "mills"
    folder.mkdir()
    for name, grain in (("Brill", "rye"), ("Harl", "oats")):
        (folder / f"{name}.md").write_text(f"# {name}\n\nThe mill of {name} grinds {grain} daily.")
    assert run(home, "library", "add", str(folder)).returncode == 0
    question = "What does the mill of Brill or Harl grind daily?"
    with OpenAIServer(lambda _: "It grinds [2].") as model:
        _, written = at_a_terminal(home, "ask", question, **written_by(model))
        piped = run(home, "ask", question, **written_by(model)).stdout
    screen = Screen(LINES)
    screen.show(written)
    for said in (screen.text, piped):
        first, beside = said.split("Also read")
        assert "\n[2]" in first
        assert "\n[1]" not in first
        assert "\n[1]" in beside
    assert "Also read" not in run(home, "ask", "What does the mill of Brill grind?").stdout


ODD = "abc\u202edef\u2066ghi\u2069\u200bj\ufeff\U000e0041 שלום می\u200cخواهم 👩\u200d🚀 \u200f[1]"
LURING = f"""See [https://bank.example](http://evil.example/a), <http://auto.example/b>,
http://bare.example/c, ![shot](http://image.example/d.png) and
[![badge](http://badge.example/e)](http://evil.example/f). \x1b]8;;http://osc.example\x1b\\g

{ODD}"""


def test_only_listed_sources_are_links_and_nothing_is_reordered_or_hidden(home: Path) -> None:
    with OpenAIServer(lambda _: LURING) as model:
        code, written = at_a_terminal(home, "ask", WITH, **written_by(model), SERVER__PORT=8000)
        as_json = run(home, "ask", "--json", WITH, **written_by(model)).stdout
    assert code == 0
    screen = Screen(LINES)
    screen.show(written)
    source = "http://127.0.0.1:8000/library/starter/topic-with"
    assert {(text, urldefrag(target).url) for text, target in screen.links} == {
        ("[1]", source),
        (source, source),
    }
    said = " ".join(screen.text.split())
    assert "https://bank.example (http://evil.example/a)" in said, "it does not hide where it leads"
    assert "shot (http://image.example/d.png)" in said
    assert "badge (http://badge.example/e) (http://evil.example/f)" in said
    assert "abcdefghij שלום می\u200cخواهم 👩\u200d🚀 \u200f[1]" in said
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b\ufeff\U000e0041]", written + as_json)
    assert ODD in json.loads(as_json)["answer"], "for programs it is what it was"


def test_the_name_of_a_file_is_no_markup_and_steers_nothing(home: Path) -> None:
    name = "[link=http:evil]click[bold] \u202etxt.exe \x1b[31mx.txt"
    folder = home / "files"
    folder.mkdir()
    (folder / name).write_bytes(b"\x00\x01\x02" * 100)
    code, written = at_a_terminal(home, "library", "add", str(folder))
    assert code == 1
    assert "[link=http:evil]click[bold] txt.exe [31mx.txt" in written
    assert not [one for one in ("\u202e", "\x1b]8", "\x1b[31mx") if one in written]


def test_what_a_model_writes_does_not_steer_the_terminal(home: Path) -> None:
    steering = "Before \x1b]0;title\x07\x1b[31mred\x9b31m after. [1]"
    with OpenAIServer(lambda _: steering) as model:
        code, written = at_a_terminal(home, "ask", WITH, **written_by(model))
        piped = run(home, "ask", WITH, **written_by(model)).stdout
    assert code == 0
    for said in (written, piped):
        assert "Before ]0;title[31mred31m after." in said
        assert not [one for one in ("\x1b]0", "\x1b[31m", "\x9b", "\x07") if one in said]


def test_what_a_search_engine_says_does_not_steer_the_terminal(home: Path) -> None:
    with SearxngServer(lambda _: (), failed=[("en\x1b[31mgine\x9b1m", "timeout")]) as engine:
        named = {"SEARCH__PROVIDERS": ["searxng"], "SEARXNG__URL": engine.url}
        settings = dict[str, Any](named | {"SEARCH__STARTER": False})
        code, written = at_a_terminal(home, "ask", WITH, **settings)
        piped = run(home, "ask", WITH, **settings).stderr
    assert code == 3
    for said in (written, piped):
        assert "gine" in said
        assert not [one for one in ("\x1b[31mgine", "\x9b") if one in said]


def test_the_starter_is_no_last_resort_where_it_was_asked_for(home: Path) -> None:
    resort = "Nothing else was found; this comes from the starter collection"
    assert run(home, "ask", WITH).stdout.startswith(resort)
    for option in ("--provider", "--collection"):
        asked = run(home, "ask", option, "starter", WITH)
        assert asked.stdout.startswith("This comes from the starter collection")
        assert '[1] The "with" statement' in asked.stdout
        assert "\n[2]" not in asked.stdout, "as it answers where it is the last resort"
