"""What a `style` attribute says, as far as it decides whether text is seen."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from colorsys import hls_to_rgb
from typing import Final

_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_ESCAPE = re.compile(r"\\([0-9a-fA-F]{1,6})\s?|\\(.)")
_CALC = re.compile(r"calc\(([-+.\w%]*)\)")
_LENGTH = re.compile(
    r"([-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?)(px|pt|pc|in|cm|mm|em|rem|ex|ch|%|vw|vh)?\Z"
)
_NUMBERS = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)%?")
_FONT_SIZE = re.compile(r"(?:\A|\s)([-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[a-z]+|%)?)(?=\s|/)")
_PIXELS: Final[Mapping[str | None, float]] = {
    None: 1.0,
    "px": 1.0,
    "pt": 4 / 3,
    "pc": 16.0,
    "in": 96.0,
    "cm": 37.8,
    "mm": 3.78,
    "em": 16.0,
    "rem": 16.0,
    "ex": 8.0,
    "ch": 8.0,
    "%": 10.0,
    "vw": 12.0,
    "vh": 8.0,
}
"""Of a window of 1200 by 800: only what is far outside of any window, or nothing, is told by it."""
_RELATIVE = {"em": 1.0, "%": 0.01, "ex": 0.5, "ch": 0.5}
_NAMED: Final[Mapping[str, str]] = {
    "white": "ffffff",
    "black": "000000",
    "red": "ff0000",
    "green": "008000",
    "blue": "0000ff",
    "yellow": "ffff00",
    "gray": "808080",
    "grey": "808080",
    "silver": "c0c0c0",
    "snow": "fffafa",
    "ivory": "fffff0",
    "whitesmoke": "f5f5f5",
    "ghostwhite": "f8f8ff",
    "floralwhite": "fffaf0",
    "lightgray": "d3d3d3",
    "lightgrey": "d3d3d3",
    "navy": "000080",
    "orange": "ffa500",
    "purple": "800080",
}
_HEX = re.compile(r"#([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})\Z")
_COLOUR = re.compile(r"#[0-9a-f]{3,8}\b|(?:rgb|hsl)a?\([^()]*\)|[a-z]+")
_MODERN: Final = ("color(", "hwb(", "lab(", "lch(", "oklab(", "oklch(")
_COLOUR_FUNCTION = re.compile(r"(?:rgb|hsl)a?\(")

Colour = tuple[int, int, int]


def declarations(style: str) -> dict[str, str]:
    """The properties of a `style` attribute, in lower case: the last of each, `!important` first.

    Source: CSS Style Attributes; CSS Syntax Module Level 3, "Consume an escaped code point".
    """
    found: dict[str, str] = {}
    weighty: set[str] = set()
    for name, value, is_important in ranked(style):
        if is_important:
            weighty.add(name)
        if is_important or name not in weighty:
            found[name] = value
    return found


def ranked(style: str) -> Iterator[tuple[str, str, bool]]:
    """The properties of a style in their order, with their values and whether each is important."""
    for declaration in unescaped(_COMMENT.sub("", style)).lower().split(";"):
        name, colon, value = declaration.partition(":")
        if colon:
            value, weight, _ = value.replace("! important", "!important").partition("!important")
            yield name.strip(), _CALC.sub(r"\1", value).strip(), bool(weight)


def unescaped(text: str) -> str:
    """A text of CSS with what its escapes stand for."""
    return _ESCAPE.sub(_unescaped, text) if "\\" in text else text


def pixels(value: str) -> float | None:
    """A length in pixels, roughly where it is relative; None where it is no length."""
    match = _LENGTH.match(value.strip())
    return float(match[1]) * _PIXELS[match[2]] if match else None


def lengths(value: str) -> list[float]:
    """The lengths of a value in pixels, 0 for what is none: all edges, or those of a shorthand."""
    parts = value.replace("calc(", "").replace(")", "").split()
    return [pixels(part) or 0.0 for part in parts]


def font_pixels(said: Mapping[str, str], inherited: float) -> float:
    """The size of the text of an element with these properties."""
    value = said.get("font-size", "")
    if not value and (shorthand := _FONT_SIZE.search(said.get("font", ""))):
        value = shorthand[1]
    match = _LENGTH.match(value)
    if match is None:
        return inherited
    relative = _RELATIVE.get(match[2] or "")
    return float(match[1]) * (inherited * relative if relative else _PIXELS[match[2]])


def nothing(value: str) -> bool:
    """Whether a number or a percentage is zero, or so little that nothing is seen of it."""
    match = _NUMBERS.match(value)
    if match is None:
        return False
    number = match[0]
    return float(number.rstrip("%")) <= (1 if number.endswith("%") else 0.01)


def numbers(value: str) -> tuple[float, ...]:
    """The numbers in the arguments of a function, percentages as they are written."""
    return tuple(float(one.rstrip("%")) for one in _NUMBERS.findall(value))


def colour(value: str) -> Colour | None:
    """A colour of the kinds that are written by hand; None for any other, and for none."""
    value = value.strip().lower()
    value = f"#{_NAMED[value]}" if value in _NAMED else value
    if match := _HEX.match(value):
        digits = match[1]
        digits = "".join(digit * 2 for digit in digits) if len(digits) < 6 else digits
        return int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)
    if value.startswith("rgb"):
        parts = _NUMBERS.findall(value)[:3]
        shares = [float(one.rstrip("%")) * (2.55 if "%" in one else 1) for one in parts]
        scaled = [round(max(0.0, min(255.0, share))) for share in shares]
        return (scaled[0], scaled[1], scaled[2]) if len(scaled) == 3 else None
    if value.startswith("hsl"):
        return _from_hue(numbers(value))
    return None


def _from_hue(parts: tuple[float, ...]) -> Colour | None:
    if len(parts) < 3:
        return None
    red, green, blue = hls_to_rgb(parts[0] / 360 % 1, min(1, parts[2] / 100), parts[1] / 100)
    return round(255 * red), round(255 * green), round(255 * blue)


def transparent(value: str) -> bool:
    """Whether a colour lets through all that is behind it."""
    value = value.strip()
    if value == "transparent":
        return True
    if match := _HEX.match(value):
        return len(match[1]) in {4, 8} and not match[1][3 if len(match[1]) == 4 else 6 :].strip("0")
    if value.startswith(_MODERN):
        return nothing(value.partition("/")[2].strip())
    alpha = _NUMBERS.findall(value) if value.startswith(("rgba(", "hsla(", "rgb(", "hsl(")) else ()
    return len(alpha) == 4 and nothing(alpha[3])


def background(said: Mapping[str, str]) -> str | None:
    """What an element says of its background: a colour, "" for one not known, None for nothing."""
    value = said.get("background-color") or said.get("background")
    if said.get("background-image", "none") != "none":
        return ""
    if value is None or value in {"none", "inherit", "initial", "unset"} or transparent(value):
        return None
    if "(" in _COLOUR_FUNCTION.sub("", value):
        return ""
    known = (one for one in _COLOUR.findall(value) if colour(one) is not None)
    found = next(known, value if value.isalpha() else "")
    return "" if _is_glass(found) else found


def _is_glass(value: str) -> bool:
    """Whether something of what is behind a colour is seen through it."""
    if match := _HEX.match(value):
        return (
            len(match[1]) in {4, 8} and match[1][3 if len(match[1]) == 4 else 6 :].strip("f") != ""
        )
    parts = _NUMBERS.findall(value) if value.startswith(("rgb", "hsl")) else ()
    return len(parts) == 4 and parts[3] not in {"1", "1.0", "100%"}


def _unescaped(match: re.Match[str]) -> str:
    if match[2]:
        return match[2]
    code = int(match[1], 16)
    return chr(code) if 0 < code < 0x110000 else "\ufffd"
