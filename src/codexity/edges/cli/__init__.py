"""The command line: what each command takes, and how it ends."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated

import typer

from codexity.edges.cli.streams import open_streams
from codexity.edges.cli.words import Words
from codexity.edges.terminal import plain
from codexity.errors import BadQuestion, CodexityError, Misconfigured

_FAILED, _MISUSED, _INTERRUPTED = 1, 2, 130

app = typer.Typer(
    name="codexity",
    help="Answers questions from what it searched and read, with numbered citations.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    add_completion=False,
)
library_app = typer.Typer(help="Your own documents, indexed on this machine.", no_args_is_help=True)
app.add_typer(library_app, name="library")

Collection = Annotated[str, typer.Option("--collection", "-c", help="The collection's name.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else on stdout.")]


@app.callback(invoke_without_command=True)
def _codexity(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    if version:
        from importlib.metadata import version as installed

        typer.echo(f"codexity {installed('codexity')}")
        raise typer.Exit


@app.command(cls=Words)
def ask(  # noqa: PLR0913, PLR0917 - the options of a command are its arguments
    question: Annotated[
        list[str],
        typer.Argument(help="What you want to know.", metavar="QUESTION", show_default=False),
    ] = [],
    site: Annotated[list[str], typer.Option(help="Search this domain only; repeatable.")] = [],
    exclude_site: Annotated[
        list[str], typer.Option(help="Leave this domain out; repeatable.")
    ] = [],
    after: Annotated[
        str | None, typer.Option(help="Published since then: 2024, 2024-05 or 2024-05-31.")
    ] = None,
    before: Annotated[str | None, typer.Option(help="Published before then.")] = None,
    language: Annotated[
        str | None, typer.Option("--language", "--lang", help="Written in it: en, de, ...")
    ] = None,
    collection: Annotated[
        list[str],
        typer.Option(
            "--collection", "-c", help="Search this collection of the library only; repeatable."
        ),
    ] = [],
    provider: Annotated[list[str], typer.Option(help="Ask this provider only; repeatable.")] = [],
    max_sources: Annotated[int | None, typer.Option(min=1, max=20, help="At most so many.")] = None,
    as_json: Json = False,
) -> None:
    """Answer a question, with citations.

    The words of the question need no quotation marks, and options may stand before or behind them;
    everything behind -- is the question, and there alone a word may begin with a dash.

    site:docs.python.org, -site:example.com, after:2024-05, before:2025 and lang:de in the question
    are filters too; in quotation marks they stay words.

    Exit codes: 0 answered, 1 failed, 2 wrong usage, 3 no evidence found, 130 interrupted.
    """
    from codexity.edges.cli.ask import ask as run
    from codexity.model import Filters, Question

    if not question:
        raise BadQuestion("There is no question. Write it behind ask: codexity ask What is a list")
    filters = Filters(
        site=tuple(site),
        exclude_site=tuple(exclude_site),
        after=after,
        before=before,
        language=language,
        collection=tuple(collection),
        provider=tuple(provider),
        max_sources=max_sources,
    )
    raise typer.Exit(_run(run, Question(text=" ".join(question), filters=filters), as_json))


@app.command()
def read(
    url: Annotated[
        list[str],
        typer.Argument(help="Addresses, of the library too; - takes them from standard input."),
    ],
    as_json: Json = False,
    as_markdown: Annotated[
        bool, typer.Option("--markdown", help="Print Markdown: headings, lists, tables, code.")
    ] = False,
) -> None:
    """Print what Codexity reads on a page: title, date, text, or why it cannot be read.

    A file of this machine is read by `codexity library add`, and then has an address.

    Exit codes: 0 at least one was read, 1 none could be.
    """
    from codexity.edges.cli.read import read as run

    raise typer.Exit(_run(run, url, as_json, as_markdown))


@app.command()
def serve(
    host: Annotated[
        str | None, typer.Option(help="Address to listen on; 127.0.0.1 unless set.")
    ] = None,
    port: Annotated[
        int | None, typer.Option(help="Port; 8000 unless set, 0 takes a free one.")
    ] = None,
) -> None:
    """Start the HTTP server and the page.

    Exit codes: 1 it could not start, go on, or end in time; 2 a setting is wrong; 130 Ctrl-C.
    """
    from codexity.edges.cli.lean import loading

    with loading():
        from codexity.edges.cli.serve import serve as run

    raise typer.Exit(run({"host": host, "port": port}))


@app.command()
def config(as_json: Json = False) -> None:
    """Show every setting in effect and where it came from."""
    from codexity.edges.cli.config import show
    from codexity.settings import load

    loaded = load()
    typer.echo(show(loaded, as_json=as_json))
    for warning in loaded.warnings:
        typer.echo(f"codexity: {warning}", err=True)


@app.command()
def trust(
    folder: Annotated[
        Path, typer.Argument(help="The folder; the working directory if not given.")
    ] = Path(),
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Show it, and do not ask.")] = False,
    revoke: Annotated[bool, typer.Option("--revoke", help="Trust the folder no longer.")] = False,
    list_all: Annotated[bool, typer.Option("--list", help="List the trusted folders.")] = False,
) -> None:
    """Let a folder's codexity.toml and .env set everything, after showing what they set.

    Without it the two files of the working directory may not name programs, addresses, providers,
    keys, the data folder, or who may use the server: others may have written them. The yes is to
    the files as they are now, and ends when one of them changes.

    Exit codes: 0 trusted or nothing to trust, 1 the answer was no, 2 it could not be asked, or
    no file that is there is read.
    """
    from codexity.edges.cli.trust import show_all, take_back
    from codexity.edges.cli.trust import trust as run

    if list_all:
        raise typer.Exit(show_all())
    raise typer.Exit(take_back(folder) if revoke else run(folder, yes=yes))


@app.command()
def doctor(as_json: Json = False) -> None:
    """Try every configured part: what works, how fast, and the mend for what does not.

    Exit codes: 0 all that is configured works, 1 something does not, 2 a setting is wrong.
    """
    from codexity.edges.cli.doctor import doctor as run

    raise typer.Exit(_run(run, as_json))


@library_app.command("add")
def library_add(
    path: Annotated[list[Path], typer.Argument(help="Files and folders.", exists=True)],
    collection: Collection = "documents",
    ignore: Annotated[
        bool,
        typer.Option(
            "--ignore/--no-ignore",
            help="Leave out what .gitignore names, node_modules, virtual environments and caches.",
        ),
    ] = True,
    watch: Annotated[
        bool, typer.Option("--watch", help="Stay, and keep the collection in step with them.")
    ] = False,
) -> None:
    """Add files and folders: documents, sheets, books, code, mail, notes. Again, what changed.

    Hidden files and folders are left out. What was left out is said, with its reason.

    With --watch, what is new, changed, moved or deleted is brought in until Ctrl-C: that needs no
    second Codexity, and a server answers from it at once. Folders that are gone with their disk
    keep their documents.

    Exit codes: 0 added, 1 nothing could be, 2 wrong usage, 130 interrupted.
    """
    if watch:
        from codexity.edges.cli.watch import watch as keep

        raise typer.Exit(_run(keep, path, collection, ignore))
    from codexity.edges.cli.library import add as run

    raise typer.Exit(_run(run, path, collection, ignore))


@library_app.command("list")
def library_list(
    collection: Annotated[
        str | None, typer.Argument(help="The collection whose documents are listed.")
    ] = None,
    as_json: Json = False,
) -> None:
    """List the collections, or the documents of one."""
    from codexity.edges.cli.listing import listed as run

    raise typer.Exit(_run(run, collection, as_json))


@library_app.command("search", cls=Words)
def library_search(
    query: Annotated[list[str], typer.Argument(help="What to look for.", metavar="QUERY")],
    collection: Annotated[list[str], typer.Option("--collection", "-c", help="Only here.")] = [],
    limit: Annotated[int, typer.Option(min=1, max=100, help="At most so many.")] = 10,
    as_json: Json = False,
) -> None:
    """Search your documents."""
    from codexity.edges.cli.library import search as run

    raise typer.Exit(_run(run, " ".join(query), tuple(collection), limit, as_json))


@library_app.command("remove")
def library_remove(
    name: Annotated[str, typer.Argument(help="The collection's name.")],
) -> None:
    """Remove a collection from the index; your files stay."""
    from codexity.edges.cli.library import remove as run

    raise typer.Exit(_run(run, name))


def _run(command: Callable[..., Awaitable[int]], *arguments: object) -> int:
    import anyio

    return anyio.run(command, *arguments)


def main() -> None:
    """The console script: runs a command, and tells its error in one line."""
    open_streams()
    try:
        app()
    except (Misconfigured, BadQuestion) as error:
        code = _tell(error, _MISUSED)
    except CodexityError as error:
        code = _tell(error, _FAILED)
    except KeyboardInterrupt:
        code = _INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has gone; nobody is left to tell.
        sys.stderr.close()
        code = _FAILED
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        # What is left to be written would fail again when Python ends.
        sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115 - until the end
        typer.echo("codexity: There is no space left where the output goes.", err=True)
        code = _FAILED
    else:
        code = 0
    sys.exit(code)


def _tell(error: CodexityError, code: int) -> int:
    typer.echo(plain(f"codexity: {error.message}"), err=True)
    return code
