"""Meaning as people meet it: added, asked, examined; and absent where the extra is."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path
from typing import Any

import anyio
import pytest
from anyio.to_thread import run_sync

import minilm
from codexity.adapters.embed.found import Embedders
from codexity.adapters.embed.nearness import EmbeddedMeaning
from codexity.adapters.embed.onnx import OnnxEmbedder
from codexity.adapters.library.embedded import LibraryVectors
from codexity.adapters.library.index import LibraryIndex
from codexity.adapters.rank.bm25 import Bm25
from servers.embedding import EmbeddingServer
from servers.local import Reply
from serving import PROGRAM, environment, run

HOME = Path(__file__).resolve().parents[2]
QUESTION = "how many days may I work from abroad?"
RULES = (
    "# Règles du bureau\n\nLe télétravail depuis l'étranger est possible dix jours par an.\n\n"
    "Le menu de la cantine change chaque semaine et se trouve au mur.\n"
)
OTHER = "# Garage\n\nDas Tor der Garage wird um zehn Uhr am Abend geschlossen.\n"


@pytest.fixture
def server() -> Generator[EmbeddingServer]:
    with EmbeddingServer(key="sk-of-mine") as server:
        yield server


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "regles.md").write_text(RULES)
    (folder / "garage.md").write_text(OTHER)
    return folder


def embedding(server: EmbeddingServer, **more: Any) -> dict[str, Any]:
    return {
        "EMBED__BASE_URL": server.base_url,
        "EMBED__MODEL": server.model,
        "EMBED__API_KEY": "sk-of-mine",
        "SEARCH__STARTER": False,
        **more,
    }


def test_a_question_is_answered_out_of_a_document_in_another_language(
    tmp_path: Path, papers: Path, server: EmbeddingServer
) -> None:
    settings = embedding(server)
    added = run(tmp_path, "library", "add", str(papers), **settings)
    assert added.returncode == 0, added.stderr
    assert f"2 passages embedded by {server.model}" in added.stdout
    asked = run(tmp_path, "ask", QUESTION, **settings)
    assert "dix jours par an" in asked.stdout, asked.stderr
    assert "Garage" not in asked.stdout
    found = run(tmp_path, "library", "search", "working abroad", **settings)
    assert "dix jours" in found.stdout.partition("\n\n")[0]
    # Without it the words alone find nothing.
    words = run(tmp_path, "ask", QUESTION, SEARCH__STARTER=False)
    assert "dix jours" not in words.stdout


def test_documents_are_added_where_nothing_embeds_them_now(
    tmp_path: Path, papers: Path, server: EmbeddingServer
) -> None:
    usual, settings = server.usual, embedding(server)
    server.answer = lambda _: Reply(status=503)
    added = run(tmp_path, "library", "add", str(papers), **settings)
    assert (added.returncode, "2 added" in added.stdout) == (0, True)
    assert "run the same command again" in added.stderr
    found = run(tmp_path, "library", "search", "Tor der Garage", **settings)
    assert "zehn Uhr" in found.stdout, found.stderr
    server.answer = usual
    again = run(tmp_path, "library", "add", str(papers), **settings)
    assert "2 passages embedded" in again.stdout
    third = run(tmp_path, "library", "add", str(papers), **settings)
    assert "embedded" not in third.stdout


def test_another_model_is_said_to_make_them_anew(
    tmp_path: Path, papers: Path, server: EmbeddingServer
) -> None:
    run(tmp_path, "library", "add", str(papers), **embedding(server))
    server.model = "better"
    added = run(tmp_path, "library", "add", str(papers), **embedding(server))
    assert "2 passages embedded by better, in place of 2 vectors of another model" in added.stdout


def doctor(folder: Path, **settings: Any) -> dict[str, Any]:
    told = run(folder, "doctor", "--json", **settings).stdout
    parts = {one["part"]: one for one in map(json.loads, told.splitlines())}
    return parts["meaning"]


def test_doctor_says_what_embeds_and_what_is_missing(
    tmp_path: Path, papers: Path, server: EmbeddingServer
) -> None:
    run(tmp_path, "library", "add", str(papers), SEARCH__STARTER=False)
    lacking = doctor(tmp_path, **embedding(server))
    assert (lacking["ok"], "0 of the library's 2" in str(lacking["said"])) == (False, True)
    run(tmp_path, "library", "add", str(papers), **embedding(server))
    whole = doctor(tmp_path, **embedding(server))
    assert (whole["ok"], "256 numbers" in str(whole["said"])) == (True, True)
    refused = doctor(tmp_path, **embedding(server, EMBED__API_KEY="sk-wrong"))
    assert (refused["ok"], "EMBED__API_KEY" in str(refused["said"])) == (False, True)
    absent = doctor(tmp_path, SEARCH__STARTER=False)
    assert absent["ok"] is None


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"EMBED__FOLDER": "/nowhere/at-all"}, "no model.onnx"),
        ({"EMBED__BASE_URL": "http://127.0.0.1:1/v1"}, "embed.model"),
        (
            {
                "EMBED__FOLDER": "/a",
                "EMBED__BASE_URL": "http://127.0.0.1:1/v1",
                "EMBED__MODEL": "m",
            },
            "both set",
        ),
    ],
)
def test_settings_that_do_not_fit_are_told(
    tmp_path: Path, settings: dict[str, Any], said: str
) -> None:
    asked = run(tmp_path, "ask", QUESTION, SEARCH__STARTER=False, **settings)
    assert (asked.returncode, said in asked.stderr) == (2, True), asked.stderr
    assert doctor(tmp_path, **settings)["ok"] is False


WITHOUT = """
import sys
from importlib.machinery import PathFinder

HEAVY = {"numpy", "onnxruntime", "tokenizers", "onnx", "huggingface_hub"}

class Without(PathFinder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        heavy = name.partition(".")[0] in HEAVY
        return None if heavy else super().find_spec(name, path, target)

sys.meta_path[sys.meta_path.index(PathFinder)] = Without
from codexity.edges.cli import main
try:
    main()
finally:
    print("HEAVY", sorted(HEAVY & {one.partition(".")[0] for one in sys.modules}))
"""


def without_the_extra(
    folder: Path, *arguments: str, **settings: Any
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", WITHOUT, *arguments],
        cwd=folder,
        env=environment(folder, **settings),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_without_the_extra_everything_else_works_and_nothing_of_it_is_imported(
    tmp_path: Path, papers: Path
) -> None:
    plain: dict[str, Any] = {"SEARCH__STARTER": False, "LLM__DISCOVER": True}
    added = without_the_extra(tmp_path, "library", "add", str(papers), **plain)
    found = without_the_extra(tmp_path, "library", "search", "Tor der Garage", **plain)
    asked = without_the_extra(tmp_path, "ask", "Wann wird das Tor geschlossen?", **plain)
    assert "2 added" in added.stdout, added.stderr
    assert "zehn Uhr" in found.stdout, found.stderr
    assert found.stdout.endswith("HEAVY []\n")
    assert added.stdout.endswith("HEAVY []\n")
    assert asked.stdout.endswith("HEAVY []\n")


@pytest.mark.parametrize("name", ["EMBED__FOLDER", "EMBED__BASE_URL"])
def test_without_the_extra_a_setting_that_wants_it_is_told(
    tmp_path: Path, name: str, server: EmbeddingServer
) -> None:
    settings = {name: server.base_url if "URL" in name else str(tmp_path)}
    more = {"EMBED__MODEL": server.model} if "URL" in name else {}
    asked = without_the_extra(tmp_path, "ask", "Wann?", **settings, **more)
    assert "codexity[semantic]" in asked.stderr


def test_nothing_of_it_is_imported_where_no_meaning_is_wanted(tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-X", "importtime", PROGRAM, "ask", "Wann?"],
        cwd=tmp_path,
        env=environment(tmp_path, SEARCH__STARTER=False),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    imported = {
        line.rpartition("|")[2].strip().partition(".")[0] for line in told.stderr.splitlines()
    }
    assert "codexity" in imported
    assert not imported & {"numpy", "onnxruntime", "tokenizers"}


# --- a real model ----------------------------------------------------------------


async def test_a_real_model_puts_a_paraphrase_before_what_shares_its_words(tmp_path: Path) -> None:
    package = HOME / ".cache" / "models" / "all_minilm_l6_v2" / "model.zip"
    folder = await run_sync(minilm.made, package, HOME / ".cache" / "models" / "minilm-onnx")
    embedder = await run_sync(OnnxEmbedder, folder)
    embedders = Embedders(embedder)
    vectors = LibraryVectors(LibraryIndex(tmp_path / "library.sqlite3"), embedders)
    meaning = EmbeddedMeaning(embedders, vectors, ranker=Bm25(), seconds=60)
    near = await meaning.texts(
        "when do we get paid?",
        ["Salaries are transferred on the 27th.", "When we get to the station we paid for a taxi."],
    )
    salary, taxi = near.values()
    assert salary > taxi
    (known,) = await embedder.embed(["This is an example sentence"])  # of its model card
    assert known[:3] == pytest.approx([0.0676569, 0.0634959, 0.0487131], abs=1e-4)
    with anyio.fail_after(10):
        other = await meaning.texts("when do we get paid?", ["The museum is closed on Mondays."])
    assert max(other.values()) < 0.5
