"""The real server with a library of one page, and a model behind it that says what it is told."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

from asking import HOVERS, QUESTION, shelved
from clients.model import PieceByPiece
from serving import Server, installed, serving, until

WORDS = (
    "A kestrel",
    " hovers",
    " against",
    " the",
    " wind",
    " –",
    " 日本語",
    " [1]",
    ".",
    "\n",
)
_ENDED_SECONDS = 60


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

    def printed(self, run: str, address: str) -> str:
        """What the guide's clients print for a run: its answer, and its numbered sources."""
        told = self.server.get(f"/runs/{run}").json()
        assert told["sources"], "there is nothing to number"
        lines = [
            f"[{source['index']}] {source['title']} <{urljoin(address, source['url'])}>"
            for source in told["sources"]
        ]
        return "\n".join([told["answer"], *lines, ""])

    @contextmanager
    def one_run(self) -> Generator[Callable[[], str]]:
        """Gives what names the one run of this block; a second one, or a second answer, fails."""
        ended = len(self.server.ended_runs())
        written = self.model.asked_to_write(QUESTION)

        def only() -> str:
            until(lambda: len(self.server.ended_runs()) > ended, "ended", _ENDED_SECONDS)
            [run] = self.server.ended_runs()[ended:]
            return run

        yield only
        assert only()
        assert self.model.asked_to_write(QUESTION) <= written + 1


@contextmanager
def rig(folder: Path, model: PieceByPiece, **settings: object) -> Generator[Rig]:
    """Runs until the block is left; questions about kestrels are answered."""
    shelved(installed(folder) / "data", HOVERS)
    alone = {"SEARCH__STARTER": False, **model.settings, **settings}
    with model, serving(folder, **alone) as server:
        yield Rig(server=server, model=model)
