"""What a ledger knows of time."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """`wall` gives Unix times, and may be set at any time; `monotonic` seconds, and may not."""

    wall: Callable[[], float] = time.time
    monotonic: Callable[[], float] = time.monotonic
