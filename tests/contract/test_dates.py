"""A page's dates are its own, and not those of what stands on it."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator

import pytest

from codexity.adapters.extract.days import day_in
from codexity.adapters.extract.process import ProcessExtractor
from codexity.errors import Unreadable
from codexity.model import Page
from codexity.ports import Extractor, Fetched

URL = "https://site.example/old-mill"
PROSE = (
    "<p>The old mill at the weir grinds rye on two days of the week, and its keeper shows the stones"
    " to whoever comes by before noon. In winter the wheel stands still, since ice would break it.</p>"
)


@pytest.fixture(scope="module")
async def extractor() -> AsyncGenerator[ProcessExtractor]:
    async with ProcessExtractor(workers=1, seconds=20) as made:
        yield made


def data(*nodes: object) -> str:
    return "".join(
        f'<script type="application/ld+json">{json.dumps(node)}</script>' for node in nodes
    )


def article(more: str = "", *, behind: str = "") -> str:
    return f"<main><article><h1>The old mill</h1>{more}{PROSE * 2}</article></main>{behind}"


async def read(extractor: Extractor, head: str, body: str, url: str = URL) -> Page:
    source = f"<!doctype html><html><head><title>The old mill</title>{head}</head><body>{body}</body></html>"
    return await extractor.extract(
        Fetched(url=url, media_type="text/html", charset=None, body=source.encode())
    )


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
    ("script", "day"),
    [
        (
            '<script type="application/ld+json; charset=utf-8">{"@type":"Article","datePublished":"2024-03-05"}</script>',
            "2024-03-05",
        ),
        (
            '<script type="application/ld+json">{"@type":"Article","datePublished":"2024-03-05",}</script>',
            "2024-03-05",
        ),
        (
            '<script type="application/ld+json">{"@type":"Product","review":{"@type":"Review","datePublished":"2024-03-05",}}</script>',
            None,
        ),
        (
            '<script type="application/ld+json">{"@type":"Article","description":"a\nb","datePublished":"2024-03-05"}</script>',
            "2024-03-05",
        ),
        (f'<script type="application/ld+json">{"[" * 90_000}</script>', None),
    ],
)
async def test_linked_data_may_be_broken(
    extractor: Extractor, script: str, day: str | None
) -> None:
    assert (await read(extractor, script, article())).published == day


NOT_ITS_OWN = {
    "a comment": article(
        '<section id="comments"><div class="comment"><time datetime="2018-09-10">10 Sep</time> Nice'
        "</div></section>"
    ),
    "a comment as an article": article(
        '<article class="reply"><time datetime="2018-09-10"></time></article>'
    ),
    "a review": article(
        behind='<div class="customer-reviews"><p><time datetime="2018-09-10"></time> Good</p></div>'
    ),
    "microdata of a review": article(
        '<div itemprop="review" itemscope itemtype="https://schema.org/Review">'
        '<meta itemprop="datePublished" content="2018-09-10"></div>'
    ),
    "microdata of a comment": article(
        behind='<div itemscope itemtype="http://schema.org/Comment">'
        '<span itemprop="datePublished" content="2018-09-10">Sep</span></div>'
    ),
    "an aside": article(
        behind='<aside><h3>More news</h3><time datetime="2016-05-06"></time></aside>'
    ),
    "a list of links": article(
        behind='<div><ul><li><time datetime="2016-05-06">6 May 2016</time> <a href="/a">Old crane sold</a></li></ul></div>'
    ),
    "under a heading": article(
        behind='<section><h2>Related articles</h2><div><p class="date">6 May 2016</p></div></section>'
    ),
    "under a heading in German": article(
        behind='<div><h3>Weitere Artikel</h3><p class="date">6. Mai 2016</p></div>'
    ),
    "a class": article(
        behind='<div class="RelatedPosts"><span class="post-date">6 May 2016</span></div>'
    ),
    "another article": article(
        behind='<article><h2>Bridge</h2><time datetime="2016-05-06"></time></article>'
    ),
    "an event in a sentence": article(
        '<p>On <time datetime="2016-05-06">the sixth of May</time> the wheel was brought here on a'
        " barge, and the whole village came out to see how it was lifted from the water.</p>"
    ),
    "a day in a sentence": article("<p>The wheel broke on 2016-05-06, and was mended in June.</p>"),
    "a caption": article(
        '<figure><img src="a.jpg"><figcaption class="date">Taken on 6 May 2016</figcaption></figure>'
    ),
    "a picture's address": article('<img src="/uploads/2016/05/06/mill.jpg" alt="">'),
    "a change alone": article('<p class="updated">Last updated on 6 May 2016</p>'),
    "an upcoming event": article(
        behind='<div class="events"><time datetime="2016-05-06"></time></div>'
    ),
    "many of a list": "<main>"
    + "".join(
        f'<div><h2>No {n}</h2><time datetime="2016-05-0{n}"></time>{PROSE}</div>'
        for n in range(1, 7)
    )
    + "</main>",
}


@pytest.mark.parametrize("kind", NOT_ITS_OWN)
async def test_days_of_other_things_are_not_the_pages(extractor: Extractor, kind: str) -> None:
    page = await read(extractor, "", NOT_ITS_OWN[kind])
    assert page.published is None


OWN = {
    "a time": article('<time datetime="2024-03-05">5 March</time>'),
    "a time of a header": article(
        '<header><p>By <a href="/jo">Jo</a> <time datetime="2024-03-05"></time></p></header>'
    ),
    "a time in words": article("<time>5 March 2024</time>"),
    "a class": article('<span class="entry-date">March 5th, 2024</span>'),
    "a byline": article('<p class="byline">By Jo Lind, 5 Mar 2024</p>'),
    "a label": article("<p>Published on 5 March 2024 by Jo</p>"),
    "a label in German": article("<p>Veröffentlicht am 5. März 2024</p>"),
    "a label in French": article("<p>Publié le 5 mars 2024 à 10h</p>"),
    "a label in Spanish": article("<div>Publicado el 5 de marzo de 2024</div>"),
    "a label in Chinese": article('<p class="time">发布时间：2024年3月5日</p>'),
    "a label in Japanese": article("<p>公開日：2024年3月5日</p>"),
    "a label in Korean": article("<span>등록 2024년 3월 5일</span>"),
    "a label in Russian": article("<p>Опубликовано 5 марта 2024</p>"),
    "with a change": article("<p>Published 5 March 2024, updated 7 March 2024</p>"),
    "a footer": article(behind="<footer><p>Published: 2024-03-05</p></footer>"),
    "microdata": f'<div itemscope itemtype="http://schema.org/BlogPosting"><h1>The old mill</h1><meta itemprop="datePublished" content="2024-03-05">{PROSE * 2}</div>',
    "among others": article(
        '<time datetime="2024-03-05"></time>',
        behind='<aside><time datetime="2016-05-06"></time></aside>',
    ),
    "a teaser behind": article(
        '<time datetime="2024-03-05"></time>',
        behind=f'<article><time datetime="2016-05-06"></time>{PROSE}</article>',
    ),
    "comments behind": article(
        '<p class="date">05.03.2024</p>',
        behind='<ol class="comment-list"><li><time datetime="2016-05-06"></time></li></ol>',
    ),
}


@pytest.mark.parametrize("kind", OWN)
async def test_days_of_the_page_are(extractor: Extractor, kind: str) -> None:
    page = await read(extractor, "", OWN[kind])
    assert page.published == "2024-03-05"


async def test_changes_are_told_apart(extractor: Extractor) -> None:
    both = await read(extractor, "", article("<p>Published 5 March 2024, updated 7 March 2024</p>"))
    assert (both.published, both.modified) == ("2024-03-05", "2024-03-07")
    changed = await read(
        extractor, "", article('<time class="updated" datetime="2024-03-07"></time>')
    )
    assert (changed.published, changed.modified) == (None, "2024-03-07")
    once = await read(
        extractor, "", article('<time class="published updated" datetime="2024-03-05"></time>')
    )
    assert (once.published, once.modified) == ("2024-03-05", None)
    meta = '<meta property="article:modified_time" content="2024-03-07">'
    assert (await read(extractor, meta, article())).published is None


async def test_addresses_and_names_of_meta_are_read(extractor: Extractor) -> None:
    page = await read(extractor, "", article(), "https://site.example/2024/03/05/mill")
    assert (page.published, page.published_from) == ("2024-03-05", "url")
    for name in ("date", "DC.date", "article.published", "dcterms.created"):
        head = f'<meta name="{name}" content="2024-03-05">'
        assert (await read(extractor, head, article())).published == "2024-03-05"
    others = (
        '<meta property="og:image" content="/2016/05/06/a.jpg">'
        '<meta name="description" content="The wheel broke on 2016-05-06.">'
        '<meta property="video:release_date" content="2016-05-06">'
        '<meta property="article:expiration_time" content="2016-05-06">'
    )
    assert (await read(extractor, others, article())).published is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-03-05T10:00:00+01:00", "2024-03-05"),
        ("20240305T100000Z", "2024-03-05"),
        ("2024/3/5", "2024-03-05"),
        ("Tue, 05 Mar 2024 10:00:00 GMT", "2024-03-05"),
        ("Sept. 5, 2023", "2023-09-05"),
        ("5 August 2023", "2023-08-05"),
        ("5. Mai 2023", "2023-05-05"),
        ("5 août 2023", "2023-08-05"),
        ("5 de agosto de 2023", "2023-08-05"),
        ("5 luglio 2023", "2023-07-05"),
        ("5 juli 2023", "2023-07-05"),
        ("5 lipca 2023", "2023-07-05"),
        ("5 января 2023 г.", "2023-01-05"),
        ("5 Ekim 2023", "2023-10-05"),
        ("２０２４年３月５日", "2024-03-05"),
        ("2024 年 3 月 5 日", "2024-03-05"),
        ("05.03.2024", "2024-03-05"),
        ("05/03/2024", None),
        ("12 Angry 2024", None),
        ("March 2024", None),
        ("2024", None),
        ("31 February 2024", None),
        ("5 March 1954", None),
        ("5 March 2094", None),
        ("Version 12024-03-05", None),
        ("2024-03-051", None),
    ],
)
def test_days_are_read_as_people_write_them(text: str, day: str | None) -> None:
    assert day_in(text) == day


@pytest.mark.parametrize(
    "body",
    [
        "<div>2016 " * 2_000 + "x",
        "<div><time>2016</time>" * 30_000,
        "<ul>" + "<li><a>x</a> 2016" * 60_000,
        "<div>" * 300 + "<time datetime='2016-05-06'></time>" * 20_000,
        '<p itemprop="datePublished" itemscope>2016</p>' * 60_000,
    ],
)
async def test_hostile_pages_are_read_in_time(extractor: Extractor, body: str) -> None:
    try:
        await read(extractor, "", article(behind=body))
    except Unreadable as error:
        assert error.code != "timeout", error.detail
