"""A run of AsciiDoc as a reader sees it, and the addresses behind its links.

Source: the AsciiDoc language as docs.asciidoctor.org describes it (text, links and macros).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from codexity.adapters.extract import blocks
from codexity.adapters.extract.figures import spelt_high, spelt_low
from codexity.adapters.extract.text.markdown_inline import shown_address, spelt_marked

_REFERENCE = re.compile(r"(?<!\\)\{([A-Za-z0-9][\w-]{0,60})\}")
_LINK = re.compile(
    r"(?:link:|(?=https?://|ftp://|irc://|mailto:))([^\s\[\]<>]{1,400})\[([^\[\]\n]{0,300})\]"
)
_CROSS = re.compile(
    r"xref:([^\s\[\]]{1,200})\[([^\[\]\n]{0,300})\]|<<([^<>,\n]{1,200})(?:,([^<>\n]{1,300}))?>>"
)
_SHOWN = re.compile(
    r"(?:image|icon):(?!:)[^\s\[\]]{1,400}\[([^\[\],\n]{0,200})[^\[\]\n]{0,200}\]"
    r"|(?:kbd|btn|pass|stem|latexmath|asciimath)(?::[a-z,]{0,20})?:\[([^\[\]\n]{0,300})\]"
)
_MENU = re.compile(r"menu:([^\[\]\n:]{1,80})\[([^\[\]\n]{0,200})\]")
_NOTE = re.compile(r"footnote(?:ref)?:([\w-]{0,60})\[([^\[\]\n]{0,1000})\]")
_NO_WORDS = re.compile(
    r"\(\(\([^()\n]{1,300}\)\)\)|\[\[[^\[\]\n]{1,200}\]\]|indexterm2?:\[[^\[\]\n]{0,300}\]"
    r"|anchor:[^\s\[\]]{1,200}\[[^\[\]\n]{0,200}\]|<\.{1,2}>|<\d{1,3}>(?=\s|\Z)"
)
_INDEXED = re.compile(r"\(\(([^()\n]{1,300})\)\)")
_STRUCK = re.compile(r"\[(?:\.)?line-through\]#{1,2}([^#\n]{1,300})#{1,2}")
_SPAN = re.compile(r"\[[.#%\w -]{1,80}\](?=[*_`#])")
_DOUBLE = re.compile(r"(\*\*|__|``|##)(?=\S)([^\n]{1,300}?)(?<=\S)\1")
_SINGLE = re.compile(r"(?<![\w:;}\\*_`#])([*_`#])(?=\S)([^\n]{1,300}?)(?<=\S)\1(?![\w*_`#])")
_PASSED = re.compile(
    r"\+\+\+([^\n]{1,300}?)\+\+\+|(?<![\w+])\+(?=\S)([^+\n]{1,300})(?<=\S)\+(?![\w+])"
)
_CURVED = re.compile(r"\"`([^\n]{1,300}?)`\"|'`([^\n]{1,300}?)`'")
_RAISED = re.compile(r"(?<=\S)\^([^\s^]{1,40})\^")
_LOWERED = re.compile(r"(?<=\w)~([^\s~]{1,40})~")
_ESCAPED = re.compile(r"\\(?=[*_`#^~{\[<+:(\"'\\]|https?:|link:|xref:)")
_BUILT_IN: Final = {
    "nbsp": " ", "sp": " ", "empty": "", "blank": "", "zwsp": "", "amp": "&", "lt": "<", "gt": ">",
    "plus": "+", "asterisk": "*", "vbar": "|", "startsb": "[", "endsb": "]", "caret": "^",
    "tilde": "~", "backtick": "`", "apos": "'", "quot": '"', "deg": "°", "cpp": "C++",
    "cxx": "C++", "two-colons": "::", "two-semicolons": ";;", "lsquo": "‘", "rsquo": "’",
    "ldquo": "“", "rdquo": "”", "backslash": "\\", "brvbar": "¦", "wj": "",
}  # fmt: skip
_LONGEST_VALUE: Final = 300
_MOST_EXPANDED: Final = 1_000_000
"""Characters that references may add to a document."""


@dataclass(slots=True)
class Inline:
    """Reads the runs of one document; `attributes` are those that it has set so far."""

    attributes: dict[str, str] = field(default_factory=dict[str, str])
    notes: list[str] = field(default_factory=list[str])
    links: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    _room: int = _MOST_EXPANDED

    def words(self, text: str, *, addresses: bool = False) -> str:
        """A run without its marks; the addresses of its links stand behind them, or in `links`."""
        text = self.expanded(text)
        if "[" in text or "<" in text or "(" in text:
            text = _NOTE.sub(self._note, text)
            text = _NO_WORDS.sub("", text)
            text = _INDEXED.sub(r"\1", text)
            text = _LINK.sub(lambda match: self._link(match, addresses=addresses), text)
            text = _CROSS.sub(_crossed, text)
            text = _SHOWN.sub(lambda match: match[1] or match[2] or "", text)
            text = _MENU.sub(lambda match: " > ".join(filter(None, match.groups())), text)
            text = _STRUCK.sub(" ", text)
            text = _SPAN.sub("", text)
        if "`" in text:
            text = _CURVED.sub(lambda match: f"“{match[1] or match[2]}”", text)
        for _ in range(2):
            # Marks within marks: `*_both_*`.
            text = _DOUBLE.sub(r"\2", text)
            text = _SINGLE.sub(r"\2", text)
        if "+" in text:
            text = _PASSED.sub(lambda match: match[1] or match[2], text)
        if "^" in text:
            text = _RAISED.sub(partial(spelt_marked, spelt_high), text)
        if "~" in text:
            text = _LOWERED.sub(partial(spelt_marked, spelt_low), text)
        return blocks.prose(_ESCAPED.sub("", text))

    def expanded(self, text: str) -> str:
        """A text with the values of the attributes that it names."""
        return _REFERENCE.sub(self._value, text) if "{" in text else text

    def set(self, name: str, value: str) -> None:
        """Sets an attribute of the document."""
        self.attributes[name.lower()] = self.expanded(value.strip())[:_LONGEST_VALUE]

    def _value(self, match: re.Match[str]) -> str:
        name = match[1].lower()
        value = self.attributes.get(name, _BUILT_IN.get(name))
        if value is None or len(value) > self._room:
            return match[0]
        self._room -= len(value)
        return value

    def _note(self, match: re.Match[str]) -> str:
        if match[2]:
            self.notes.append(match[2])
        return f"[{len(self.notes)}]" if match[2] else ""

    def _link(self, match: re.Match[str], *, addresses: bool) -> str:
        target = match[1].strip("+")
        words = match[2].split(",")[0].strip().strip('"^') if "=" in match[2] else match[2]
        words = words.strip().removesuffix("^").strip('"')
        if not words:
            return target.removeprefix("mailto:")
        address = shown_address(target, words)
        if address and not addresses:
            self.links.append((words, address))
        return f"{words} ({address})" if address and addresses else words


def _crossed(match: re.Match[str]) -> str:
    target, words = match[1] or match[3], match[2] or match[4]
    return words or target.partition("#")[2] or target.rpartition("/")[2].removesuffix(".adoc")
