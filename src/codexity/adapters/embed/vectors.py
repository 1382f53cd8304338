"""Vectors as they come from a model, checked and made of length 1."""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence

from codexity.ports import Vector

MOST_DIMENSIONS = 8_192


def unit(numbers: Sequence[float]) -> Vector:
    """The vector of length 1 in this direction.

    Raises:
        ValueError: it has none, or too many or odd numbers.
    """
    if not 0 < len(numbers) <= MOST_DIMENSIONS:
        raise ValueError(f"a vector of {len(numbers)} numbers")
    length = math.sqrt(math.fsum(one * one for one in numbers))
    if not math.isfinite(length) or length == 0:
        raise ValueError("a vector without a direction")
    return array("f", [one / length for one in numbers])
