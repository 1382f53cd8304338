"""The trial of the guard, to be run in network and mount namespaces of its own.

    unshare --net --mount python tests/trial_in_namespace.py FOLDER

Every address is made local, names are looked up at a server of ours, and what was reached in each
phase is written into `FOLDER/met.json`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import httpx2
from playwright.sync_api import sync_playwright

from codexity.adapters.fetch import chromium
from guard_table import NAMES, REFUSED
from serving import run
from trap import PORTS, RESOLVER, Trap, reply

HOSTS: Final = tuple(dict.fromkeys(host for hosts in REFUSED.values() for host in hosts))
INNER: Final = ("127.0.0.1", "10.1.2.3", "169.254.169.254", "[::1]", "[fd00:ec2::254]")
REBINDING: Final = tuple(f"rebind-{count}.test" for count in range(12))
ARTICLE: Final = (
    "<!doctype html><html><head><title>Of kestrels</title></head><body><article><h1>Of kestrels"
    "</h1>" + "<p>A kestrel hovers in one place by flying into the wind at exactly the speed of the"
    " wind, while it looks for voles in the grass below it.</p>" * 6 + "</article></body></html>"
)
PROBES: Final = tuple(f"{host}:{port}" for host in (*INNER, "inner.test") for port in PORTS)
PAGE: Final = """<!doctype html><html><head><title>Of probes</title>
%(hints)s</head><body><div id="root"></div>%(tags)s<script>
const text = "A kestrel hovers in one place by flying into the wind at the speed of the wind. ";
root.innerHTML = "<article><h1>Of probes</h1>" + ("<p>" + text.repeat(4) + "</p>").repeat(4);
const open = { mode: "no-cors" };
const targets = %(targets)s;
const ways = [];
for (const at of targets) {
  ways.push(fetch("http://" + at + "/fetch", open).catch(() => 0));
  ways.push(new Promise((end) => {
    const socket = new WebSocket("ws://" + at + "/ws");
    socket.onopen = socket.onerror = end;
  }).catch(() => 0));
  try { navigator.sendBeacon("http://" + at + "/beacon", "x"); } catch {}
  try {
    const peer = new RTCPeerConnection({ iceServers: [{ urls: "stun:" + at }] });
    peer.createDataChannel("x");
    peer.createOffer().then((offer) => peer.setLocalDescription(offer)).catch(() => 0);
    ways.push(new Promise((end) => {
      peer.onicegatheringstatechange = () => peer.iceGatheringState === "complete" && end();
      setTimeout(end, 4000);
    }));
  } catch {}
}
for (let hop = 0; hop < %(hops)d; hop++) ways.push(fetch("/hop/" + hop, open).catch(() => 0));
Promise.race([Promise.all(ways), new Promise((end) => setTimeout(end, 8000))])
  .then(() => { document.title = "Of probes, done"; });
</script></body></html>"""


def probing() -> str:
    """A page without a word of its own that tries every way to every inner target."""
    hints = "".join(
        f'<link rel="preconnect" href="http://{at}"><link rel="dns-prefetch" href="//inner.test">'
        f'<link rel="stylesheet" href="http://{at}/style">'
        for at in PROBES
    )
    tags = "".join(
        f'<img src="http://{at}/image"><iframe src="http://{at}/frame"></iframe>' for at in PROBES
    )
    return PAGE % {
        "hints": hints, "tags": tags, "targets": json.dumps(PROBES), "hops": len(PROBES),
    }  # fmt: skip


def answer(path: str) -> bytes:
    """The page of a path, whatever its host is."""
    if path == "/robots.txt":
        return reply("", status="404 Not Found")
    if path == "/probe":
        return reply(probing())
    if path.startswith(("/hop/", "/to/")):
        among: Sequence[str] = PROBES if path.startswith("/hop/") else HOSTS
        target = f"http://{among[int(path.rpartition('/')[2])]}/hopped"
        return reply("", status="302 Found", headers={"Location": target})
    if path == "/public":
        return reply("", status="302 Found", headers={"Location": "http://six.test/arrived"})
    return reply(ARTICLE)


def names(name: str, time: int) -> Sequence[str]:
    """A name's addresses; those that rebind are public once, and inner ones from then on."""
    if name.startswith("rebind-"):
        return ("93.184.216.34",) if time == 1 else (("127.0.0.1", "10.1.2.3")[time % 2],)
    return [one.partition("%")[0] for one in NAMES.get(name, ())]


def network(folder: Path) -> None:
    """Makes every address this namespace's own, and names a matter of our resolver."""
    (folder / "resolv.conf").write_text(f"nameserver {RESOLVER}\noptions timeout:2 attempts:2\n")
    here = os.path.realpath("/etc/resolv.conf")
    for command in (
        ["ip", "link", "set", "lo", "up"],
        # WebRTC looks at interfaces, and does not count loopback as one.
        ["ip", "link", "add", "card", "type", "veth", "peer", "name", "other"],
        ["ip", "link", "set", "card", "up"],
        ["ip", "link", "set", "other", "up"],
        ["ip", "address", "add", "1.1.1.1/32", "dev", "card"],
        ["ip", "route", "add", "local", "0.0.0.0/0", "dev", "lo"],
        ["ip", "-6", "route", "add", "local", "::/0", "dev", "lo"],
        ["mount", "--bind", str(folder / "resolv.conf"), here],
    ):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(f"{' '.join(command)}: {done.stderr.strip()}")


def read(folder: Path, urls: Sequence[str], **settings: object) -> list[dict[str, Any]]:
    """What `codexity read` says of these addresses, in their order."""
    given = {"SEARCH__STARTER": False, "FETCH__CACHE": False, **settings}
    lines = "\n".join(urls)
    ended = run(folder, "read", "--json", "-", given=lines, seconds=900, **given)  # type: ignore[arg-type]
    if ended.returncode not in {0, 1}:
        sys.exit(ended.stderr)
    return [json.loads(line) for line in ended.stdout.splitlines()]


def plainly(urls: Sequence[str]) -> None:
    """The same addresses, asked by a client that has no guard."""
    with httpx2.Client(trust_env=False, timeout=5) as client:
        for url in urls:
            with suppress(httpx2.HTTPError, httpx2.InvalidURL, ValueError):
                client.get(url)


def shown() -> None:
    """The page that probes, in a browser that goes where it likes."""
    found = chromium.find()
    if found is None:
        sys.exit("There is no Chromium; `make system` installs it.")
    # Chromium has a guard of its own by now, which asks a person.
    checks = "LocalNetworkAccessChecks"
    off = f"{checks},{checks}WebRTC,{checks}WebSockets"
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=str(found), args=[f"--disable-features={off}"]
        )
        page = browser.new_page()
        page.goto("http://public.test/probe", wait_until="commit")
        page.wait_for_function("document.title === 'Of probes, done'", timeout=60_000)
        browser.close()


def main(folder: Path) -> None:
    network(folder)
    trap = Trap(answer, names).start()
    spelled = [f"http://{host}/spelled" for host in HOSTS]
    ported = [f"http://{at}/ported" for at in PROBES]
    hopping = [f"http://public.test/to/{count}" for count in range(len(HOSTS))]
    # Three times each: the first look-up is public, those behind it are not.
    rebound = [f"http://{name}/bound-{count}" for count in range(3) for name in REBINDING]
    public = ["http://public.test/article", "http://six.test/article", "http://public.test/public"]
    inner = ("10.1.2.3", "127.0.0.1:8080", "inner.test", "[::1]", "169.254.169.254:80")
    phases: dict[str, Any] = {}

    def phase(name: str, said: object = None) -> None:
        met = trap.afresh()
        phases[name] = {
            "said": said,
            "inner": met.inner(),
            "packets": met.inner_packets(),
            "public": met.public(),
            "missed": trap.missed(),
        }

    off = {"BROWSER__ENABLED": "off"}
    said = read(folder, [*spelled, *ported, *hopping, *rebound, *public], **off)
    # Whoever looks the names up anew is told the inner addresses.
    phase("read", [*said, *read(folder, rebound, **off)])
    allowed = [f"http://{host}/allowed" for host in inner]
    phase("allowed", read(folder, allowed, FETCH__ALLOW_HOSTS=list(inner), **off))
    plainly([*spelled, *ported, *rebound])
    phase("plain")
    phase("rendered", read(folder, ["http://public.test/probe"], LIMITS__READ_SECONDS=60))
    shown()
    phase("chromium")
    (folder / "met.json").write_text(json.dumps(phases))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
