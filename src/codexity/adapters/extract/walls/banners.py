"""Layers that ask for consent to cookies are taken out of a page's tree: they are not its text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Final

from codexity.adapters.extract.html.markup import drop
from codexity.adapters.extract.marked import holders, texts, values
from codexity.adapters.extract.walls.banner_words import ACCEPTS, ASKS

if TYPE_CHECKING:
    from lxml.etree import (
        _Element as Element,  # pyright: ignore[reportPrivateUsage]  it has no public name
    )
    from lxml.html import HtmlElement

    from codexity.adapters.extract.marked import Value

_LAYERS: Final = re.compile(
    r"(?:onetrust-(?:consent-sdk|banner-sdk|pc-sdk)|optanon-\S*"
    r"|cybotcookiebot\S*|cookiebotwidget\S*|usercentrics-(?:root|cmp-ui|consent-ui)"
    r"|uc-center-container|uc-banner-modal|didomi-(?:host|popup|notice|consent-popup)\S*"
    r"|qc-cmp2-(?:container|main|ui)|qc-cmp-\S+|qccmpui|sp_message_container\S*|sp_privacy_\S*"
    r"|truste[-_]\S*|trustarc\S*|consent_blackbar|cmpbox\S*|cmpwrapper|cookie-law-info-\S+|cli-modal\S*"
    r"|cky-(?:consent|modal|overlay|notice)\S*|cookie-notice(?:-container)?|cn-notice-text"
    r"|cc-(?:window|banner|revoke)|cc--main|osano-cm-\S+|cmplz-cookiebanner\S*|borlabscookie\S*"
    r"|brlbs-\S+|klaro|iubenda-cs-\S+|axeptio_\S+|tarteaucitron\S*|cookiescript_\S+|termly-code-snippet-support|termly-styles-root"
    r"|t-consentprompt|fc-consent-root|fc-dialog-container|moove_gdpr_\S+|hs-eu-cookie-\S+"
    r"|eu-cookie-compliance-\S+|sliding-popup|_?evidon\S*|ccc-(?:module|overlay|notify)\S*"
    r"|js-cookie-consent|ppms_cm_\S+|snigel-cmp\S*|shopify-pc__banner\S*|__tealiumgdpr\S*"
    r"|wt-cli-cookie-bar\S*|coioverlay|coi-banner\S*|cookie-information-template-wrapper|ketch-consent\S*"
    r"|transcend-consent-manager|tc-privacy-\S+|sd-cmp|appconsent|ez-cookie-\S+|gdpr-cookie-\S+"
    r"|cookiefirst-\S+|cookieyes\S*|pandectes-\S+|real-cookie-banner|cookiereports\S*"
    r"|lanyard_root|cookie_?consent_?(?:popup|banner)|cookiehub\S*|amgdprcookie-\S+)"
)
"""Ids and classes of consent tools, in lower case.

Source: what each puts into a page, and EasyList Cookie.
"""
_NAMED: Final = re.compile(
    r"cookie|consent|gdpr|dsgvo|rgpd|lgpd|ccpa|\bcmp\b|kakor|eväste|privacy|datenschutz"
)
_CONTAINERS: Final = frozenset(
    {"div", "section", "aside", "form", "dialog", "footer", "header", "p", "span", "ul", "table"}
)
_MAIN: Final = frozenset({"html", "body", "main", "article"})
_ABOUT: Final = re.compile(
    r"cookie|consent|privacy|gdpr|dsgvo|rgpd|datenschutz|confidentialité|privacidad|privacidade"
    r"|kakor|eväste|隐私|隱私|プライバシー|クッキー|쿠키|개인정보",
    re.IGNORECASE,
)
_SPOKEN_OF: Final = (
    *"""cookie consent consens einwillig kakor eväste ciastecz süti çerez куки クッキー 쿠키 traceur
    informasjonskapsler""".split(),
    *("your privacy", "privacy setting", "our partner", "unsere partner"),
)
_NAMING: Final = ("id", "class", "aria-label")
_DIALOGS: Final = ("role[contains(., 'dialog') or . = 'alert']",)
_MOST_PARTS: Final = 400
_LONGEST: Final = 2_500
_MOST_BUTTONS: Final = 200
_HIGHEST: Final = 6
_LONGEST_LABEL: Final = 60


def strip_banners(tree: HtmlElement) -> str:
    """Takes the layers that ask for consent out of a page, and gives what they said.

    Those of known tools, and what asks beside the article: in words of its own, in an element that
    is named so or holds a button to accept. A page whose title or heading speaks of them is about
    them: of that one only known tools' layers are taken.
    """
    spoken = tree.text_content().lower()
    if not any(word in spoken for word in _SPOKEN_OF):
        return ""
    # Most names are those of many elements: each is looked at once.
    fitting = set(filter(_may_fit, texts(tree, _NAMING)))
    named: dict[str, list[Value]] = {}
    for value in values(tree, _NAMING) if fitting else ():
        if value in fitting:
            named.setdefault(value, []).append(value)
    layers = _whose(named, _LAYERS.fullmatch)
    found = [one for one in layers if one.tag not in _MAIN and not _holds_page(one)]
    if not _is_about_them(tree):
        asking = (
            *_whose(named, _NAMED.search),
            *tree.iter("dialog"),
            *holders(values(tree, _DIALOGS)),
        )
        found += [one for one in dict.fromkeys(asking) if one.tag in _CONTAINERS and _asks(one)]
        found += _with_buttons(tree)
    found = list(dict.fromkeys(found))
    said = " ".join(_text(one) or "" for one in found)[:_LONGEST]
    if found:
        drop(tree, found)
    return said


def _may_fit(name: str) -> bool:
    words = name.lower().split()
    return any(_LAYERS.fullmatch(word) or _NAMED.search(word) for word in words)


def _whose(
    named: Mapping[str, Sequence[Value]], fits: Callable[[str], re.Match[str] | None]
) -> list[Element]:
    """The elements with a name of which one word fits."""
    held = (said for name, said in named.items() if any(map(fits, name.lower().split())))
    return holders(one for said in held for one in said)


def _asks(element: Element) -> bool:
    """Whether an element asks for consent, and does nothing else."""
    text = _text(element)
    if not text or ASKS.search(text) is None or _holds_page(element):
        return False
    return next(element.iterancestors("article"), None) is None


def _with_buttons(tree: HtmlElement) -> Iterator[Element]:
    """The smallest elements that hold both the question and a button to say yes or no."""
    buttons = (one for one in tree.iter("button", "a", "input") if ACCEPTS.match(_label(one)))
    for button in islice(buttons, _MOST_BUTTONS):
        for around in islice(button.iterancestors(), _HIGHEST):
            if around.tag in _MAIN:
                break
            if _asks(around):
                yield around
                break


def _label(button: Element) -> str:
    if button.tag == "input":
        return (button.get("value") or "")[:_LONGEST_LABEL].strip()
    text = " ".join("".join(islice(button.itertext(), _HIGHEST)).split())
    return text if len(text) <= _LONGEST_LABEL else ""


def _text(element: Element) -> str | None:
    """The text of an element; None where it holds too much to be a layer."""
    parts = list(islice(element.iter(), _MOST_PARTS + 1))
    if len(parts) > _MOST_PARTS:
        return None
    text = " ".join(" ".join(element.itertext()).split())
    return text if len(text) <= _LONGEST else None


def _holds_page(element: Element) -> bool:
    parts = element.iter("h1", "main", "article")
    return next(parts, None) is not None


def _is_about_them(tree: HtmlElement) -> bool:
    heads = islice(tree.iter("title", "h1"), _HIGHEST)
    return any(_ABOUT.search("".join(one.itertext())) for one in heads)
