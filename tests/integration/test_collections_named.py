"""A question for a collection that does not exist is refused, and told which there are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from serving import PROGRAM, environment, installed, problem, run, serving, started

_MESSAGE = "There is no collection 'wiki'. There are: recipes."
_EMPTY = (
    "There is no collection 'wiki'. The library is empty: add documents with"
    " `codexity library add PATH`."
)


@pytest.fixture(scope="module")
def kitchen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose library has one collection, `recipes`."""
    home = installed(tmp_path_factory.mktemp("kitchen"))
    (home / "bread.md").write_text("# Bread\n\nKnead the dough for ten minutes, says the baker.")
    added = run(home, "library", "add", "bread.md", "-c", "recipes", SEARCH__STARTER=False)
    assert added.returncode == 0
    return home


@pytest.mark.parametrize("command", [("ask", "--json"), ("library", "search")])
def test_at_the_command_line(kitchen: Path, command: tuple[str, ...]) -> None:
    asked = (*command, "How long is dough kneaded?", "--collection")
    refused = run(kitchen, *asked, "wiki", SEARCH__STARTER=False)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr == f"codexity: {_MESSAGE}\n"
    bytes_alone = run(kitchen, *asked, "\udcff", SEARCH__STARTER=False)
    assert bytes_alone.returncode == 2
    assert "There are: recipes." in bytes_alone.stderr
    answered = run(kitchen, *asked, "recipes", SEARCH__STARTER=False)
    assert answered.returncode == 0
    assert "Knead the dough" in answered.stdout


def test_an_empty_library_says_how_to_fill_it(tmp_path: Path) -> None:
    home = installed(tmp_path / "home")
    refused = run(home, "ask", "--collection", "wiki", "What is bread?", SEARCH__STARTER=False)
    assert refused.returncode == 2
    assert refused.stderr == f"codexity: {_EMPTY}\n"


def test_over_http(kitchen: Path) -> None:
    with serving(kitchen, SEARCH__STARTER=False) as server:
        question = "How long is dough kneaded?"
        for path in ("answer", "search"):
            refused = server.get(f"/{path}?q={question}&collection=wiki")
            assert problem(refused, 422, "bad_question") == _MESSAGE
        body = {"question": question, "collection": ["recipes", "wiki"]}
        refused = server.client.post(f"{server.url}/runs", json=body)
        assert problem(refused, 422, "bad_question") == _MESSAGE
        assert server.ended_runs() == []
        answered = server.get(f"/answer?q={question}&collection=recipes")
        assert "Knead the dough" in answered.text
        begun = server.client.post(f"{server.url}/runs", json=body | {"collection": ["recipes"]})
        assert begun.status_code == 201


def test_from_python(kitchen: Path) -> None:
    program = (
        "import anyio, codexity, sys\n"
        "from codexity.model import Filters\n"
        "async def main():\n"
        "    filters = Filters(collection=(sys.argv[1],))\n"
        "    try:\n"
        "        print((await codexity.answer('How is dough kneaded?', filters=filters)).text)\n"
        "    except Exception as error:\n"
        "        print(type(error).__name__, error)\n"
        "anyio.run(main)\n"
    )
    python = str(Path(PROGRAM).with_name("python"))
    env = environment(kitchen, SEARCH__STARTER=False)
    for name, said in (("wiki", f"BadQuestion {_MESSAGE}"), ("recipes", "Knead the dough")):
        with started([python, "-c", program, name], kitchen, env) as process:
            out, _ = process.communicate(timeout=60)
        assert out.startswith(said)


def test_the_starter_may_be_named_beside_an_empty_library(home: Path) -> None:
    asked = run(
        home, "ask", "--json", "--collection", "starter", "How does the with statement work?"
    )
    told = json.loads(asked.stdout)
    assert (asked.returncode, told["status"]) == (0, "completed")
