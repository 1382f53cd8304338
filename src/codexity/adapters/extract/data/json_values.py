"""JSON and JSON lines: pairs of a name and a value, rows of objects that are alike."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, Final, TypeGuard, cast

from codexity.adapters.extract import blocks
from codexity.adapters.extract.blocks import Draft
from codexity.adapters.extract.bounded import bounded
from codexity.adapters.extract.page_of_drafts import dates_of, page_of
from codexity.adapters.extract.text.front_matter import FrontMatter
from codexity.errors import Unreadable
from codexity.model import Page

_NAMES: Final = ("title", "name", "label", "id", "key")
_DEEPEST: Final = 6
"""Levels of headings; what stands deeper has the names of all that is around it."""
_MOST_COLUMNS: Final = 40
_LONGEST_CELL: Final = 400
_LONGEST_LIST: Final = 300
_MOST_FIGURES: Final = 50
"""More of them in a list are coordinates or a picture, and say nothing."""
_SAYS_NOTHING = re.compile(r"data:[\w.+-]{1,60}/[\w.+-]{1,60}[;,]\S*|[A-Za-z0-9+/=_-]{256,}")


def read_json(text: str, url: str) -> Page:
    """A JSON document: names and values as pairs, lists of like objects as tables.

    Raises:
        Unreadable: `bad_content` where it is no JSON, with the place.
    """
    source = text.removeprefix("\ufeff")
    try:
        value = _loaded(source)
    except json.JSONDecodeError as error:
        lines = list(_lines(source))
        if sum(isinstance(one, (dict, list)) for one in lines) < max(2, len(lines) - 1):
            raise not_json(error) from error
        return _page_of_lines(lines, url)
    drafts, is_cut = bounded(_drafts(value, "", 1))
    title, dates = "", None
    if _is_object(value):
        title = next((_said(value[name]) for name in _NAMES[:2] if _is_plain(value, name)), "")
        fields = {name: (one,) for name, one in value.items() if isinstance(one, str)}
        told = FrontMatter(fields=fields)
        dates = dates_of((), told.published, told.modified)
    return page_of(drafts, url, title=title, dates=dates, is_cut=is_cut)


def read_json_lines(text: str, url: str) -> Page:
    """A file of JSON values, one a line; a line that is none stands as it is.

    Raises:
        Unreadable: `bad_content` where no line is JSON.
    """
    values = list(_lines(text.removeprefix("\ufeff")))
    if values and all(isinstance(one, _Broken) for one in values):
        raise Unreadable("None of its lines is valid JSON.", code="bad_content")
    return _page_of_lines(values, url)


def not_json(error: json.JSONDecodeError) -> Unreadable:
    """The refusal of what is no JSON, with the place."""
    where = f"line {error.lineno}, column {error.colno}: {error.msg}"
    return Unreadable(f"It is not valid JSON ({where}).", code="bad_content")


class _Broken(str):
    """A line that is no JSON."""

    __slots__ = ()


def _loaded(source: str) -> Any:
    # Figures stay as they are spelt: 1.50 is no 1.5, and a number of a million digits is no number.
    return json.loads(source, parse_float=str, parse_int=str, parse_constant=str)


def _lines(text: str) -> Iterator[Any]:
    """The values of JSON lines, or of a JSON text sequence, each of which may have many lines.

    Source: RFC 7464, "JSON Text Sequences".
    """
    for line in text.split("\x1e" if "\x1e" in text else "\n"):
        if line.strip():
            try:
                yield _loaded(line)
            except json.JSONDecodeError:
                yield _Broken(line)


def _page_of_lines(values: Sequence[Any], url: str) -> Page:
    whole = [one for one in values if not isinstance(one, _Broken)]
    broken = (Draft(text=blocks.prose(one)) for one in values if isinstance(one, _Broken))
    drafts, is_cut = bounded(chain(_drafts(whole, "", 1), broken))
    return page_of(drafts, url, is_cut=is_cut)


def _is_plain(value: Mapping[str, Any], name: str) -> bool:
    return isinstance(value.get(name), str) and 0 < len(value[name]) <= _LONGEST_LIST


def _is_object(value: Any) -> TypeGuard[dict[str, Any]]:
    return isinstance(value, dict)


def _is_list(value: Any) -> TypeGuard[list[Any]]:
    return isinstance(value, list)


def _drafts(value: Any, name: str, level: int) -> Iterator[Draft]:
    """A value with its name: what is plain first, so that no heading comes between."""
    if _is_object(value):
        nested: list[tuple[str, Any]] = []
        for key, inner in value.items():
            if _is_nested(inner):
                nested.append((key, inner))
            else:
                yield from _named(key, _said(inner))
        for key, inner in nested:
            yield from _below(key, inner, name, level)
    elif _is_list(value):
        yield from _listed(value, name, level)
    else:
        yield from _named(name, _said(value))


def _below(key: str, value: Any, name: str, level: int) -> Iterator[Draft]:
    path = f"{name}.{key}" if level > _DEEPEST else key
    shown = blocks.prose(path)
    if shown:
        yield Draft(text=shown, kind="heading", level=min(_DEEPEST, level))
    yield from _drafts(value, path, level + 1)


def _listed(values: Sequence[Any], name: str, level: int) -> Iterator[Draft]:
    columns = _columns(values)
    if columns:
        header = tuple(blocks.prose(one) for one in columns)
        yield blocks.row(header)
        for one in values:
            cells = [(_said(one.get(key)), head) for key, head in zip(columns, header, strict=True)]
            said = [(cell, head) for cell, head in cells if cell and head]
            yield blocks.row([cell for cell, _ in said], tuple(head for _, head in said))
        return
    for number, one in enumerate(values, start=1):
        if not _is_nested(one):
            yield Draft(text=_said(one), kind="item", level=1)
            continue
        title = f"{name} {number}".strip()
        if _is_object(one):
            own = (_said(one[key]) for key in _NAMES if key in one and not _is_nested(one[key]))
            title = next((said for said in own if said), title)
        yield Draft(text=title[:_LONGEST_LIST], kind="heading", level=min(_DEEPEST, level))
        yield from _drafts(one, name, level + 1)


def _columns(values: Sequence[Any]) -> list[str]:
    """The columns of objects that are rows of one table; none where they are not."""
    if len(values) < 2:
        return []
    names: dict[str, None] = {}
    for one in values:
        if not _is_object(one):
            return []
        names.update(dict.fromkeys(one))
        short = all(
            not _is_nested(inner) and len(_said(inner)) <= _LONGEST_CELL for inner in one.values()
        )
        if not short or len(names) > _MOST_COLUMNS:
            return []
    return list(names)


def _is_nested(value: Any) -> bool:
    """Whether a value is more than can be said in a line."""
    if _is_list(value):
        if any(isinstance(one, (dict, list)) for one in value):
            return True
        return len(value) > 1 and len(_said(value)) > _LONGEST_LIST
    return _is_object(value)


def _named(name: str, said: str) -> Iterator[Draft]:
    key = blocks.prose(name)
    if not said:
        return
    if key and len(said) <= _LONGEST_CELL:
        yield blocks.pair(key, said)
        return
    if key:
        yield Draft(text=f"{key}:")
    yield Draft(text=said)


def _said(value: Any) -> str:
    """A value in words; empty where it says nothing to a reader."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            return "" if _SAYS_NOTHING.fullmatch(value) else blocks.prose(value)
        case list():
            plain = cast("list[Any]", value)
            is_figures = len(plain) > _MOST_FIGURES and all(map(_is_figure, plain))
            return "" if is_figures else ", ".join(filter(None, map(_said, plain)))
        case _:
            return ""


def _is_figure(value: Any) -> bool:
    return isinstance(value, str) and value[:1] in "-0123456789" and value != ""
