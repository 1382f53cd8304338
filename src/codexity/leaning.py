"""Sentences that want another before them: what `It` means, or of what `there are 14`."""

from __future__ import annotations

import re
from typing import Final

_LEANING: Final = re.compile(
    r"(?:(?:It|He|She|They|This|These|Those|That|Its|His|Her|Their|Such|But|And|Or|So|However|Also"
    r"|Then|Thus|Therefore|Moreover|Otherwise|Else|Afterwards|Instead"
    r"|There(?! (?:is|are|was|were)\b)|Both|Neither"
    r"|There (?:are|were) (?:about |only )?(?:\d[\d.,]*|two|three|four|five|six|seven|eight|nine"
    r"|ten|eleven|twelve)(?=[.,;]| of (?:them|these))"
    r"|(?:At|In|On|For|With|By|From|After|Before|Under|Of)"
    r" (?:its|their|his|her|them|these|those)"
    r"|The (?:same|return value|latter|former|others?|result)"
    r"|Er|Sie|Es|Dies|Diese[rsnm]?|Dabei|Dazu|Damit|Dort|Danach|Daher|Au[cß]erdem|Il|Elle|Ils|Elles"
    r"|Ce|Cet|Cette|Ces|Cela|Este|Esta|Esto|Estos|Estas|Ese|Eso|Ella|Ellos|También|Además)\b"
    r"|これ|それ|この|その|また|它|这|该|其|此|وهو|وهي|هذا|هذه|ذلك)"
)


def leans(text: str) -> bool:
    """Whether a sentence wants another before it: what `It` means, or `the return value`."""
    return _LEANING.match(text) is not None
