"""Documents as large as a library takes them are read within the memory that they may have."""

from __future__ import annotations

from codexity.adapters.extract.process import ProcessExtractor
from codexity.ports import Fetched


async def test_a_list_of_links_of_megabytes_is_read() -> None:
    """The tokens of all of it at once would take forty times its size."""
    items = "".join(f"- [heron {at}](https://birds.example/{at})\n" for at in range(70_000))
    document = Fetched(
        url="/library/notes/birds", media_type="text/markdown", charset=None, body=items.encode()
    )
    async with ProcessExtractor(workers=1, seconds=60) as extractor:
        page = await extractor.extract(document)
    assert page.text.endswith("heron 69999 (https://birds.example/69999)")
