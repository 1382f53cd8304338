from typing import Literal

from lxml.etree import _Element

class HtmlElement(_Element): ...

def tostring(doc: _Element, *, encoding: Literal["unicode"]) -> str: ...
