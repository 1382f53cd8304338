"""Pages made of blocks whose kinds are known, as the extractors make them."""

from __future__ import annotations

from codexity.adapters.extract.blocks import Draft, laid_out
from codexity.model import Page


def page(name: str, title: str, *drafts: Draft) -> Page:
    text, blocks = laid_out(drafts)
    return Page(url=f"https://{name}.example/p", title=title, text=text, blocks=blocks)


def heading(text: str, level: int = 1) -> Draft:
    return Draft(text=text, kind="heading", level=level)


def prose(text: str) -> Draft:
    return Draft(text=text)


def items(*texts: str, level: int = 1) -> tuple[Draft, ...]:
    return tuple(Draft(text=text, kind="item", level=level) for text in texts)


def table(heads: tuple[str, ...], *rows: tuple[str, ...]) -> tuple[Draft, ...]:
    head = Draft(text=" ".join(heads), kind="row", cells=heads)
    return (
        head,
        *(Draft(text=" ".join(row), kind="row", cells=row, header=heads) for row in rows),
    )


def pairs(**values: str) -> tuple[Draft, ...]:
    return tuple(
        Draft(text=f"{key} {value}", kind="pair", cells=(key, value))
        for key, value in values.items()
    )


def code(text: str) -> Draft:
    return Draft(text=text, kind="code")
