"""The starter collection: what Codexity can answer from with no network, built at first start."""

from __future__ import annotations

import json
import platform
import subprocess
import sys
import zlib
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread
from anyio.abc import Process
from anyio.streams.buffered import BufferedByteReceiveStream

from codexity.adapters.library.guides import fingerprint
from codexity.adapters.library.index import LibraryIndex
from codexity.adapters.workers.process import end, start
from codexity.errors import ProviderUnavailable
from codexity.model import STARTER

BuildProgress = Callable[[int, int, str], None]
"""Told how many documents are done, of how many, and the name of the current one."""

_RECIPE = (
    "documents.py",
    "guides.py",
    "plain.py",
    "reference.py",
    "../../text.py",
    "../../passages.py",
)
_ANALYSIS = "../../analysis"
"""With those in here, the modules that make the documents and their stems: a change in one asks for
a new build."""

_MAX_LINE_BYTES = 65_536


class StarterCollection:
    """Builds the starter collection into the library's file, once for each pair of versions.

    `version` is Codexity's; `guides` the folder of its guides, or None. A build takes seconds of
    one core, in a child process that a cancellation ends.
    """

    def __init__(
        self, index: LibraryIndex, *, guides: Path | None, version: str, build_seconds: float = 120
    ) -> None:
        self._index = index
        self._guides = guides
        self._version = version
        self._seconds = build_seconds
        self._turn = anyio.Lock()
        self._built = False

    async def ensure_built(self, progress: BuildProgress | None = None) -> None:
        """Returns when the collection is there; at once when it is.

        Of several callers in one process or in many, one builds and the others wait for it.

        Raises:
            ProviderUnavailable: `timeout` after `build_seconds`, `bad_reply` when it failed or
                its process could not be started.
        """
        if self._built:
            return
        try:
            with anyio.fail_after(self._seconds):
                async with self._turn:
                    await self._build(progress or _nobody)
        except TimeoutError as error:
            raise ProviderUnavailable(
                "The starter collection is still being built: ask again in a minute.",
                code="timeout",
            ) from error

    async def is_built(self) -> bool:
        """Whether the collection of these versions is there."""
        return await self._index.stamp(STARTER) == await self._stamp()

    async def _stamp(self) -> str:
        python = f"{platform.python_implementation()} {platform.python_version()}"
        guides = await anyio.to_thread.run_sync(fingerprint, self._guides)
        recipe = await anyio.to_thread.run_sync(_recipe)
        return f"codexity {self._version} {recipe} {python} guides {guides}"

    async def _build(self, progress: BuildProgress) -> None:
        stamp = await self._stamp()
        if self._built or await self._index.stamp(STARTER) == stamp:
            self._built = True
            return
        # `-P`: what lies in the working directory is not for this process to import.
        program = [sys.executable, "-P", "-m", "codexity.adapters.library.build"]
        command = [*program, str(self._index.path), stamp, str(self._guides or "")]
        try:
            process = await start(command, stdin=subprocess.DEVNULL, stderr=subprocess.STDOUT)
        except OSError as error:
            raise _failed(f"no process could be started: {error}") from error
        try:
            said = await _follow(process, progress)
            status = await process.wait()
        finally:
            await end(process)
        if status != 0:
            raise _failed(said)
        self._built = True


async def _follow(process: Process, progress: BuildProgress) -> str:
    """Passes the progress on until the output ends; returns the end of what else was said.

    Raises:
        ProviderUnavailable: `bad_reply`, when a line has no end.
    """
    rest: deque[str] = deque(maxlen=20)
    if process.stdout is None:
        return ""
    output = BufferedByteReceiveStream(process.stdout)
    while True:
        try:
            line = (await output.receive_until(b"\n", _MAX_LINE_BYTES)).decode(errors="replace")
        except (anyio.EndOfStream, anyio.IncompleteRead):
            return "\n".join(rest)
        except anyio.DelimiterNotFound as error:
            raise _failed("it said a line that is too long") from error
        step = _step(line)
        if step is None:
            rest.append(line)
        else:
            progress(*step)


def _step(line: str) -> tuple[int, int, str] | None:
    """What a line says of the progress; None when it is something else."""
    try:
        said: Any = json.loads(line)
    except ValueError:
        return None
    match said:
        case [int(done), int(total), str(current)]:
            return done, total, current
        case _:
            return None


def _failed(detail: str) -> ProviderUnavailable:
    """With what the other side of the pipe has for people, where it came to that."""
    message = "The starter collection could not be built"
    try:
        said: Any = json.loads(detail.rpartition("\n")[2])
    except ValueError:
        said = None
    match said:
        case {"failed": str(why)}:
            return ProviderUnavailable(f"{message}: {_begun(why)}", code="unreachable")
        case _:
            return ProviderUnavailable(f"{message}.", code="bad_reply", detail=detail)


def _begun(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _recipe() -> str:
    here = Path(__file__).parent
    sources = (*(here / name for name in _RECIPE), *sorted((here / _ANALYSIS).glob("*.py")))
    return f"{zlib.crc32(b''.join(one.read_bytes() for one in sources if one.is_file())):08x}"


def _nobody(done: int, total: int, current: str) -> None:
    """Takes the progress where nobody asked for it."""
