"""Writes `.env.example` and `docs/settings.md` from the settings: run it when those changed."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, get_args, get_origin

from annotated_types import Ge, Gt, Le

from codexity.settings.tree import Leaf, Settings, group_of, leaves

_GUIDE_HEAD = """\
# Settings

Every setting has a default that works on a laptop without keys. `codexity config` prints the
settings in effect and where each came from, secrets masked.

A setting can be given in these places; the first that has it wins:

1. a flag of the command (`codexity serve --port 9000`);
2. an environment variable: `CODEXITY_`, then the setting's name in capitals, with two underscores
   for the dot (`CODEXITY_SERVER__PORT=9000`);
3. the same in a file `.env` in the working directory (`.env.example` lists them all);
4. a file `codexity.toml` in the working directory;
5. a file `codexity.toml` in your configuration folder: `~/.config/codexity`, or
   `$XDG_CONFIG_HOME/codexity` when that is set, or on macOS
   `~/Library/Application Support/codexity`.

3 and 4 count in full [once you have trusted the folder](#the-files-of-a-folder).

```toml
# codexity.toml
data_dir = "~/codexity"

[server]
port = 9000

[search]
providers = [["searxng", "duckduckgo"], "library"]

[searxng]
url = "http://127.0.0.1:8080"
```

In the environment and in `.env`, lists and tables are written as JSON
(`CODEXITY_SEARCH__PROVIDERS=["library"]`), and an empty value counts as not set.

What is wrong stops the start with exit code 2 and one line that names it and the nearest real
setting: a wrong value, a name that is no setting in a file, and an environment variable whose name
is nearly a setting's. Variables that container platforms add for a service called codexity
(`CODEXITY_SERVICE_HOST`, `CODEXITY_PORT=tcp://...`) and other programs' lines in `.env` are passed
over.

## The files of a folder

Somebody else may have filled the folder that you are in: an archive, a repository, a shared disk.
So what `.env` and `codexity.toml` of the working directory say counts at once only where it is
harmless (numbers that bound the work, the port, the form of the log, and a value that does less
than any other, such as `providers = ["library"]`). What names a program, an address, a provider or
a key, says who may use the server and what may be reached, moves or empties what is kept, or
speaks in your name, is ignored, and every command says so in one line, until you have said yes:

```sh
codexity trust            # shows what the two files set, secrets masked, and asks
codexity trust --yes      # shows it and does not ask, for scripts
codexity trust --list     # the trusted folders
codexity trust --revoke   # trusts this folder no longer
```

The yes is to the folder and to both files as they are: when one changes, comes or goes, it ends.
It is kept below `$XDG_DATA_HOME/codexity/trusted` (`~/.local/share/codexity/trusted`), which no
file can move. `codexity config` shows what was ignored. Below, such a setting has the line "in a
folder's files".

A file of the working directory that belongs to another user than you or root, or that others may
write (`chmod go-w` mends that), is never read, nor is any where everybody may write to the folder
itself; what a link leads to is judged. The environment, the flags and your configuration folder
are yours, and always count.

A key is only sent to the address that was configured beside it. There are two places: the working
directory's files, and what is yours alone (flags, environment, configuration folder). The address
that counts decides: the key is taken from the same place, and where there is none, it is sent
nowhere, and that is said. An address that nobody set (that of a search service) is beside every
key; a model server that was merely found on this machine is beside none. Redirections are not
followed with a key. ([why](decisions/working-directory.md))
"""
_EXAMPLE_HEAD = """\
# Settings of Codexity. Copy this file to `.env`, and remove the `#` where you want another value.
# Each line shows the default, or an example where nothing is set by default.
# Those that end with * count here once `codexity trust` was said (docs/settings.md tells why).
# Generated from the settings by `python -m codexity.settings.reference`; see docs/settings.md.
"""


def env_example() -> str:
    """The text of `.env.example`: every setting, commented out, with what it does."""
    parts = [_EXAMPLE_HEAD]
    for title, about, members in _chapters():
        if about:
            parts.append(f"\n# --- {title}: {about}\n")
        for leaf in members:
            told = textwrap.fill(
                _plain(leaf),
                98,
                initial_indent="# ",
                subsequent_indent="# ",
                break_on_hyphens=False,
            )
            parts.append(f"\n{told}\n#{leaf.variable}={_in_environment(leaf)}\n")
    return "".join(parts)


def guide() -> str:
    """The text of `docs/settings.md`: every setting with its names, default and range."""
    parts = [_GUIDE_HEAD]
    for title, about, members in _chapters():
        parts.append(f"\n## {title}\n\n{about or 'Where everything that is kept lives.'}\n")
        for leaf in members:
            told = textwrap.fill(leaf.field.description or "", 98, break_on_hyphens=False)
            parts.append(f"\n### `{leaf.name}`\n\n{told}\n\n")
            parts.extend(f"- {name}: {value}\n" for name, value in _facts(leaf))
    return "".join(parts)


def write(root: Path) -> None:
    """Writes both files into a checkout."""
    (root / ".env.example").write_text(env_example(), encoding="utf-8")
    (root / "docs" / "settings.md").write_text(guide(), encoding="utf-8")


def _chapters() -> Iterator[tuple[str, str, list[Leaf]]]:
    members = leaves()
    for name, field in Settings.model_fields.items():
        group = group_of(field)
        about = "" if group is None else (group.__doc__ or "")
        yield name, about, [leaf for leaf in members if leaf.path[0] == name]


def _facts(leaf: Leaf) -> Iterator[tuple[str, str]]:
    yield "environment", f"`{leaf.variable}`"
    default = _default(leaf)
    yield "default", "not set" if default is None else f"`{_json(default)}`"
    allowed = _range(leaf)
    if allowed:
        yield "allowed", allowed
    if not leaf.is_harmless:
        but = "" if leaf.harmless_as is None else f", except `{_json(leaf.harmless_as)}`"
        yield "in a folder's files", f"after `codexity trust`{but}"
    if leaf.field.examples:
        yield "example", f"`{_json(leaf.example)}`"


def _default(leaf: Leaf) -> object:
    if leaf.field.is_required():
        return None
    return leaf.field.get_default(call_default_factory=True, validated_data={})


def _range(leaf: Leaf) -> str:
    if get_origin(leaf.field.annotation) is Literal:
        return ", ".join(f"`{one}`" for one in get_args(leaf.field.annotation))
    bounds: list[str] = []
    for rule in leaf.field.metadata:
        match rule:
            case Ge(ge=bound):
                bounds.append(f"at least {bound:,}")
            case Gt(gt=bound):
                bounds.append(f"more than {bound:,}")
            case Le(le=bound):
                bounds.append(f"at most {bound:,}")
            case _:
                pass
    return ", ".join(bounds)


def _plain(leaf: Leaf) -> str:
    allowed = _range(leaf)
    told = leaf.field.description or ""
    mark = "" if leaf.is_harmless else " *"
    return (f"{told} ({allowed})" if allowed else told).replace("`", "") + mark


def _in_environment(leaf: Leaf) -> str:
    default = _default(leaf)
    shown = leaf.example if default is None or leaf.field.examples else default
    return shown if isinstance(shown, str) else json.dumps(_round(shown), separators=(",", ":"))


def _json(value: object) -> str:
    return json.dumps(_round(value))


def _round(value: object) -> object:
    """A whole number without `.0`: `3`, as people write it."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


if __name__ == "__main__":
    write(Path())
