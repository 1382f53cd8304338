"""Tells by which way pages come here, and whose certificates are trusted on it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from anyio.to_thread import run_sync

from codexity.adapters.authorities import trusting
from codexity.errors import Misconfigured
from codexity.ports import Trial, mending


async def tried(*, cert_file: str, cert_dir: str, proxies: Mapping[str, str]) -> Trial:
    """What the environment says of the way out, and what of it is used."""
    try:
        await run_sync(partial(trusting, cert_file, cert_dir))
    except Misconfigured as error:
        mend = mending("Take it out, or name what is there:", "unset SSL_CERT_FILE SSL_CERT_DIR")
        return Trial(ok=False, said=error.message, mend=mend)
    said = "Pages are fetched straight from this machine"
    held = cert_file or cert_dir
    trusted = f", and the certificates in {held} are trusted." if held else "."
    if not proxies:
        return Trial(ok=True, said=f"{said}{trusted}")
    named = tuple(dict.fromkeys(proxies.values()))
    are_set = f"{' and '.join(named)} {'is' if len(named) == 1 else 'are'} set"
    said = f"{said}{trusted} {are_set}, but nothing except DuckDuckGo's searches uses a proxy."
    mend = (
        "Where a proxy is the only way out, no page of the web can be read here: let this machine"
        " connect to the web itself, or ask your own documents (`codexity library add`)."
    )
    return Trial(ok=True, said=said, mend=mend)
