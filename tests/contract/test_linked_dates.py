"""Linked data tells a page's own dates, and not those of what stands on it."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest

from codexity.adapters.extract.process import ProcessExtractor
from codexity.ports import Extractor
from dating import URL, article, data, read


@pytest.fixture(scope="module")
async def extractor() -> AsyncGenerator[ProcessExtractor]:
    async with ProcessExtractor(workers=1, seconds=20) as made:
        yield made


NEWS = {"@type": "NewsArticle", "headline": "The old mill", "datePublished": "2023-06-07"}
OTHER = {
    "@type": "NewsArticle",
    "headline": "A new bridge",
    "url": "https://site.example/bridge",
    "datePublished": "2016-05-06",
}
LINKED = {
    "a review of a product": (
        [{"@type": "Product", "review": [{"@type": "Review", "datePublished": "2019-02-01"}]}],
        None,
    ),
    "the article behind it": (
        [
            {"@type": "Product", "review": [{"@type": "Review", "datePublished": "2019-02-01"}]},
            NEWS,
        ],
        "2023-06-07",
    ),
    "a comment of the article": (
        [
            {
                **NEWS,
                "datePublished": None,
                "comment": [{"@type": "Comment", "datePublished": "2019-02-01"}],
            }
        ],
        None,
    ),
    "a graph": (
        [
            {
                "@graph": [
                    {"@type": "Organization"},
                    {"@type": "WebPage", "datePublished": "2020-01-02"},
                    NEWS,
                ]
            }
        ],
        "2023-06-07",
    ),
    "a graph with a page alone": (
        [{"@graph": [{"@type": "WebSite"}, {"@type": "WebPage", "datePublished": "2020-01-02"}]}],
        "2020-01-02",
    ),
    "a list": ([[{"@type": "BreadcrumbList"}, NEWS]], "2023-06-07"),
    "a main entity": (
        [{"@type": "QAPage", "mainEntity": {"@type": "Question", "dateCreated": "2021-03-04"}}],
        "2021-03-04",
    ),
    "an answer to it": (
        [
            {
                "@type": "QAPage",
                "mainEntity": {
                    "@type": "Question",
                    "suggestedAnswer": [{"@type": "Answer", "datePublished": "2019-02-01"}],
                },
            }
        ],
        None,
    ),
    "several types": ([{**NEWS, "@type": ["Thing", "https://schema.org/Article"]}], "2023-06-07"),
    "another article first": ([OTHER, NEWS], "2023-06-07"),
    "another article alone": ([OTHER], None),
    "another article without a title": ([{**OTHER, "headline": ""}], None),
    "articles of a list": (
        [
            {"@type": "Article", "datePublished": "2019-02-01"},
            {"@type": "Article", "datePublished": "2018-02-01"},
        ],
        None,
    ),
    "an item list": (
        [{"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": NEWS}]}],
        None,
    ),
    "what it is part of": (
        [{"@type": "WebPage", "isPartOf": {"@type": "Blog", "datePublished": "2015-01-01"}}],
        None,
    ),
    "a film": ([{"@type": "Movie", "name": "The old mill", "datePublished": "2010-07-16"}], None),
    "an event": (
        [{"@type": "Event", "startDate": "2019-02-01", "datePublished": "2019-01-01"}],
        None,
    ),
    "a video": ([{"@type": "VideoObject", "uploadDate": "2019-02-01"}, NEWS], "2023-06-07"),
    "a recipe": ([{"@type": "Recipe", "name": "Rye", "datePublished": "2022-02-03"}], "2022-02-03"),
    "the page's address": (
        [
            OTHER,
            {
                "@type": "Article",
                "url": f"{URL}/",
                "headline": "Mills",
                "datePublished": "2022-02-03",
            },
        ],
        "2022-02-03",
    ),
    "words": ([{**NEWS, "datePublished": "March 5, 2024"}], "2024-03-05"),
    "a value": ([{**NEWS, "datePublished": {"@value": "2024-03-05T01:02:03Z"}}], "2024-03-05"),
    "nonsense": ([{**NEWS, "datePublished": 7, "dateModified": ["x"]}, 3, "text", None], None),
}


@pytest.mark.parametrize("kind", LINKED)
async def test_linked_data_tells_the_day_of_the_page(extractor: Extractor, kind: str) -> None:
    nodes, day = LINKED[kind]
    page = await read(extractor, data(*nodes), article())
    assert (page.published, page.published_from) == (day, "json-ld" if day else None)


@pytest.mark.parametrize(
    ("more", "said", "day"),
    [
        ("; charset=utf-8", '{"@type":"Article","datePublished":"2024-03-05"}', "2024-03-05"),
        ("", '{"@type":"Article","datePublished":"2024-03-05",}', "2024-03-05"),
        ("", '{"review":{"@type":"Review","datePublished":"2024-03-05",}}', None),
        ("", '{"@type":"Article","about":"a\nb","datePublished":"2024-03-05"}', "2024-03-05"),
        ("", "[" * 90_000, None),
    ],
)
async def test_linked_data_may_be_broken(
    extractor: Extractor, more: str, said: str, day: str | None
) -> None:
    script = f'<script type="application/ld+json{more}">{said}</script>'
    assert (await read(extractor, script, article())).published == day
