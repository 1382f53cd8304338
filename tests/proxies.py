"""Real proxies in front of a server: the configurations of the guide, in processes of our own."""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

SHOWN = Path(__file__).resolve().parents[1] / "docs" / "proxies"
"""The files that the guide shows."""
_START_SECONDS = 60
_END_SECONDS = 20
_ADMIN_PATH = "/usr/local/sbin:/usr/sbin:/sbin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What a proxy is started with: the guide's text, our folder, the port, and the protocol."""

    site: str
    folder: Path
    port: int
    http2: bool

    def write(self, name: str, text: str) -> Path:
        """A file in our folder."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of proxy: the guide's file, and the command.

    In the file `codexity` names the server, and `listens` the port, unless the command does. Here
    `ours` stands in its place, or `http2` where HTTP/2 without TLS is wanted.
    """

    file: str
    codexity: str = "127.0.0.1:8000"
    listens: str = ""
    ours: str = ""
    http2: str = ""
    command: Callable[[Start], list[str]]


def _nginx(start: Start) -> list[str]:
    """Debian's own main file around the site, its paths in our folder and nothing else changed."""
    main = Path("/etc/nginx/nginx.conf").read_text(encoding="utf-8")
    start.write("sites-enabled/codexity", start.site)
    temporary = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    lines = [f"{name}_temp_path {start.folder}/{name};\n" for name in temporary]
    start.write("conf.d/folders.conf", "".join(lines))
    for theirs in ("/run/", "/var/log/nginx/"):
        main = main.replace(f" {theirs}", f" {start.folder}/")
    for name in ("modules-enabled", "conf.d", "sites-enabled"):
        main = main.replace(f" /etc/nginx/{name}/", f" {start.folder}/{name}/")
    conf = start.write("nginx.conf", main)
    log = start.folder / "error.log"
    return [_program("nginx"), "-e", str(log), "-c", str(conf), "-g", "daemon off;"]


def _caddy(start: Start) -> list[str]:
    site = start.write("site", start.site)
    options = ["admin off", "default_bind 127.0.0.1"]
    if start.http2:
        options.append("servers {\n protocols h1 h2c\n}")
    conf = start.write("Caddyfile", "\n".join(["{", *options, "}", f"import {site}", ""]))
    return [_program("caddy"), "run", "--config", str(conf), "--adapter", "caddyfile"]


def _haproxy(start: Start) -> list[str]:
    """Debian's own defaults before the site; its global section wants root and a chroot."""
    shipped = Path("/etc/haproxy/haproxy.cfg").read_text(encoding="utf-8")
    defaults = re.search(r"^defaults\n(\s.*\n)*", shipped, re.MULTILINE)
    assert defaults, "haproxy.cfg has no defaults"
    main = start.write("main.cfg", defaults[0])
    site = start.write("site.cfg", start.site)
    return [_program("haproxy"), "-db", "-f", str(main), "-f", str(site)]


def _apache(start: Start) -> list[str]:
    """The modules that Debian enables and that matter here, and those that the guide enables."""
    modules = "mpm_event authz_core mime filter deflate reqtimeout proxy proxy_http".split()
    lines = [f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so" for name in modules]
    lines += [
        f"ServerRoot {start.folder}",
        "ServerName localhost",
        f"PidFile {start.folder}/pid",
        f"DefaultRuntimeDir {start.folder}",
        f"ErrorLog {start.folder}/error.log",
        "TypesConfig /dev/null",
        # Started by root, it refuses to answer as root.
        "User www-data",
        "Group www-data",
        f"Listen 127.0.0.1:{start.port}",
        f"Include {start.write('site.conf', start.site)}",
    ]
    if start.http2:
        lines[:0] = ["LoadModule http2_module /usr/lib/apache2/modules/mod_http2.so"]
        lines.append("Protocols h2c")
    main = start.write("apache.conf", "\n".join(lines) + "\n")
    return [_program("apache2"), "-f", str(main), "-D", "FOREGROUND"]


def _varnish(start: Start) -> list[str]:
    site = start.write("site.vcl", start.site)
    listen = f"127.0.0.1:{start.port}"
    # No jail: as root it would hand its folder to a user who cannot get at it.
    own = ["-F", "-j", "none", "-n", str(start.folder / "work"), "-l", "8m", "-s", "malloc,16m"]
    if start.http2:
        own += ["-p", "feature=+http2"]
    return [_program("varnishd"), *own, "-T", "none", "-a", listen, "-f", str(site)]


KINDS: Mapping[str, Kind] = {
    "nginx": Kind(
        file="nginx.conf", listens="listen 80;", ours="listen 127.0.0.1:PORT;",
        http2="listen 127.0.0.1:PORT http2;", command=_nginx,
    ),
    "nginx-least": Kind(
        file="nginx-least.conf", listens="listen 80;", ours="listen 127.0.0.1:PORT;",
        http2="listen 127.0.0.1:PORT http2;", command=_nginx,
    ),
    "caddy": Kind(
        file="Caddyfile", listens="search.example.org {", ours="http://:PORT {", command=_caddy
    ),
    "haproxy": Kind(
        file="haproxy.cfg", listens="bind :80", ours="bind 127.0.0.1:PORT",
        http2="bind 127.0.0.1:PORT proto h2", command=_haproxy,
    ),
    "apache": Kind(
        file="apache.conf", listens="*:80>", ours="*:PORT>", command=_apache
    ),
    "varnish": Kind(file="varnish.vcl", codexity='"8000"', command=_varnish),
}  # fmt: skip
NAMES = tuple(KINDS)


def as_it_stands(site: str) -> str:
    """The guide's configuration."""
    return site


def without_compression(site: str) -> str:
    """The guide's configuration less its comment about compression and the lines below that."""
    less, count = re.subn(r"\n+[ \t]+# Compression .*\n([ \t]+.*\n)*", "\n", site)
    assert count == 1
    return less


@contextmanager
def proxied(
    name: str,
    upstream: str,
    folder: Path,
    *,
    edit: Callable[[str], str] = as_it_stands,
    http2: bool = False,
    below: str = "",
) -> Generator[str]:
    """The address of a proxy with the guide's configuration, before a server on 127.0.0.1.

    With `http2` it speaks HTTP/2 without TLS, to clients that know so beforehand. `below` is the
    path at which the edited configuration has the server.
    """
    kind = KINDS[name]
    folder.mkdir(parents=True)
    port = _free_port()
    text = edit((SHOWN / kind.file).read_text(encoding="utf-8"))
    ours = (http2 and kind.http2) or kind.ours
    changes = {kind.codexity: kind.codexity.replace("8000", str(urlsplit(upstream).port))}
    if kind.listens:
        changes[kind.listens] = ours.replace("PORT", str(port))
    for theirs, instead in changes.items():
        assert text.count(theirs) == 1, f"{kind.file} has {theirs} {text.count(theirs)} times"
        text = text.replace(theirs, instead)
    command = kind.command(Start(site=text, folder=folder, port=port, http2=http2))
    log = folder / "said"
    homes = dict.fromkeys(("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"), str(folder))
    with log.open("wb") as said:
        process = subprocess.Popen(
            command, cwd=folder, env=os.environ | homes, stdin=subprocess.DEVNULL,
            stdout=said, stderr=said, start_new_session=True,
        )  # fmt: skip
    try:
        _wait_for(process, f"http://127.0.0.1:{port}{below}", log, http2=http2)
        yield f"http://127.0.0.1:{port}{below}"
    finally:
        _end(process)


def _program(name: str) -> str:
    program = shutil.which(name) or shutil.which(name, path=_ADMIN_PATH)
    assert program, f"{name} is missing: make test"
    return program


def _free_port() -> int:
    """Below the ports that the system gives to clients, so that none of those comes between."""
    while True:
        with socket.socket() as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            port = random.randrange(10_000, 30_000)
            try:
                tried.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


def _wait_for(process: subprocess.Popen[bytes], address: str, log: Path, *, http2: bool) -> None:
    """Until an answer comes through: Varnish listens before it can answer."""
    deadline = time.monotonic() + _START_SECONDS
    while not _answers(address, http2=http2):
        serves_yet = process.poll() is None and time.monotonic() < deadline
        assert serves_yet, f"it does not serve:\n{log.read_text()}"
        time.sleep(0.02)


def _answers(address: str, *, http2: bool) -> bool:
    how = ["--http2-prior-knowledge"] if http2 else []
    asked = subprocess.run(
        [_program("curl"), "-s", "-f", "-m", "5", *how, f"{address}/health"],
        capture_output=True, check=False,
    )  # fmt: skip
    return asked.returncode == 0


def _end(process: subprocess.Popen[bytes]) -> None:
    """In good order, and whatever it started that is still there after it, without."""
    process.terminate()
    try:
        process.wait(_END_SECONDS)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
