"""`codexity trust`: shows what a folder's files set, and asks once whether they may."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

import typer

from codexity.edges.cli.config import lines, printable
from codexity.errors import Misconfigured
from codexity.settings.proposal import DOTENV, FILE, Proposal, propose, revoke, trusted_folders

_DECLINED, _UNREAD = 1, 2
_STATES: Final = {"trusted": "trusted", "changed": "changed since", "unknown": "changed since"}


def trust(folder: Path, *, yes: bool) -> int:
    """Shows what needs trust, asks unless `yes`, and keeps it.

    Returns 1 when the answer is no, and 2 when no file that is there may be read.

    Raises:
        Misconfigured: the files would stop the start, or nobody is there to be asked.
    """
    proposal = propose(folder)
    for line in proposal.unread:
        typer.echo(f"codexity: {line}", err=True)
    if not proposal.rows:
        there = printable(os.path.realpath(proposal.path))
        typer.echo(f"{there}: {_nothing(proposal)}")
        # Who trusts in a script has to see that what is there is not trusted.
        return _UNREAD if proposal.unread and not proposal.directory.texts else 0
    typer.echo(f"In {printable(str(proposal.path))}:")
    for line in lines(proposal.rows):
        typer.echo(f"  {line}")
    if proposal.state == "trusted":
        typer.echo("This folder is trusted already.")
        return 0
    if not yes and not _agreed():
        typer.echo("Nothing is changed; these settings stay ignored.")
        return _DECLINED
    proposal.accept()
    typer.echo("Trusted, until one of these files changes. To undo it: codexity trust --revoke")
    return 0


def take_back(folder: Path) -> int:
    """Trusts a folder no longer; returns 1 when it was not trusted."""
    if revoke(folder):
        typer.echo("This folder is trusted no longer.")
        return 0
    typer.echo("codexity: This folder was not trusted.", err=True)
    return _DECLINED


def show_all() -> int:
    """Prints every trusted folder, and whether it is there and its files have changed since."""
    folders = trusted_folders()
    if not folders:
        typer.echo("No folder is trusted.", err=True)
    for path, state in folders:
        told = "no longer there" if _is_gone(path) else _STATES[state]
        typer.echo(f"{printable(str(path))}  ({told})")
    return 0


def _is_gone(path: Path) -> bool:
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def _agreed() -> bool:
    if not sys.stdin.isatty():
        raise Misconfigured(
            "Nobody can be asked here; `codexity trust --yes` trusts what is shown above"
        )
    return typer.confirm("May these files set this, whenever Codexity runs in this folder?")


def _nothing(proposal: Proposal) -> str:
    if not proposal.directory.texts:
        if proposal.unread:
            return "what is not read cannot be trusted."
        return f"there is no {FILE} and no {DOTENV} to trust."
    return "its files set nothing that needs trust; all of it counts already."
