from __future__ import annotations

import inspect
import re
from typing import get_args

import pytest

from codexity import errors

# What clients were promised; a code may join, none may go.
_SEARCH = """blocked blocked_or_empty quota unauthorized timeout unreachable bad_reply
no_results"""
_READ = """not_public robots timeout unreachable http_status too_large type empty consent_wall
captcha login error_page needs_javascript duplicate bad_content left_behind"""
_WRITE = "timeout unreachable unauthorized model_missing context_too_small cut_off"


def _drawn() -> dict[str, str]:
    """Each class of the tree in the docstring, with the class that it hangs from."""
    parents: dict[str, str] = {}
    line: list[str] = []
    for drawn in (errors.__doc__ or "").splitlines():
        found = re.match(r" {4}((?:[│ ] {3})*(?:[├└]── )?)([A-Z]\w+)", drawn)
        if found:
            depth = len(found[1]) // 4
            line[depth:] = [found[2]]
            parents[found[2]] = line[depth - 1] if depth else "Exception"
    return parents


def test_the_tree_in_the_docstring_is_the_tree_of_the_classes() -> None:
    classes = {
        name: kind.__base__.__name__
        for name, kind in inspect.getmembers(errors, inspect.isclass)
        if kind.__module__ == errors.__name__ and kind.__base__
    }
    assert _drawn() == classes
    assert len(classes) > 10


@pytest.mark.parametrize(
    ("kind", "promised"),
    [(errors.SearchCode, _SEARCH), (errors.ReadCode, _READ), (errors.WriteCode, _WRITE)],
)
def test_no_code_that_was_promised_is_gone(kind: object, promised: str) -> None:
    codes = get_args(kind)
    assert set(promised.split()) <= set(codes)
    assert len(set(codes)) == len(codes)


def test_the_detail_is_not_in_what_people_see() -> None:
    error = errors.ProviderRefused("No.", code="quota", detail="http://10.0.0.1/?key=k")
    assert (str(error), error.message, error.code) == ("No.", "No.", "quota")
    assert error.detail == "http://10.0.0.1/?key=k"
