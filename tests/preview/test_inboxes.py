"""Inbox views: what each kind of program takes away from a mail."""

from __future__ import annotations

from publisher.preview.inboxes import CLIP, Inbox, at_home, in_mode, seen_in
from publisher.preview.sizes import blocks

MAIL = (
    "<!doctype html><html><head><style>p{color:red}"
    "@media (prefers-color-scheme:dark){p{color:blue}}[data-ogsc] p{color:green}"
    "a:hover{color:tan}</style></head><body>"
    "<!--[if mso]><xml><o:x>96</o:x></xml><table><tr><td><![endif]-->"
    '<div style="display:none;mso-hide:all">머리말</div>'
    '<p style="max-width:30em;padding:4px;color:#111">말</p>'
    "<!--[if !mso]><!--><b>보통</b><!--<![endif]-->"
    '<img src="https://a.example/x.png" srcset="y.png 2x" alt="대체" width="10"></body></html>'
)


def test_as_sent_is_as_sent() -> None:
    """Nothing is touched."""
    assert seen_in(MAIL, Inbox.SENT, "") == MAIL


def test_naver_and_daum_see_no_style_element() -> None:
    """Inlined styles stay."""
    seen = seen_in(MAIL, Inbox.NO_STYLE, "")

    assert "<style" not in seen
    assert 'style="max-width:30em' in seen


def test_with_images_off_the_alternative_text_is_left() -> None:
    """No source of any kind is loaded."""
    seen = seen_in(MAIL, Inbox.NO_IMAGES, "")

    assert '<img alt="대체" width="10">' in seen
    assert "x.png" not in seen
    assert "y.png" not in seen


def test_gmail_has_no_dark_mode_of_ours() -> None:
    """Rules for dark mode and for Outlook.com go; the others stay."""
    seen = seen_in(MAIL, Inbox.GMAIL, "")

    assert "<style>p{color:red}a:hover{color:tan}</style>" in seen


def test_gmail_drops_a_style_element_over_16_kb() -> None:
    """As it does in its web program."""
    assert "p{color:red}" not in seen_in(
        MAIL.replace("p{color:red}", "p{color:red}" * 2000), Inbox.GMAIL, ""
    )


def test_the_clip_line_is_drawn_at_102_kb() -> None:
    """Before the first paragraph that begins after the limit; nowhere in a smaller mail."""
    long = "<body>" + "".join(f"<p>{n:05d} {'가' * 300}</p>" for n in range(200)) + "</body>"

    seen = seen_in(long, Inbox.GMAIL, "여기서 잘림")

    before, _, after = seen.partition('<div style="margin:24px')
    assert CLIP <= len(before.encode()) <= CLIP + 1000
    assert "여기서 잘림</div><p>" in after
    assert "여기서 잘림" not in seen_in("<p>말</p>", Inbox.GMAIL, "여기서 잘림")


def test_word_reads_its_own_comments_and_few_styles() -> None:
    """Conditional comments are turned around; widths and paddings of paragraphs are lost."""
    seen = seen_in(MAIL, Inbox.OUTLOOK, "")

    assert '<p style="color:#111">말</p>' in seen
    assert "보통" not in seen
    assert "96" not in seen
    assert '<div style="display:none">머리말</div>' in seen
    assert "prefers-color-scheme" not in seen


def test_a_mode_is_settled_in_style_elements_alone() -> None:
    """Words in the text that look like a media query are left alone."""
    html = "<head><style>@media (prefers-color-scheme: dark){p{color:red}}</style></head><p>(prefers-color-scheme: dark)</p>"

    assert in_mode(html, dark=True) == (
        "<head><style>@media (min-width:0){p{color:red}}</style>"
        "<style>:root{color-scheme:only dark}</style></head><p>(prefers-color-scheme: dark)</p>"
    )
    assert "(max-width:0)" in in_mode(html, dark=False)


def test_images_of_the_website_are_found_at_the_desk() -> None:
    """Those of other hosts stay where they are."""
    html = '<img src="https://me.example/ai/1/a.png"><img src="/b.png"><img src="https://x.example/c.png"><a href="/join/">'

    assert at_home(html, "https://me.example", "/asset") == (
        '<img src="/asset/ai/1/a.png"><img src="/asset/b.png">'
        '<img src="https://x.example/c.png"><a href="/join/">'
    )


def test_blocks_are_weighed_where_the_text_lies() -> None:
    """The meter goes down to the column of text and names each block by its words."""
    inner = "".join(f"<p>{word * 40}</p>" for word in ("하나", "둘", "셋", "넷"))
    html = f"<html><body><div>짧다</div><table><tr><td>{inner}</td></tr></table></body></html>"

    weighed = blocks(html)

    assert [w.name[:2] for w in weighed] == ["하나", "둘둘", "셋셋", "넷넷"]
    assert weighed[0].size == len(f"<p>{'하나' * 40}</p>".encode())
    assert sum(w.share for w in weighed) in range(98, 103)
