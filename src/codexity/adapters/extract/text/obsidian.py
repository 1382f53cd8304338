"""What notes have beyond CommonMark: links in double brackets, highlights, comments, block ids.

Source: the formatting guides of Obsidian and Logseq, and the shortcodes of Hugo.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_inline import StateInline

_LINK = re.compile(r"\[\[([^\s\[\]\n][^\[\]\n]{0,300})\]\](?![(\[])")
_SIZE = re.compile(r"\d+(?:x\d+)?")
_BLOCK_REFERENCE = re.compile(r"\(\([0-9a-fA-F]{8}-[0-9a-fA-F-]{27}\)\)")
_SHORTCODE = re.compile(
    r"\{\{[<%][^\n{}]{0,500}[>%]\}\}|<%[^\n%]{0,500}%>|\{:(?:height|width)[^\n{}]{0,80}\}|"
    r"\{\{(?:embed|query|video|renderer|youtube|youtube-timestamp|vimeo|bilibili|tweet|twitter|cards|"
    r"pdf|audio|function|namespace|zotero-(?:imported|linked)-file)\b[^\n{}]{0,300}\}\}"
)
"""What a program puts something else in the place of, or what tells it how."""
_SAID = re.compile(
    r"\{\{cloze[ \t]+(?P<cloze>[^\n{}]{1,300})\}\}|\^\[(?P<note>[^\[\]\n]{1,500})\]|"
    r"\^\^(?P<marked>[^\s^][^^\n]{0,300})\^\^|"
    r"[\[(](?P<name>[\w-][\w -]{0,40})::[ \t]+(?P<value>[^\[\]()\n]{1,300})[\])]"
)
"""What stands in marks and is said: gaps of cards, notes within a line, highlights of Logseq,
fields of Dataview."""
_FOOTNOTE = re.compile(r"\[\^[^\s\[\]^]{1,60}\]")
_CALLOUT = re.compile(r"\[!([\w-]{1,40})(?:\|[^\]\n]{0,40})?\][+-]?")
_BLOCK_ID = re.compile(r"\s\^(?=[a-zA-Z0-9-]*[a-zA-Z])[a-zA-Z0-9-]{1,60}\s*\Z")
_PROGRAMS: Final = frozenset(
    """dataview dataviewjs tasks query button templater compressed-json kanban chart
    meta-bind""".split()
)
"""The languages of fenced blocks that a plugin replaces by what it finds or draws."""
_FILES: Final = frozenset(
    """.png .jpg .jpeg .gif .svg .webp .avif .bmp .mp3 .wav .m4a .ogg .flac .3gp .mp4 .webm .ogv
    .mov .mkv .pdf .canvas""".split()
)

_UNCLOSED: Final = "no end of a comment"
OPENS: Final = "highlight_open"
CLOSES: Final = "highlight_close"


def use(parser: MarkdownIt) -> None:
    """Teaches a parser these marks; what they leave of a text are tokens `text`.

    The two ends of a highlight are tokens `OPENS` and `CLOSES`, which may stand alone.
    """
    parser.inline.ruler.before("link", "wiki_link", _wiki_link)
    parser.inline.ruler.before("link", "left_out", _left_out)
    parser.inline.ruler.before("link", "said", _said)
    parser.inline.ruler.before("link", "comment", _comment)
    parser.inline.ruler.before("link", "highlight", _highlight)
    for sign in "(=%{^":
        parser.inline.add_terminator_char(sign)
    parser.block.ruler.at("reference", _reference)
    parser.block.ruler.before("fence", "comment_block", _comment_block, {"alt": ["paragraph"]})


def is_program(info: str) -> bool:
    """Whether a fenced block of this language is not read by people, but by a plugin."""
    return info.partition(" ")[0].strip().lower() in _PROGRAMS


def callout(text: str) -> tuple[str, str] | None:
    """The title of a callout and what follows it, where a quotation's first line is one's head."""
    head, _, rest = text.partition("\n")
    match = _CALLOUT.match(head)
    if match is None:
        return None
    return head[match.end() :].strip() or match[1].replace("-", " ").capitalize(), rest


def caption(alt: str) -> str:
    """The words of a picture: none where they are the name of a file, or its size alone."""
    words, _, size = alt.rpartition("|")
    bare = words if _SIZE.fullmatch(size.strip()) else alt
    return "" if PurePosixPath(bare.strip()).suffix.lower() in _FILES else bare


def without_block_id(text: str) -> str:
    """A block's text without the name at its end that others link to (`^a1`)."""
    # The end alone is searched: from each of many spaces the search would run anew.
    end = text[-64:]
    return text[: len(text) - len(end)] + _BLOCK_ID.sub("", end)


def shown(inner: str, *, embedded: bool) -> str:
    """The words that `[[...]]` shows: its alias, else what it names; of a picture its caption."""
    target, _, alias = inner.partition("|")
    alias = alias.strip()
    if embedded and PurePosixPath(target.partition("#")[0].strip()).suffix.lower() in _FILES:
        return "" if _SIZE.fullmatch(alias) else alias
    if alias and not (embedded and _SIZE.fullmatch(alias)):
        return alias
    parts = (part.strip() for part in target.split("#"))
    return " > ".join(part for part in parts if part and not part.startswith("^"))


def _wiki_link(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - as markdown-it calls it
    embedded = state.src.startswith("![[", state.pos)
    match = _LINK.match(state.src, state.pos + embedded)
    if match is None or match.end() > state.posMax:
        return False
    if not silent:
        state.push("text", "", 0).content = shown(match[1], embedded=embedded) or " "
    state.pos = match.end()
    return True


def _left_out(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - as markdown-it calls it
    """References to footnotes and blocks, and shortcodes, are no words of the text."""
    for form in (_FOOTNOTE, _BLOCK_REFERENCE, _SHORTCODE):
        match = form.match(state.src, state.pos)
        if match is not None and match.end() <= state.posMax:
            if not silent:
                state.push("text", "", 0).content = "" if form is _FOOTNOTE else " "
            state.pos = match.end()
            return True
    return False


def _said(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - as markdown-it calls it
    match = _SAID.match(state.src, state.pos)
    if match is None or match.end() > state.posMax or state.src.startswith("(", match.end()):
        return False
    if not silent:
        told = match["cloze"] or match["marked"] or (f" ({match['note']})" if match["note"] else "")
        state.push("text", "", 0).content = told or f"{match['name']}: {match['value']}"
    state.pos = match.end()
    return True


def _comment(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - as markdown-it calls it
    """`%%what only the writer sees%%`; `100%% of 50%%` is none."""
    at = state.pos
    if not state.src.startswith("%%", at) or (at and state.src[at - 1].isalnum()):
        return False
    end = state.src.find("%%", at + 2, state.posMax)
    if end < 0:
        return False
    if not silent:
        state.push("text", "", 0).content = " "
    state.pos = end + 2
    return True


def _highlight(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - as markdown-it calls it
    at = state.pos
    if not state.src.startswith("==", at) or state.src.startswith("===", at):
        return False
    before = state.src[at - 1 : at] or " "
    behind = state.src[at + 2 : at + 3] or " "
    if before.isspace() == behind.isspace() and before.isalnum() == behind.isalnum():
        return False
    if not silent:
        kind = CLOSES if behind.isspace() or (not before.isspace() and before.isalnum()) else OPENS
        mark = state.push(kind, "", 0)
        mark.content, mark.hidden = "==", True
    state.pos = at + 2
    return True


def _reference(state: StateBlock, line: int, end: int, silent: bool) -> bool:  # noqa: FBT001 - as markdown-it calls it
    """The definition of a link, which nobody sees; that of a footnote is text."""
    from markdown_it.rules_block import reference

    return not _line(state, line).startswith("[^") and reference(state, line, end, silent)


def _comment_block(state: StateBlock, line: int, end: int, silent: bool) -> bool:  # noqa: FBT001 - as markdown-it calls it
    """A comment that begins and ends a line, with blank lines or a fence within it."""
    first = _line(state, line)
    if not first.startswith("%%") or "%%" in first[2:]:
        return False
    unclosed = f"{_UNCLOSED} {hash(state.src)} {end}"
    if unclosed in state.env:
        return False
    closing = next((at for at in range(line + 1, end) if _line(state, at).endswith("%%")), None)
    if closing is None:
        # None of the lines behind this one has an end either: each would look for it again.
        state.env[unclosed] = True
        return False
    if not silent:
        state.line = closing + 1
    return True


def _line(state: StateBlock, at: int) -> str:
    return state.src[state.bMarks[at] + state.tShift[at] : state.eMarks[at]].strip()
