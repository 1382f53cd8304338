"""The parts of an office document, and what they lead to.

Source: ISO/IEC 29500-2 (OPC), relationships.
"""

from __future__ import annotations

from posixpath import dirname, join, normpath

from codexity.adapters.extract.packed.archive import Archive, attribute, root_of


def relations(archive: Archive, part: str, *, external: bool = False) -> dict[str, str]:
    """What the ids in a part stand for: other parts of the archive, or addresses outside of it."""
    folder, name = dirname(part), part.rpartition("/")[2]
    path = f"{folder}/_rels/{name}.rels"
    if path not in archive:
        return {}
    found: dict[str, str] = {}
    for one in root_of(archive.read(path)):
        target = attribute(one, "Target")
        if (attribute(one, "TargetMode") == "External") == external:
            inner = target[1:] if target.startswith("/") else normpath(join(folder, target))
            found[attribute(one, "Id")] = target if external else inner
    return found
