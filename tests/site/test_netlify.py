"""The file for Netlify by its grammar, and what it would come to for each file of a site."""

from __future__ import annotations

from pathlib import Path

import pytest

from publisher.site.headers import SECURITY, headers_for, snippets
from tests.site.netlify import ITS_OWN, headers_of, parse
from tests.site.served import laid

BLOCKS = parse(snippets()["_headers"])


def test_every_block_says_something_that_netlify_lets_us_say() -> None:
    """No block is empty, no path stands twice, and no header is one of its own."""
    paths = [block.path for block in BLOCKS]

    assert len(paths) == len(set(paths))
    assert all(block.headers for block in BLOCKS)
    assert not {name for block in BLOCKS for name, _ in block.headers} & ITS_OWN


@pytest.mark.parametrize(
    "path",
    [
        *("/feed.xml", "/ai/feed.xml", "/tags/칩/feed.xml", "/atom.xml", "/ai/atom.xml"),
        *("/tags/칩/atom.xml", "/feed.json", "/ai/feed.json", "/tags/칩/feed.json"),
        *("/feed-2025.xml", "/feed-2025-2.xml", "/ai/feed-2025.xml", "/ai/feed-2025-12.xml"),
        *("/tags/칩/feed-2025.xml", "/atom-2025.xml", "/ai/atom-2025-2.xml"),
        *("/tags/칩/atom-2025.xml", "/ai/1/0123456789abcdef.png", "/ai/12/0123456789abcdef.jpg"),
        *("/ai/1/card-0123456789abcdef.png", "/ai/1/0123456789abcdef.webp"),
        *("/assets/page.0123456789abcdef.css", "/assets/search.js.0123456789abcdef.js"),
    ],
)
def test_netlify_says_of_what_has_a_kind_or_an_age_of_its_own_what_we_would(path: str) -> None:
    """Kind, age and policy, each exactly once: rules that overlap would double them."""
    assert headers_of(BLOCKS, path) == {k.lower(): v for k, v in headers_for(path).items()}


@pytest.mark.slow
def test_no_file_of_the_sample_site_gets_a_header_twice(tmp_path: Path) -> None:
    """And all get the policy."""
    root = laid(tmp_path / "public")
    for file in (path for path in root.rglob("*") if path.is_file()):
        path = "/" + file.relative_to(root).as_posix()
        said = headers_of(BLOCKS, path.removesuffix("index.html"))
        wanted = {k.lower(): v for k, v in headers_for(path).items()}
        assert {name: said[name] for name, _ in map(_lower, SECURITY)} == dict(
            map(_lower, SECURITY)
        )
        assert all(value == wanted[name] for name, value in said.items()), path


@pytest.mark.parametrize("text", ["  A: b\n", "/x\n  no colon here\n", "/x\n  A: 한글\n", "x\n"])
def test_the_grammar_refuses_what_netlify_would_not_take(text: str) -> None:
    """A check that never fails proves nothing."""
    with pytest.raises(ValueError, match="line"):
        parse(text)


def _lower(pair: tuple[str, str]) -> tuple[str, str]:
    return pair[0].lower(), pair[1]
