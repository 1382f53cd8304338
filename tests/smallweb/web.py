"""A real small web: Python's documentation behind nginx, and a server that finds its pages."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from servers.searxng import Row, SearxngServer
from smallweb.index import PageIndex

_HOME = Path(__file__).resolve().parents[2]
_PAGE = "usr/share/doc/python3*/html/library/stdtypes.html"
_START_SECONDS = 10
# One process that stays ours, with every file that it would write elsewhere in a folder of its own.
_CONFIGURATION = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 64; }}
http {{
  access_log {folder}/access.log;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  default_type application/octet-stream;
  types {{ text/html html; text/css css; text/javascript js; image/png png; }}
  server {{ listen 127.0.0.1:{port}; root {root}; }}
}}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallWeb:
    """Where the pages are (`host` is `address:port`), what finds them, and how long that took."""

    host: str
    search: SearxngServer
    pages: int
    index_seconds: float

    def url(self, path: str) -> str:
        """The address of a page."""
        return f"http://{self.host}/{path}"


def documentation() -> Path:
    """The folder of Python's HTML documentation, on the system or where the set-up unpacked it."""
    for root in (Path("/"), _HOME / ".cache" / "system"):
        for page in sorted(root.glob(_PAGE)):
            return page.resolve().parents[1]
    raise FileNotFoundError("Python's HTML documentation (python3-doc) is missing: make test")


@contextmanager
def small_web(folder: Path) -> Generator[SmallWeb]:
    """Serves all pages, and finds them, until the block is left; keeps its files in `folder`."""
    root = documentation()
    index = PageIndex(folder / "pages.sqlite3")
    begin = time.perf_counter()
    pages = index.build(root)
    spent = time.perf_counter() - begin
    with _nginx(root, folder) as host:

        def find(text: str) -> list[Row]:
            return [(name, f"http://{host}/{path}", said) for path, name, said in index.find(text)]

        with SearxngServer(find) as search:
            yield SmallWeb(host=host, search=search, pages=pages, index_seconds=spent)


@contextmanager
def _nginx(root: Path, folder: Path) -> Generator[str]:
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/local/sbin:/usr/sbin:/sbin")
    assert program, "nginx is missing: make test"
    port = _free_port()
    configuration = folder / "nginx.conf"
    text = _CONFIGURATION.format(folder=folder, root=root, port=port)
    configuration.write_text(text, encoding="utf-8")
    log = folder / "error.log"
    process = subprocess.Popen([program, "-p", folder, "-e", log, "-c", configuration])
    try:
        _wait_for(process, port, log)
        yield f"127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=10)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def _wait_for(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except ConnectionRefusedError as refused:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"nginx does not serve: {log.read_text()}") from refused
            time.sleep(0.01)
        else:
            return
