"""The real server with a library of one page, and a model behind it that says what it is told."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from clients.model import PieceByPiece
from serving import Server, run, serving

KESTREL = (
    "A kestrel hovers in one place by flying into the wind at exactly the speed of the wind. "
    "The bird spreads its tail feathers and keeps its head still while it looks for voles."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rig:
    """A server, and the model that it asks."""

    server: Server
    model: PieceByPiece

    @property
    def url(self) -> str:
        return self.server.url

    def answer(self, run: str) -> str:
        """What the server itself says that the answer of a run is."""
        return self.server.get(f"/runs/{run}").json()["answer"]


@contextmanager
def rig(folder: Path, model: PieceByPiece, **settings: object) -> Generator[Rig]:
    """Runs until the block is left; questions about kestrels are answered."""
    documents = folder / "documents"
    documents.mkdir(parents=True)
    (documents / "kestrel.txt").write_text(KESTREL, encoding="utf-8")
    added = run(folder, "library", "add", str(documents))
    assert added.returncode == 0, added.stderr
    alone = {"SEARCH__STARTER": False, **model.settings, **settings}
    with model, serving(folder, **alone) as server:
        yield Rig(server=server, model=model)
