"""Panels that are shut, and the controls of a page that open them."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Final, Literal

from codexity.adapters.extract.marked import holders, values
from codexity.adapters.extract.visibility import (
    TextStyle,
    declared,
    has_no_size,
    inherited,
    is_invisible,
    is_shut,
)

if TYPE_CHECKING:
    from lxml.etree import XPath
    from lxml.etree import (
        _Element as Element,  # pyright: ignore[reportPrivateUsage]  it has no public name
    )

_REFERENCES: Final = (
    *("aria-controls", "popovertarget", "commandfor"),
    *("data-bs-target", "data-target", "data-bs-toggle", "data-toggle", "aria-expanded"),
)
_TAB: Final = "role[. = 'tab']"
_TAGS: Final = frozenset({"a", "button", "input", "label", "summary"})
_ROLES: Final = frozenset(
    {"button", "link", "tab", "menuitem", "switch", "checkbox", "radio", "option", "treeitem"}
)
_STATES: Final = ("aria-expanded", "aria-selected", "data-toggle", "data-bs-toggle")
_STREAMED = re.compile(r"S:[0-9a-f]+|af\w*?\d+")
_BY_REACT = re.compile(r"""\$R[A-Z]\(["'][BP]:[0-9a-f]+["'],["'](S:[0-9a-f]+)["']""")
_BY_MARKO = re.compile(r"\$(af\w*)\((\d+)\)")


@dataclass(eq=False, slots=True, kw_only=True)
class Panel:
    """What is shut: an element as a whole, or the texts under it that are not shown.

    `within` is the panel around it. `is_open` says that a control opens it, `is_seen` that this
    control and all that is around can be seen as well.
    """

    element: Element
    within: Panel | None
    whole: bool = True
    texts: list[tuple[Element, Literal["text", "tail"]]] = field(
        default_factory=list["tuple[Element, Literal['text', 'tail']]"]
    )
    is_open: bool = False
    is_seen: bool = False


Place = Callable[["Element"], tuple[bool, Panel | None]]
"""Whether what stands at an element is seen once the panel around it is open, and that panel."""


def open_panels(top: Element, panels: Sequence[Panel], place: Place, source: str) -> None:
    """Marks the panels that a reader can see by using controls of the page that can be seen.

    A control opens what it names by its id, by whichever attribute the standards and Bootstrap
    have for that, a tab the panel that is labelled by it, and one that says that something is shut
    (`aria-expanded`) without naming it, what stands next to it. A control in a panel counts once
    that is open, so that panels that only open each other stay shut. What a server sends behind the
    page's end is hidden only until the script that was sent with it has put it in place.

    Source: WAI-ARIA 1.2; ARIA Authoring Practices, "Disclosure", "Accordion" and "Tabs"; HTML,
    "The popover attribute", "The button element"; Bootstrap 5, "Collapse" and "Navs and tabs";
    what React's `renderToPipeableStream` and Marko's `<await>` send.
    """
    if not panels:
        return
    opened = _Opened(top, panels, place)
    opened.put_in_place(source)
    opened.spread()


class _Opened:
    def __init__(self, top: Element, panels: Sequence[Panel], place: Place) -> None:
        self._by_id: dict[str, list[Panel]] = {}
        self._inside: dict[Panel, list[Panel]] = {}
        self._opens: dict[Panel, list[Panel]] = {}
        self._due: deque[Panel] = deque()
        self._named: set[tuple[Panel | None, str]] = set()
        for panel in panels:
            if (name := panel.element.get("id")) is not None:
                self._by_id.setdefault(name, []).append(panel)
            if panel.within is not None:
                self._inside.setdefault(panel.within, []).append(panel)
        by_element = {panel.element: panel for panel in panels}
        for control in holders(values(top, (*_REFERENCES, _TAB))):
            if not _is_control(control):
                continue
            seen, around = place(control)
            targets = list(self._targets(control, around, by_element)) if seen else []
            if around is None:
                self._open(targets)
            else:
                self._opens.setdefault(around, []).extend(targets)
        self._label(top, panels, place)

    def put_in_place(self, source: str) -> None:
        """Opens what the scripts of a page that is streamed move to where it belongs."""
        if any(_STREAMED.fullmatch(name) for name in self._by_id):
            react, marko = (pattern.findall(source) for pattern in (_BY_REACT, _BY_MARKO))
            for name in {*react, *map("".join, marko)}:
                self._open(self._by_id.get(name, ())[:1])

    def spread(self) -> None:
        """Follows the controls in panels that have been opened."""
        while self._due:
            panel = self._due.popleft()
            if panel.is_seen or not panel.is_open:
                continue
            if panel.within is not None and not panel.within.is_seen:
                continue
            panel.is_seen = True
            self._open(self._opens.get(panel, ()))
            self._due.extend(self._inside.get(panel, ()))

    def _open(self, panels: Sequence[Panel]) -> None:
        for panel in panels:
            panel.is_open = True
        self._due.extend(panels)

    def _targets(
        self, control: Element, around: Panel | None, by_element: Mapping[Element, Panel]
    ) -> Iterator[Panel]:
        names = list(_names(control))
        for name in names:
            # Named again from the same place it opens nothing more, and an id may be given often.
            if (around, name) not in self._named:
                self._named.add((around, name))
                yield from self._by_id.get(name, ())
        if not names and control.get("aria-expanded") == "false":
            behind = _behind(control)
            if behind is not None and behind in by_element:
                yield by_element[behind]

    def _label(self, top: Element, panels: Sequence[Panel], place: Place) -> None:
        """Opens the panels of tabs that do not name them, but are named by them."""
        labelled = [panel for panel in panels if panel.element.get("role") == "tabpanel"]
        names = {name for panel in labelled for name in _labels(panel)}
        if not names:
            return
        tabs = {tab.get("id"): tab for tab in _tabs()(top)}
        for panel in labelled:
            for tab in (tabs[name] for name in _labels(panel) if name in tabs):
                seen, around = place(tab)
                if seen and around is None:
                    self._open((panel,))
                elif seen and around is not None and around is not panel:
                    self._opens.setdefault(around, []).append(panel)


def _labels(panel: Panel) -> list[str]:
    return panel.element.get("aria-labelledby", "").split()


@cache
def _tabs() -> XPath:
    from lxml.etree import XPath

    return XPath("descendant::*[@role='tab' and @id]")


def _names(control: Element) -> Iterator[str]:
    """The ids of what a control says it opens."""
    for name in ("aria-controls", "popovertarget", "commandfor"):
        yield from control.get(name, "").split()
    found = [control.get("data-bs-target"), control.get("data-target")]
    if any(control.get(state) is not None for state in _STATES) or control.get("role") == "tab":
        found.append(control.get("href"))
    for selector in found:
        for one in (selector or "").split(","):
            if one.strip().startswith("#"):
                yield one.strip()[1:]


def _is_control(element: Element) -> bool:
    """Whether an element is there to be used, and has something that can be seen."""
    said = declared(element)
    if element.tag == "input":
        return element.get("type") != "hidden" and not has_no_size(said)
    used = (
        element.tag in _TAGS
        or element.get("role") in _ROLES
        or element.get("onclick") is not None
        or element.get("tabindex") is not None
    )
    if not used:
        return False
    # A button has a border, and a picture of a link may have been drawn by what was taken out.
    named = element.get("aria-label") or element.get("title") or (element.text or "").strip()
    drawn = element.tag == "button" and not has_no_size(said)
    return drawn or bool(named) or any(map(_is_shown, element))


def _is_shown(child: Element) -> bool:
    said = declared(child)
    style = inherited(TextStyle(), child, said)
    hidden = style.lost or style.invisible or is_shut(child, said) or is_invisible(said)
    return not hidden


def _behind(control: Element) -> Element | None:
    """What stands next to a control, or to the heading that is made of it."""
    following = control.getnext()
    parent = control.getparent()
    while following is None and parent is not None and len(parent) == 1:
        following, parent = parent.getnext(), parent.getparent()
    return following
