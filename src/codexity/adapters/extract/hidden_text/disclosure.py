"""Panels that are shut, and the controls of a page that open them."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Final, Literal

from codexity.adapters.extract.hidden_text.openers import Scripts, opened_by, own_controls, shown_by
from codexity.adapters.extract.hidden_text.visibility import (
    TextStyle,
    declared,
    has_no_size,
    inherited,
    is_invisible,
    is_shut,
)
from codexity.adapters.extract.marked import holders, values

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
_NEAR: Final = 4
"""How many elements up from a tab its panels may stand, where neither names the other."""
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

    A control opens what it names by its id or class, by whichever attribute the standards and
    Bootstrap have for that, or by a handler or data of its own; a tab the panel that is labelled by
    it, or stands near it where neither names the other; one that says that something is shut
    (`aria-expanded`) without naming it, what stands next to it; and what a script of the page
    listens to, what that script looks up with it or finds next to it. A control in a panel counts
    once that is open, so that panels that only open each other stay shut. What a server sends
    behind the page's end is hidden only until the script that was sent with it has put it in place.

    Source: WAI-ARIA 1.2; ARIA Authoring Practices, "Disclosure", "Accordion" and "Tabs"; HTML,
    "The popover attribute", "The button element"; Bootstrap 5, "Collapse" and "Navs and tabs";
    what React's `renderToPipeableStream` and Marko's `<await>` send.
    """
    if not panels:
        return
    opened = _Opened(top, panels, place, source)
    opened.put_in_place(source)
    opened.by_scripts(Scripts(source))
    opened.spread()


class _Opened:
    def __init__(self, top: Element, panels: Sequence[Panel], place: Place, source: str) -> None:
        self._by_name: dict[str, list[Panel]] = {}
        self._inside: dict[Panel, list[Panel]] = {}
        self._opens: dict[Panel, list[Panel | str]] = {}
        self._due: deque[Panel] = deque()
        self._named: set[str] = set()
        self._place = place
        self._panels = panels
        self._own = own_controls(top, source)
        for panel in panels:
            for name in shown_by(panel.element):
                self._by_name.setdefault(name, []).append(panel)
            if panel.within is not None:
                self._inside.setdefault(panel.within, []).append(panel)
        by_element = {panel.element: panel for panel in panels}
        for control in holders(values(top, (*_REFERENCES, _TAB))):
            if _is_control(control):
                self._use(control, list(self._targets(control, by_element)))
        for control in self._own:
            names = [name for name in opened_by(control) if name in self._by_name]
            if names and _is_drawn(control):
                self._use(control, names)
        self._label(top)

    def by_scripts(self, scripts: Scripts) -> None:
        """Opens what scripts look up together with a control, or find right behind one."""
        for control in self._own if scripts.look_up_anything else ():
            names = [name for name in scripts.looked_up_with(control) if name in self._by_name]
            if names and _is_drawn(control):
                self._use(control, names)
        for panel in self._panels:
            header = panel.element.getprevious() if panel.whole else None
            if header is not None and scripts.opens_next(header) and _is_drawn(header):
                self._use(header, [panel])

    def _use(self, control: Element, targets: Sequence[Panel | str]) -> None:
        """Opens what a control names if it can be seen, at once or when what is around it is."""
        seen, around = self._place(control)
        if seen and around is None:
            self._open(targets)
        elif seen and around is not None:
            self._opens.setdefault(around, []).extend(targets)

    def put_in_place(self, source: str) -> None:
        """Opens what the scripts of a page that is streamed move to where it belongs."""
        if any(_STREAMED.fullmatch(name) for name in self._by_name):
            react, marko = (pattern.findall(source) for pattern in (_BY_REACT, _BY_MARKO))
            for name in {*react, *map("".join, marko)}:
                self._open(self._by_name.get(name, ())[:1])

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

    def _open(self, targets: Sequence[Panel | str]) -> None:
        for target in targets:
            if isinstance(target, Panel):
                panels = [target]
            elif target in self._named:
                # Named again it opens nothing more, and many may have the same name.
                continue
            else:
                self._named.add(target)
                panels = self._by_name.get(target, [])
            for panel in panels:
                panel.is_open = True
            self._due.extend(panels)

    def _targets(
        self, control: Element, by_element: Mapping[Element, Panel]
    ) -> Iterator[Panel | str]:
        names = list(_names(control))
        yield from names
        if not names and control.get("aria-expanded") == "false":
            behind = _behind(control)
            if behind is not None and behind in by_element:
                yield by_element[behind]

    def _label(self, top: Element) -> None:
        """Opens the panels of tabs that do not name them, but are named by them or stand near."""
        unnamed = [one for one in self._panels if one.element.get("role") == "tabpanel"]
        if not unnamed:
            return
        tabs: Sequence[Element] = _tabs()(top)
        by_id = {tab.get("id"): tab for tab in tabs if tab.get("id")}
        near: dict[Element, Element] = {}
        for tab in tabs:
            if tab.get("aria-controls") is None and self._place(tab)[0] and _is_drawn(tab):
                for around in islice(tab.iterancestors(), _NEAR):
                    near.setdefault(around, tab)
        for panel in unnamed:
            labels = _labels(panel)
            found = [by_id[name] for name in labels if name in by_id]
            if not labels:
                inside = islice(panel.element.iterancestors(), _NEAR)
                found = [near[one] for one in inside if one in near and one.tag != "html"][:1]
            for tab in found:
                if self._place(tab)[1] is not panel:
                    self._use(tab, [panel])


def _labels(panel: Panel) -> list[str]:
    return panel.element.get("aria-labelledby", "").split()


@cache
def _tabs() -> XPath:
    from lxml.etree import XPath

    return XPath("descendant::*[@role='tab']")


def _names(control: Element) -> Iterator[str]:
    """The ids of what a control says it opens."""
    for name in ("aria-controls", "popovertarget", "commandfor"):
        yield from control.get(name, "").split()
    found = [control.get("data-bs-target"), control.get("data-target")]
    if any(control.get(state) is not None for state in _STATES) or control.get("role") == "tab":
        found.append(control.get("href"))
    for selector in found:
        for one in (selector or "").split(","):
            name = one.strip()
            if name.startswith(("#", ".")):
                yield name.removeprefix("#")


def _is_control(element: Element) -> bool:
    """Whether an element is there to be used, and has something that can be seen."""
    used = (
        element.tag in _TAGS
        or element.get("role") in _ROLES
        or element.get("onclick") is not None
        or element.get("tabindex") is not None
        or element.get("data-toggle") is not None
        or element.get("data-bs-toggle") is not None
    )
    return used and _is_drawn(element)


def _is_drawn(element: Element) -> bool:
    """Whether something of a control can be seen."""
    said = declared(element)
    if element.tag == "input":
        return element.get("type") != "hidden" and not has_no_size(said)
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
