"""Cards and icons: drawn in Hangul or not at all, the same bytes every time."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from publisher.model.publication import DARK, LIGHT
from publisher.render.page.head import social
from publisher.render.page.painter import Painter
from publisher.render.page.pictures import card_path
from tests.render.shelf import digests, out, site

PAINTER = Painter.found()
needs_hangul = pytest.mark.skipif(
    PAINTER is None, reason="no font with Hangul: apt-get install fonts-noto-cjk"
)
LONG = "아주 긴 제목이라서 한 줄에 들어가지 않고 두 줄에도 들어가지 않아 세 줄로 나누어 적어야 하는 이야기, 그리고도 남아서 줄임표가 붙는 이야기, 정말로 끝나지 않을 것만 같은 이야기"


@needs_hangul
@pytest.mark.parametrize("title", ["짧은 제목", LONG, "가" * 200, "A", "天機 🧧"])
def test_a_card_has_the_size_networks_ask_for_and_stays_small(title: str) -> None:
    """1200 by 630 pixels, far below the 300 KB at which messengers stop."""
    assert PAINTER
    data = PAINTER.card(title, "연재 이름", "3화", "느린 신호", LIGHT)

    with Image.open(io.BytesIO(data)) as image:
        assert (image.size, image.format) == ((1200, 630), "PNG")
    assert len(data) < 60_000
    assert data == PAINTER.card(title, "연재 이름", "3화", "느린 신호", LIGHT)


@needs_hangul
def test_a_card_is_drawn_in_the_colours_of_the_theme_within_its_margins() -> None:
    """Paper fills it, ink and accent are in it, and no letter touches the edge."""
    assert PAINTER
    for palette in (LIGHT, DARK):
        data = PAINTER.card(LONG, "연재" * 40, "12화", "느린 신호", palette)
        image = Image.open(io.BytesIO(data)).convert("RGB")
        colours = {colour for _, colour in image.getcolors(1 << 20) or ()}
        named = (palette.paper, palette.ink, palette.accent)
        assert {tuple(bytes.fromhex(colour[1:])) for colour in named} <= colours
        border = [
            image.crop(box)
            for box in (
                (0, 0, 1200, 40),
                (0, 590, 1200, 630),
                (0, 0, 60, 630),
                (1160, 0, 1200, 630),
            )
        ]
        for strip in border:
            assert strip.getcolors() == [(strip.width * strip.height, image.getpixel((0, 0)))]


@needs_hangul
def test_an_icon_is_a_seal_or_the_logo() -> None:
    """144 pixels square; a logo that is no picture, or far too large, is passed over."""
    assert PAINTER
    logo = io.BytesIO()
    Image.new("RGB", (400, 100), "#00ff00").save(logo, "PNG")
    seal = PAINTER.icon("느린 신호", LIGHT)

    assert Image.open(io.BytesIO(seal)).size == (144, 144)
    assert PAINTER.icon("느린 신호", LIGHT, b"no picture") == seal
    drawn = Image.open(io.BytesIO(PAINTER.icon("느린 신호", LIGHT, logo.getvalue()))).convert(
        "RGBA"
    )
    assert (drawn.getpixel((72, 72)), drawn.getpixel((72, 2))) == ((0, 255, 0, 255), (0, 0, 0, 0))


def test_without_hangul_there_is_no_painter(tmp_path: Path) -> None:
    """A font that is not there, no font at all, or one without Hangul draws nothing."""
    broken = tmp_path / "broken.ttf"
    broken.write_bytes(b"no font")
    latin = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"

    assert Painter.found([tmp_path / "none.ttf", broken, latin]) is None


def test_a_site_without_a_painter_has_no_drawn_picture_and_names_none() -> None:
    """Better none than boxes: the cover stands for the page."""
    made = site([out(1)])

    assert not [path for path in made if "card-" in path or path == "icon.png"]
    assert b"icon.png" not in made["index.html"] + made["feed.xml"]
    assert f"{'ab12' * 4}.png".encode() in made["s/1/index.html"]


@needs_hangul
def test_a_site_with_a_painter_names_what_it_draws() -> None:
    """The page's og:image, its file and the feed's image belong together; a new title is a new card."""
    made = site([out(1)], painter=PAINTER)
    path = card_path(out(1))

    assert made[path.lstrip("/")].startswith(b"\x89PNG")
    assert f'content="https://slow-signal.example{path}"'.encode() in made["s/1/index.html"]
    assert b"<url>https://slow-signal.example/icon.png</url>" in made["feed.xml"]
    assert card_path(out(1, title="새 제목")) != path
    assert path.lstrip("/") not in digests([out(1, title="새 제목")], painter=PAINTER)


def test_a_social_card_says_only_what_is_public() -> None:
    """Title, summary or deck, and the cover."""
    card = social(out(1))

    assert (card.title, card.description) == ("1번째 이야기", "한 줄로 된 부제")
    assert card.image_url == f"https://slow-signal.example/s/1/{'ab12' * 4}.png"
