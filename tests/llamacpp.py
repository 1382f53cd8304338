"""A real llama.cpp server in a child process, on a free loopback port."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_START_SECONDS = 30.0
_END_SECONDS = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LlamaCpp:
    """A running server: its address without `/v1`, its model's name, and its key, if it has one.

    `kill` ends it at once, as a crash would.
    """

    url: str
    model: str
    key: str | None
    kill: Callable[[], None]

    @property
    def base_url(self) -> str:
        return f"{self.url}/v1"

    def busy(self) -> int:
        """How many of its slots work right now."""
        return sum(slot["is_processing"] for slot in json.loads(self.get("/slots")))

    def evaluated(self) -> int:
        """How many tokens of prompts it has evaluated since it was started."""
        told = self.get("/metrics").decode()
        return int(float(told.partition("\nllamacpp:prompt_tokens_total ")[2].split()[0]))

    def tokens(self, text: str) -> list[int]:
        """The tokens of a text, read as a prompt's are: with the special ones in it."""
        asked = {"content": text, "parse_special": True, "add_special": False}
        return json.loads(self.get("/tokenize", json.dumps(asked).encode()))["tokens"]

    def get(self, path: str, body: bytes | None = None) -> bytes:
        """What the server answers to this path; a body is posted."""
        headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        request = urllib.request.Request(f"{self.url}{path}", body, headers=headers)
        with urllib.request.urlopen(request, timeout=5) as response:
            return response.read()


@contextmanager
def llamacpp(
    model: Path,
    *,
    key: str | None = None,
    slots: int | None = 2,
    context: int = 8192,
    port: int = 0,
) -> Generator[LlamaCpp]:
    """Serves the model while the block lasts; each slot has a context of `context` tokens.

    Where it is not told how many `slots` (None) it has four, which share those tokens.
    """
    size = context * (slots or 1)
    numbers = (str(slots or -1), str(size), str(port))
    command = [sys.executable, __file__, str(model), *numbers, key or ""]
    # It ends when its standard input does, so that it never outlives these tests.
    child = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    killer = threading.Timer(_START_SECONDS, child.kill)
    killer.start()
    try:
        assert child.stdout is not None
        url = next((line[4:].strip() for line in child.stdout if line.startswith("URL ")), "")
        assert url, "llama.cpp did not start"
        server = LlamaCpp(url=url, model=model.stem, key=key, kill=child.kill)
        _wait_until_ready(server)
        killer.cancel()
        yield server
    finally:
        killer.cancel()
        _end(child)


def _wait_until_ready(server: LlamaCpp) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while True:
        try:
            server.get("/health")
        except (urllib.error.URLError, ConnectionError):
            assert time.monotonic() < deadline, "llama.cpp did not get ready"
            time.sleep(0.02)
        else:
            return


def _end(child: subprocess.Popen[str]) -> None:
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            pipe.close()
    try:
        child.wait(_END_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _serve(arguments: argparse.Namespace) -> None:
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = arguments.model
    params.model_alias = {Path(arguments.model).stem}
    params.n_parallel = arguments.slots
    params.n_ctx = arguments.context
    params.api_keys = [arguments.key] if arguments.key else []
    params.cpuparams.n_threads = 1
    params.endpoint_slots = True
    params.endpoint_metrics = True
    params.port = arguments.port
    params.warmup = False
    params.ui = False
    params.fit_params = False
    params.cache_ram_mib = 0
    server = xllamacpp.Server(params)
    print("URL", server.listening_address, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("slots", type=int)
    parser.add_argument("context", type=int)
    parser.add_argument("port", type=int)
    parser.add_argument("key")
    _serve(parser.parse_args())
