"""A page's dates are its own, and not those of what stands on it."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest

from codexity.adapters.extract.process import ProcessExtractor
from codexity.errors import Unreadable
from codexity.ports import Extractor
from dating import PROSE, article, read


@pytest.fixture(scope="module")
async def extractor() -> AsyncGenerator[ProcessExtractor]:
    async with ProcessExtractor(workers=1, seconds=20) as made:
        yield made


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
        behind=(
            '<div><ul><li><time datetime="2016-05-06">6 May 2016</time>'
            ' <a href="/a">Old crane sold</a></li></ul></div>'
        )
    ),
    "under a heading": article(
        behind=(
            '<section><h2>Related articles</h2><div><p class="date">6 May 2016</p></div></section>'
        )
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
        '<figure><img src="a.jpg"><figcaption class="date">Taken on '
        "6 May 2016</figcaption></figure>"
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
    "microdata": (
        f'<div itemscope itemtype="http://schema.org/BlogPosting"><h1>'
        f'The old mill</h1><meta itemprop="datePublished" content="2024-03-05">'
        f"{PROSE * 2}</div>"
    ),
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
    told = ""
    try:
        await read(extractor, "", article(behind=body))
    except Unreadable as error:
        told = error.code
    assert told != "timeout"
