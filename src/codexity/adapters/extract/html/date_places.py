"""The places of a page where its own dates stand, and those of other things do not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Final

from codexity.adapters.extract.days import day_in, days_in
from codexity.adapters.extract.html.linked_data import What, is_of_page

if TYPE_CHECKING:
    from lxml.etree import XPath
    from lxml.etree import (
        _Element as Element,  # pyright: ignore[reportPrivateUsage]  it has no public name
    )
    from lxml.html import HtmlElement

_PARTS: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_OTHERS: Final = frozenset(
    """comment comments respond reply replies disqus discussion review reviews rating ratings
    related recommended recommendations more popular trending latest recent sidebar widget widgets
    teaser teasers promo advert ad ads newsletter upcoming event events calendar archive archives
    pagination pager social tweet twitter instagram testimonial testimonials feed
    kommentare kommentar commentaires comentarios commenti reacties""".split()
)
_OTHER_TAGS: Final = frozenset({"aside", "nav", "figcaption", "blockquote", "form", "select"})
_HEADS: Final = ("h2", "h3", "h4", "h5", "h6")
_OTHERS_HEAD: Final = re.compile(
    r"\s*(?:more|other|latest|recent|related|read (?:more|next|also)|comments?|reviews?|replies"
    r"|you may|upcoming|weitere|mehr|ähnliche|neueste|kommentare|lesen sie|aktuelle|autres"
    r"|à lire|lire aussi|derni|commentaires|más |otr[ao]s|relacionad|últim|comentarios|altr[ei]"
    r"|leggi|commenti|ultim|meer|gerelateerd|reacties|другие|похожие|комментарии|читайте)"
    r"|\s*(?:相关|相關|最新|更多|评论|評論|関連|コメント|おすすめ|관련|댓글)",
    re.IGNORECASE,
)
_DATED: Final = re.compile(
    r"date|datum|fecha|(?:^|[-_\s])(?:time|posted|publish|pub|byline|dateline|updated|modified"
    r"|timestamp|submitted|meta|author|autor|subline|parution)",
    re.IGNORECASE,
)
_PUBLISHED: Final = re.compile(
    r"published|posted|written|first appeared|veröffentlicht|erschienen|publié|paru|publicado"
    r"|pubblicato|gepubliceerd|geplaatst|publicerad|udgivet|publisert|julkaistu|opublikowano"
    r"|опубликовано|发布|發布|发表|發表|公開|投稿|掲載|게시|등록|입력|작성",
    re.IGNORECASE,
)
_MODIFIED: Final = re.compile(
    r"updated?\b|modified|revised|reviewed on|edited|changed|aktualisiert|geändert|mis à jour"
    r"|modifié|actualizado|modificado|aggiornat|modificat|bijgewerkt|gewijzigd|uppdaterad"
    r"|opdateret|oppdatert|päivitetty|zaktualizowano|обновлено|изменено|更新|修改|修订|改訂|수정",
    re.IGNORECASE,
)
_LABELLED: Final = re.compile(
    rf"\W{{0,3}}(?:last |zuletzt |dernière(?:ment)? |última |最終?|最后|最後)?"
    rf"(?:{_PUBLISHED.pattern}|{_MODIFIED.pattern})",
    re.IGNORECASE,
)
_YEAR: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|(?:19|20)\d\d[-./]?\d\d")
_WIDE: Final = re.compile("１９|２０")
_NO_TEXT: Final = frozenset({"script", "style", "head", "title", "textarea", "option"})
_LONGEST: Final = 200
_MOST_PARTS: Final = 60
_MOST_WORDS: Final = 12
_LABEL: Final = 40
_MANY_DAYS: Final = 4
_MOST_PLACES: Final = 200
_NEAR: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A day that the page says of itself.

    `is_time` where a `<time>` does; `is_sure` where a label or its markup tells that it is of the
    page; `is_near` where it stands near the page's heading.
    """

    what: What
    day: str
    is_time: bool
    is_sure: bool
    is_near: bool


class Places:
    """Where the days of one page stand."""

    def __init__(self, tree: HtmlElement) -> None:
        self._tree = tree
        heading = next(tree.iter("h1"), None)
        self._holders = frozenset(() if heading is None else heading.iterancestors())
        self._main = self._main_article()
        self._known: dict[Element, bool] = {}
        self._microdata: list[Element] = _of_microdata()(tree)
        self._all = tuple(islice(self._places(), _MOST_PLACES))

    def told(self, what: What) -> Place | None:
        """The day that is told best; None where none is, or many are as a list has them."""
        found = [place for place in self._all if place.what == what]
        sure = [place for place in found if place.is_sure]
        if sure:
            return sure[0]
        if len({place.day for place in found}) >= _MANY_DAYS:
            found = [place for place in found if place.is_near]
        return found[0] if found else None

    def stated(self, what: What) -> str | None:
        """The day of the microdata that is of the page; None where several differ."""
        name = f"date{what}"
        found = [
            day
            for element in self._microdata
            if name in (element.get("itemprop") or "").lower().split()
            and not self._is_elsewhere(element)
            and (day := day_in(_said(element)))
        ]
        return found[0] if len(set(found)) == 1 else None

    def _places(self) -> Iterator[Place]:
        wide = _WIDE.search(self._tree.text_content()) is not None
        for element in _dated(wide=wide)(self._tree):
            if element.tag in _NO_TEXT:
                continue
            if element.tag in {"time", "abbr"} or _names_year(element):
                around = (element, *islice(element.iterancestors(), 2))
                found = next((told for one in around if (told := list(self._told_at(one)))), ())
                if found and not self._is_elsewhere(element):
                    yield from found

    def _told_at(self, element: Element) -> Iterator[Place]:
        """What an element says: one day, or one and another that it was changed on."""
        is_time = element.tag == "time"
        said = _said(element)
        if not said or (is_time and _is_in_prose(element)):
            return
        label = _LABELLED.match(said)
        names = _names(element)
        if not (is_time or label or element.tag == "abbr" or _DATED.search(names)):
            return
        changed = _MODIFIED.search(said)
        if label and changed and changed.start() > label.end() and _PUBLISHED.search(label.group()):
            yield from self._place(element, said[: changed.start()], "published", is_sure=True)
            yield from self._place(element, said[changed.start() :], "modified", is_sure=True)
            return
        if not label and len(set(days_in(said))) > 1:
            return
        around = f"{names} {_label_before(element)} {'' if is_time else said}"
        is_published = _PUBLISHED.search(around) is not None
        is_modified = _MODIFIED.search(around) is not None and not is_published
        is_sure = bool(label) or element.get("pubdate") is not None or is_published
        what: What = "modified" if is_modified else "published"
        yield from self._place(element, said, what, is_sure=is_sure)

    def _place(self, element: Element, said: str, what: What, *, is_sure: bool) -> Iterator[Place]:
        day = day_in(said)
        if day is not None:
            yield Place(
                what=what,
                day=day,
                is_time=element.tag == "time",
                is_sure=is_sure,
                is_near=any(one in self._holders for one in islice(element.iterancestors(), _NEAR)),
            )

    def _is_elsewhere(self, element: Element) -> bool:
        answer = False
        passed: list[Element] = []
        for one in element.iterancestors():
            if one in self._known:
                answer = self._known[one]
                break
            passed.append(one)
        for one in reversed(passed):
            # What is around has been judged: each is looked at once, however deep a page is.
            answer = answer or self._is_of_another(one)
            self._known[one] = answer
        return answer or element.tag in _OTHER_TAGS

    def _is_of_another(self, element: Element) -> bool:
        if element.tag in _OTHER_TAGS or _is_entry(element):
            return True
        scope = element.get("itemscope") is not None
        kind = element.get("itemtype") or ""
        if scope and ((kind and not is_of_page(kind)) or _is_nested(element)):
            return True
        if element.tag == "article":
            return element is not self._main and element not in self._holders
        if element.tag in {"body", "html", "main"} or element in self._holders:
            return False
        words = {one.lower() for one in _PARTS.findall(_names(element))}
        if words & _OTHERS:
            return True
        head = next((one for one in element if one.tag in _HEADS), None)
        return head is not None and bool(_OTHERS_HEAD.match(_text(head)))

    def _main_article(self) -> Element | None:
        """The article that the page is: its only one, or that with the heading or most text."""
        every = [
            one
            for one in self._tree.iter("article")
            if next(one.iterancestors("article"), None) is None
        ]
        with_heading = [one for one in every if one in self._holders]
        if len(every) < 2 or with_heading:
            return next(iter(with_heading or every), None)
        lengths = [sum(map(len, one.itertext())) for one in every]
        longest = max(lengths)
        return every[lengths.index(longest)] if 2 * longest > sum(lengths) else None


@cache
def _dated(*, wide: bool) -> XPath:
    """Finds what may name a day; a look at each element in Python takes ten times as long.

    `wide` says that the page has years in characters of full width.
    """
    from lxml.etree import XPath

    said = ("19", "20", "１９", "２０") if wide else ("19", "20")
    years = " or ".join(f"contains(., '{one}')" for one in said)
    return XPath(f"descendant::*[self::time or self::abbr or text()[{years}]]")


@cache
def _of_microdata() -> XPath:
    from lxml.etree import XPath

    return XPath("descendant::*[@itemprop]")


def _names(element: Element) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''}"


def _names_year(element: Element) -> bool:
    if _YEAR.search(element.text or ""):
        return True
    return any(child.tail and _YEAR.search(child.tail) for child in element)


def _text(element: Element) -> str:
    """The text of an element that is short and holds little; empty for any other."""
    parts = list(islice(element.iter(), _MOST_PARTS + 1))
    if len(parts) > _MOST_PARTS:
        return ""
    text = " ".join("".join(element.itertext()).split())
    return text if len(text) <= _LONGEST else ""


def _said(element: Element) -> str:
    """What an element says of a day: for programs where it does, else for people."""
    for name in ("datetime", "content", "title"):
        value = (element.get(name) or "")[:_LONGEST]
        if day_in(value):
            return value
    return _text(element)


def _label_before(element: Element) -> str:
    before = element.getprevious()
    parent = element.getparent()
    text = before.tail if before is not None else parent.text if parent is not None else ""
    return f"{'' if before is None else _text(before)[-_LABEL:]} {(text or '')[-_LABEL:]}"


def _is_in_prose(element: Element) -> bool:
    """Whether a day stands within a sentence, which tells of something that happened on it."""
    around = islice(element.iterancestors(), _NEAR)
    paragraph = next((one for one in around if one.tag == "p"), None)
    if paragraph is None:
        return False
    text = _text(paragraph)
    return not text or (len(text.split()) > _MOST_WORDS and not _LABELLED.match(text))


def _is_nested(element: Element) -> bool:
    prop = (element.get("itemprop") or "").lower()
    return bool(prop) and prop not in {"mainentity", "mainentityofpage"}


def _is_entry(element: Element) -> bool:
    """Whether it is an entry of a list that links to another page: mostly a link, and its day."""
    if element.tag not in {"li", "tr"}:
        return False
    text = _text(element)
    linked = sum(len(_text(one)) for one in islice(element.iter("a"), _MOST_PARTS))
    times = sum(len(_text(one)) for one in islice(element.iter("time"), _MOST_PARTS))
    return linked > 0 and 2 * linked >= len(text) - times
