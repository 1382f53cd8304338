"""A site whose pages hold no text until their scripts have run, and some that misbehave."""

from __future__ import annotations

from servers.local import Asked, Reply

HTML = "text/html; charset=utf-8"
WORDS = (
    "A kestrel hovers in one place by flying into the wind at exactly the speed of the wind. "
    "The bird spreads its tail feathers and keeps its head still while it looks for voles. "
)
SHELL = b"""<!doctype html><html lang="en"><head><title>Kestrels</title></head><body>
<noscript>You need to enable JavaScript to run this app.</noscript>
<div id="root"></div><img src="/picture.png">
<script>fetch("/text").then((r) => r.text()).then((text) => {
  document.getElementById("root").innerHTML = `<article><h1>Kestrels</h1><p>${text}</p></article>`;
})</script></body></html>"""
ENDLESS = b"<!doctype html><title>x</title><script>for (;;) {}</script>"
GREEDY = b"""<!doctype html><title>x</title><script>
const kept = [];
for (let n = 0; n < 60; n++) kept.push(new Uint8Array(5e7).fill(n));
setInterval(() => fetch("/text"), 100);</script>"""
NOSCRIPTS = b"""<!doctype html><title>x</title><div id="root"></div><!--%b-->
<noscript>Turn scripts on.</noscript><p>Behind</p>""" % (b"<noscript " * 100_000)
SWOLLEN = b"""<!doctype html><title>x</title><script>
Object.defineProperty(Element.prototype, "outerHTML", {get: () => "little"});
const box = document.createElement("template");
document.documentElement.append(box);
for (let n = 0; n < 20; n++) box.content.append("x".repeat(1e7));</script>"""


SPECIAL = {
    "/text": Reply(pieces=((WORDS * 4).encode(),), media_type="text/plain"),
    "/noscripts": Reply(pieces=(NOSCRIPTS,), media_type=HTML),
    "/swollen": Reply(pieces=(SWOLLEN,), media_type=HTML),
    "/endless": Reply(pieces=(ENDLESS,), media_type=HTML),
    "/greedy": Reply(pieces=(GREEDY,), media_type=HTML),
    "/away": Reply(pieces=(b"<script>location = '/private'</script>",), media_type=HTML),
    "/popup": Reply(pieces=(b"<script>open('/private')</script>" + SHELL,), media_type=HTML),
    "/fine": Reply(status=302, headers=(("Location", "/twice"),)),
    "/twice": Reply(status=302, headers=(("Location", "/"),)),
    "/again": Reply(status=302, headers=(("Location", "/moved"),)),
    "/moved": Reply(status=302, headers=(("Location", "/private"),)),
    "/missing": Reply(status=404, pieces=(b"<p>No</p>",), media_type=HTML),
}


def shell(asked: Asked) -> Reply:
    return SPECIAL.get(asked.path, Reply(pieces=(SHELL,), media_type=HTML))
