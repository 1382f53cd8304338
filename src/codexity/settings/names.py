"""Which names are settings, which are nearly, and which are none of ours."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches

from codexity.errors import Misconfigured
from codexity.settings.tree import PREFIX, Leaf, leaves

# Kubernetes gives every pod the address of each service (`{SERVICE}_SERVICE_HOST`,
# `{SERVICE}_PORT_80_TCP_ADDR`, `{SERVICE}_PORT=tcp://...`), and Docker's links do alike
# (`{ALIAS}_NAME=/a/b`, `{ALIAS}_ENV_...`): a service called codexity or codexity-server meets ours.
_INJECTED = re.compile(
    rf"{PREFIX}([A-Z0-9]+_)*?"
    r"(SERVICE_HOST|SERVICE_PORT(_[A-Z0-9_]+)?"
    r"|PORT_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?|ENV_.+)"
)
_INJECTED_BY_VALUE = (
    (re.compile(rf"{PREFIX}([A-Z0-9]+_)*PORT"), re.compile(r"(tcp|udp|sctp)://.*")),
    (re.compile(rf"{PREFIX}([A-Z0-9]+_)*NAME"), re.compile(r"/.*")),
)
_NEARLY = 0.75


class Names:
    """The names of all settings."""

    def __init__(self) -> None:
        self.all = leaves()
        self.by_path = {leaf.path: leaf for leaf in self.all}
        self.by_variable = {leaf.variable: leaf for leaf in self.all}
        self.groups = frozenset(leaf.path[0] for leaf in self.all if len(leaf.path) > 1)

    def of_variable(self, variable: str, value: str, *, where: str) -> Leaf | None:
        """The setting that a variable beginning with `CODEXITY_` means; None when it means none.

        Raises:
            Misconfigured: it means one, as it seems, but is not its name.
        """
        name = variable.upper()
        if name in self.by_variable:
            return self.by_variable[name]
        if _INJECTED.fullmatch(name) or any(
            shape.fullmatch(name) and of_value.fullmatch(value)
            for shape, of_value in _INJECTED_BY_VALUE
        ):
            return None
        word = name.removeprefix(PREFIX).lower()
        path = tuple(word.split("__"))
        if len(path) > 1 or word in self.groups or self._is_nearly(word):
            raise Misconfigured(
                f"{variable}{where}: there is no such setting; did you mean "
                f"{self.nearest(path).variable}?"
            )
        return None

    def of_path(self, path: tuple[str, ...], *, where: str) -> Leaf:
        """The setting of this path.

        Raises:
            Misconfigured: there is none.
        """
        if path in self.by_path:
            return self.by_path[path]
        raise Misconfigured(
            f"{_plain('.'.join(path))}{where}: there is no such setting; did you mean "
            f"{self.nearest(path).name}?"
        )

    def group(self, word: str, *, where: str) -> str:
        """The same word, when it is the name of a group.

        Raises:
            Misconfigured: it is none.
        """
        if word in self.groups:
            return word
        nearest = get_close_matches(word[:100], sorted(self.groups), n=1, cutoff=0)[0]
        raise Misconfigured(
            f"{_plain(word)}{where}: there is no such group of settings; did you mean {nearest}?"
        )

    def nearest(self, path: tuple[str, ...]) -> Leaf:
        """The setting whose name is the most like this one, within its group when that exists."""
        own = [leaf for leaf in self.all if leaf.path[0] == path[0] and len(leaf.path) > 1]
        last = [leaf for leaf in self.all if leaf.path[-1] == path[-1]]
        if own and path[0] in self.groups:
            if len(path) == 1:
                return own[0]
            return _closest("_".join(path[1:]), own, {leaf.path[-1]: leaf for leaf in own})
        if last and len(path) == 1:
            return last[0]
        return _closest("_".join(path), self.all, {"_".join(leaf.path): leaf for leaf in self.all})

    def _is_nearly(self, word: str) -> bool:
        joined = ["_".join(leaf.path) for leaf in self.all]
        return any(leaf.path[-1] == word for leaf in self.all) or bool(
            get_close_matches(word, joined, n=1, cutoff=_NEARLY)
        )


def _closest(wanted: str, among: Sequence[Leaf], spelled: dict[str, Leaf]) -> Leaf:
    found = get_close_matches(wanted.lower()[:100], list(spelled), n=1, cutoff=0)
    return spelled[found[0]] if found else among[0]


def _plain(name: str) -> str:
    shown = name if name.isprintable() else repr(name)
    return shown if len(shown) <= 80 else f"{shown[:80]}..."
