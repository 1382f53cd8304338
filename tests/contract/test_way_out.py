"""Proxies and certificates that the environment names: what is used, and what is said."""

from __future__ import annotations

import json
import shutil
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest
from anyio.to_thread import run_sync

from codexity.adapters.authorities import trusting
from codexity.adapters.fetch.guard import Guard
from codexity.adapters.fetch.http import HttpFetcher
from codexity.adapters.fetch.limits import FetchLimits
from codexity.adapters.fetch.network_trial import tried
from codexity.errors import Misconfigured, Unreadable
from codexity.settings.outside import Outside, outside
from servers.encrypted import CERTIFICATES, EncryptedServer
from servers.local import LocalServer, Reply
from serving import run

CA = CERTIFICATES / "ca.pem"
HASHED = "651f4ac0.0"
"""What `openssl x509 -hash` says of that one."""
BODY = b"<!doctype html><title>A page</title><p>Hello</p>"
PAGE = Reply(pieces=(BODY,), media_type="text/html")
SAYS = " is set, but pages are not read through a proxy."


@asynccontextmanager
async def fetching(way: Outside, *urls: str) -> AsyncGenerator[HttpFetcher]:
    async def resolver(host: str, _port: int) -> Sequence[str]:
        if host.endswith(".invalid"):
            raise OSError("no such host")
        return ("127.0.0.1",)

    made = HttpFetcher(
        version="1",
        contact="https://example.org",
        guard=Guard(
            allow_hosts=frozenset(url.partition("//")[2] for url in urls), resolver=resolver
        ),
        limits=FetchLimits(total_seconds=20),
        tls=partial(trusting, way.cert_file, way.cert_dir),
    )
    async with made.naming(way.proxy_for) as fetcher:
        yield fetcher


async def reason(way: Outside, url: str, *allowed: str) -> str:
    async with fetching(way, *allowed) as fetcher:
        with pytest.raises(Unreadable) as refused:
            await fetcher.fetch(url)
    return refused.value.message


@pytest.mark.parametrize(
    ("environ", "url", "variable"),
    [
        ({"HTTP_PROXY": "http://p:1"}, "http://wiki.invalid/", "HTTP_PROXY"),
        ({"https_proxy": "http://p:1"}, "https://wiki.invalid/", "https_proxy"),
        ({"ALL_PROXY": "socks5://p:1"}, "https://wiki.invalid/", "ALL_PROXY"),
        (
            {"HTTP_PROXY": "http://p:1", "NO_PROXY": "other.example"},
            "http://a.invalid/",
            "HTTP_PROXY",
        ),
        ({"HTTP_PROXY": "http://p:1"}, "https://wiki.invalid/", ""),
        ({"HTTP_PROXY": " "}, "http://wiki.invalid/", ""),
        ({"HTTP_PROXY": "http://p:1", "NO_PROXY": "wiki.invalid"}, "http://wiki.invalid/", ""),
        ({"HTTP_PROXY": "http://p:1", "no_proxy": "localhost,.invalid"}, "http://a.invalid/", ""),
        ({"ALL_PROXY": "http://p:1", "NO_PROXY": "*"}, "http://wiki.invalid/", ""),
        ({}, "http://wiki.invalid/", ""),
    ],
)
async def test_a_host_that_is_not_found_has_a_reason_that_names_the_unused_proxy(
    environ: Mapping[str, str], url: str, variable: str
) -> None:
    told = f" {variable}{SAYS}" if variable else ""
    assert await reason(outside(environ), url) == f"No such host was found.{told}"


async def test_only_what_a_proxy_might_have_reached_speaks_of_it() -> None:
    way = outside({"ALL_PROXY": "http://p:1"})
    with LocalServer() as gone:
        closed = gone.url
    assert (
        await reason(way, closed, closed)
        == f"The site did not take the connection. ALL_PROXY{SAYS}"
    )
    with LocalServer(lambda _asked: Reply(status=404)) as server:
        assert await reason(way, server.url, server.url) == "The site answered 404 (Not Found)."
    with EncryptedServer("expired", lambda _asked: PAGE) as server:
        assert "proxy" not in await reason(way, server.url, server.url)
    with LocalServer(lambda _asked: PAGE) as server:
        async with fetching(way, server.url) as fetcher:
            assert (await fetcher.fetch(server.url)).body == BODY


@pytest.mark.parametrize("named", ["file", "folder", "folders", "both", "a file that is better"])
async def test_authorities_of_the_environment_are_trusted(tmp_path: Path, named: str) -> None:
    shutil.copy(CA, tmp_path / HASHED)
    environ = {
        "file": {"SSL_CERT_FILE": str(CA)},
        "folder": {"SSL_CERT_DIR": str(tmp_path)},
        "folders": {"SSL_CERT_DIR": f"{tmp_path / 'none'}:{tmp_path}"},
        "both": {"SSL_CERT_FILE": str(CA), "SSL_CERT_DIR": str(tmp_path)},
        "a file that is better": {"SSL_CERT_FILE": str(CA), "SSL_CERT_DIR": str(tmp_path / "none")},
    }[named]
    with EncryptedServer("good", lambda _asked: PAGE) as server:
        async with fetching(outside(environ), server.url) as fetcher:
            assert (await fetcher.fetch(server.url)).body == BODY
        untrusted = await reason(Outside(), server.url, server.url)
    assert "signed by nobody whom this machine trusts" in untrusted
    assert "SSL_CERT_FILE" in untrusted


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
@pytest.mark.parametrize("what", ["missing", "empty", "nonsense"])
async def test_what_is_no_certificate_is_named_with_its_mend(
    tmp_path: Path, variable: str, what: str
) -> None:
    place = tmp_path / what
    if variable == "SSL_CERT_DIR" and what != "missing":
        place.mkdir()
        (place / "authority.crt").write_text("nonsense")
    elif what != "missing":
        place.write_text("" if what == "empty" else "nonsense")
    way = outside({variable: str(place)})
    with pytest.raises(Misconfigured, match=f"{variable} is .*correct it or unset it"):
        await run_sync(partial(trusting, way.cert_file, way.cert_dir))
    trial = await tried(cert_file=way.cert_file, cert_dir=way.cert_dir, proxies={})
    assert trial.ok is False
    assert f"{variable} is {place}" in trial.said
    assert "unset" in trial.mend


async def test_doctor_tells_of_proxies_that_are_not_used() -> None:
    way = outside({"HTTP_PROXY": "http://p:1", "HTTPS_PROXY": "http://p:1"})
    told = await tried(cert_file="", cert_dir="", proxies=way.proxies)
    assert (told.ok, told.mend != "") == (True, True)
    assert "HTTP_PROXY and HTTPS_PROXY are set" in told.said
    control = await tried(cert_file=str(CA), cert_dir="", proxies={})
    assert (control.ok, control.mend) == (True, "")
    assert str(CA) in control.said


def test_commands_follow_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "NO_PROXY", "no_proxy", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("SSL_CERT_FILE", str(CA))
    words = (
        "<p>The winch is greased on Mondays, and the key hangs behind the door of the shed. </p>"
    )
    page = Reply(pieces=(f"<!doctype html>{words * 3}".encode(),), media_type="text/html")
    with EncryptedServer("good", lambda _asked: page) as server:
        allowed = [server.url.partition("//")[2], "wiki.invalid"]
        read = run(tmp_path, "read", "--json", server.url, FETCH__ALLOW_HOSTS=allowed)
        assert "greased on Mondays" in json.loads(read.stdout)["text"]
        lost = run(tmp_path, "read", "--json", "http://wiki.invalid/", FETCH__ALLOW_HOSTS=allowed)
        assert f"HTTP_PROXY{SAYS}" in lost.stdout + lost.stderr
    doctor = run(tmp_path, "doctor", "--json", BROWSER__ENABLED="off", SEARCH__STARTER=False)
    told = {one["part"]: one for one in map(json.loads, doctor.stdout.splitlines())}
    assert "HTTP_PROXY is set" in told["network"]["said"]
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
    broken = run(tmp_path, "doctor", "--json", BROWSER__ENABLED="off", SEARCH__STARTER=False)
    told = {one["part"]: one for one in map(json.loads, broken.stdout.splitlines())}
    assert (broken.returncode, told["network"]["ok"]) == (1, False)
    stopped = run(tmp_path, "read", "--json", "https://wiki.invalid/")
    assert stopped.returncode == 2
    assert "SSL_CERT_FILE" in stopped.stdout + stopped.stderr
