"""How an answer without a model stands: lists, steps, rows, versions, what leans on another."""

from __future__ import annotations

from dataclasses import replace

import pytest

from codexity.adapters.extract.text import extract
from codexity.adapters.rank.bm25 import Bm25
from codexity.model import Evidence, Limits, Page, Sentence
from codexity.stages.choose import choose
from codexity.stages.chunk import chunk
from codexity.stages.quote import best, quote

LIMITS = Limits()
