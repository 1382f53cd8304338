from typing import Literal

from lxml.etree import ElementDefaultClassLookup, _Element

class HtmlElement(_Element):
    def text_content(self) -> str: ...

class HTMLParser:
    def __init__(
        self,
        *,
        collect_ids: bool,
        default_doctype: bool,
        encoding: str,
        huge_tree: bool,
        remove_comments: bool,
        remove_pis: bool,
    ) -> None: ...
    def set_element_class_lookup(self, lookup: ElementDefaultClassLookup) -> None: ...

def fromstring(html: bytes, *, parser: HTMLParser) -> HtmlElement: ...
def tostring(doc: _Element, *, encoding: Literal["unicode"]) -> str: ...
def Element(tag: str, attributes: dict[str, str], /) -> HtmlElement: ...
def document_fromstring(html: str) -> HtmlElement: ...
