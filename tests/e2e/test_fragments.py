"""Links of quotes open a real page at them, also where our text says more or less than the page."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import Page, expect
from scripted_server import ScriptedServer

from codexity.adapters.extract.document import read_document
from codexity.adapters.extract.html.page import read_html
from codexity.edges.http.plain import document_page
from codexity.links import at_quote, at_slice, runs
from codexity.ports import Fetched

FILLER = "".join(
    f"<p>In the year {year} the orchard gave pears and plums, and the mill was let.</p>"
    for year in range(1700, 1790)
)
CELLS = "<table><tr><th>Kind</th><th>Tree</th><th>Yield</th></tr>"


@pytest.mark.parametrize(
    ("markup", "quote"),
    [
        ("<p id=x>The silo holds 10<sup>4</sup> sacks of barley at harvest.</p>", "The silo holds"),
        (
            "<p id=x>It was built in 1931<sup>2</sup> and burnt in 1944.<sup>3</sup></p>",
            "It was built",
        ),
        ("<p id=x>Stir 2<sup>1</sup>⁄<sub>2</sub> spoons of salt into the brine.</p>", "Stir 2"),
        ("<p id=x>A sack costs <del>90</del> <ins>75</ins> pence at the gate.</p>", "A sack costs"),
        ("<p id=x>The cart goes at <s>06:15</s><b>06:40</b> from the yard.</p>", "The cart goes"),
        (
            "<p id=x>Ask <a href='mailto:mill@orchard.example'>the miller</a> for a key.</p>",
            "Ask the",
        ),
        (
            "<p id=x>It weighs <math><msup><mi>k</mi><mn>3</mn></msup></math> times as much.</p>",
            "It weighs",
        ),
        (
            (
                f"{CELLS}<tr><td rowspan=2>Pear tree</td><td>old</td><td>31 sacks</td></tr>"
                "<tr id=x><td>young</td><td>17 sacks</td></tr></table>"
            ),
            "Pear tree young",
        ),
        (
            (
                f"{CELLS}<tr id=x><td>Quince</td><td><ul><li>grafted</li><li>low</li></ul></td>"
                "<td>9 sacks</td></tr></table>"
            ),
            "Quince",
        ),
        ("<dl><dt id=x>Height of the mill</dt><dd>21 feet</dd></dl>", "Height of the mill"),
        ("<p id=x>Nothing is odd about this sentence of the miller.</p>", "Nothing is odd"),
    ],
)
async def test_a_link_opens_the_page_at_its_quote(
    page: Page, scripted: ScriptedServer, markup: str, quote: str
) -> None:
    source = (
        f"<!doctype html><html><head><title>The mill</title></head><body><main><h1>The mill</h1>"
        f"{FILLER}{markup}{FILLER.replace('17', '18')}</main></body></html>"
    )
    url = f"{scripted.url}/library/mill/page"
    document = await asyncio.to_thread(read_html, source, url)
    block = next(one for one in document.blocks if document.text.startswith(quote, one.start))
    text = document.text[block.start : block.end]
    link = at_quote(url, text, runs=runs(document, block.start, block.end))
    scripted.plain = source
    await page.goto(url)
    await expect(page.locator("#x")).not_to_be_in_viewport()
    await page.goto("about:blank")
    await page.goto(link)
    await expect(page.locator("#x"), f"{link} opens elsewhere").to_be_in_viewport()


MARKS = """# The mill

{filler}

| Tree | Age | Yield |
|---|---|---|
| Pear | old | 31 sacks |
| Quince | young | 9 sacks of the *best* |

1. Loosen the brake.
2. Turn the cap:
   - into the wind
     - never **against** it

```
grind --rye \\
  --slowly   "all of it"
```

> The miller said so.

{filler}
"""


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        ("Quince", "best", "tr:nth-child(2) td:first-child"),
        ("9 sacks", "best", "tr:nth-child(2) td:last-child"),
        ("Pear", "Pear", "tr:nth-child(1) td:first-child"),
        ("Turn the cap", ":", "ol > li:nth-child(2)"),
        ("into", "wind", "li li"),
        ("never", "it", "li li li"),
        ("grind", "slowly", "pre"),
        ("The miller", "so.", "blockquote"),
    ],
)
async def test_a_link_finds_its_words_in_the_structure_of_a_documents_own_page(
    page: Page, scripted: ScriptedServer, first: str, last: str, found: str
) -> None:
    filler = "\n\n".join(f"In {year} the orchard gave many pears." for year in range(1700, 1780))
    marks = MARKS.format(filler=filler).encode()
    url = f"{scripted.url}/library/mill/page"
    document = read_document(
        Fetched(url=url, media_type="text/markdown", charset="utf-8", body=marks)
    )
    start = document.text.index(first, document.text.index("31 sacks") - 20)
    end = document.text.index(last, start) + len(last)
    scripted.plain = document_page(document, "mill")
    place = page.locator(f".answer {found}").first
    await page.goto(at_quote(url, "These words are nowhere in this document."))
    await expect(place).not_to_be_in_viewport()
    await page.goto("about:blank")
    await page.goto(at_slice(document, start, end))
    await expect(place).to_be_in_viewport()
