"""Feeds: what a publication's own block may leave in them."""

from __future__ import annotations

import pytest

from publisher.render.plain_html import plain_html


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ('<div class="x"><p style="y" id="z">가</p></div>', "<p>가</p>"),
        ("<span>가</span><b>나</b><i>다</i>", "가<strong>나</strong><em>다</em>"),
        ('<p onclick="x">&lt;기생충&gt; &amp;</p>', "<p>&lt;기생충&gt; &amp;</p>"),
        ("<script>x</script><style>p{}</style>가", "가"),
        ('<form><input value="x"><p>안</p></form>밖', "밖"),
        ('<a href="javascript:x">가</a><a href="/x">나</a>', "<a>가</a><a>나</a>"),
        ('<a class="x" href="https://a.example/?a=1&amp;b=2">가</a>', '<a href="https://a.example/?a=1&amp;b=2">가</a>'),
        ('<img src="https://a.example/x.png" alt="그&quot;림" width="3" loading="lazy">', '<img src="https://a.example/x.png" alt="그&#34;림" width="3">'),
        ("<br/><hr>", "<br><hr>"),
        ("<section><h2>가</h2></section>", "<h2>가</h2>"),
        ("<ruby>漢<rp>(</rp><rt>한</rt><rp>)</rp></ruby>", "<ruby>漢<rp>(</rp><rt>한</rt><rp>)</rp></ruby>"),
    ],
)  # fmt: skip
def test_only_plain_elements_are_left(written: str, kept: str) -> None:
    assert plain_html(written) == kept
    assert plain_html(kept) == kept
