"""Loads the server without what its libraries load in case somebody needs it: nothing here does."""

from __future__ import annotations

import gc
import sys
from collections.abc import Generator, MutableMapping
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import cast

UNNEEDED = (
    "rich",  # for structlog's coloured tracebacks and httpx2's own command line: 60 ms
    "pydantic.v1",  # for FastAPI's refusal of models of another age: 25 ms
)


@contextmanager
def loading() -> Generator[None, None, None]:
    """What is imported within comes a quarter sooner; for a process that serves, once, early on.

    The modules of `UNNEEDED` count as not installed from here on. FastAPI's models are built when
    they are first used (pydantic's `defer_build`): thirty are for `/openapi.json` alone, 55 ms.
    Looking for garbage while modules load finds none: 50 ms.
    """
    # None in place of a module is the import system's own word for one that is not there.
    modules = cast("MutableMapping[str, ModuleType | None]", sys.modules)
    for name in UNNEEDED:
        modules.setdefault(name, None)
    gc.disable()
    from pydantic import BaseModel

    BaseModel.model_config["defer_build"] = True
    try:
        import_module("fastapi")
    finally:
        del BaseModel.model_config["defer_build"]
    yield
    gc.freeze()
    gc.enable()
