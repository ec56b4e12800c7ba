"""Photograph a mail and the website as readers meet them: ``python -m tests.pictures`` fills docs/images.

By day and by night, on a desk and on a phone; the mail once as a client shows it that strips
every style sheet. The opening of every sample, on a desk by day beside a phone by night. Small
pictures of few colours, for people to leaf through.
"""

from __future__ import annotations

import io
import re
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Browser

from publisher.model.episode import Audience
from publisher.render.page.pictures import of_series, pictures
from tests.chromium import launched, opened
from tests.golden.samples import ROOT, by_name, edition
from tests.site.served import laid, serving

FOLDER = ROOT / "docs" / "images"
EPISODE = "ai-wont-save-us/05"
#: name, width in pixels, by night, without style sheets, height shown in pixels
SHOTS = (
    ("mail-640-light", 640, False, False, 2400),
    ("mail-640-dark", 640, True, False, 2400),
    ("mail-360-light", 360, False, False, 2400),
    ("mail-360-dark", 360, True, False, 2400),
    ("mail-640-no-sheets", 640, False, True, 1600),
)
#: name, path, width in pixels, by night, height shown in pixels
PAGES = (
    ("home-1200-light", "/", 1200, False, 1500),
    ("page-1200-light", "/ai-wont-save-us/5/", 1200, False, 1400),
    ("page-360-dark", "/ai-wont-save-us/5/", 360, True, 900),
)
COLOURS = 40
#: Pixels shown of each sample's opening, and how far it is made smaller.
OPENING, SCALE = 1300, 0.7


def shot(browser: Browser, width: int, dark: bool, bare: bool, height: int) -> bytes:
    """Photograph the top of the sample mail as PNG of few colours."""
    return cut(mail(browser, EPISODE, width, dark, bare), height)


def opening(browser: Browser, name: str) -> bytes:
    """Photograph how a sample begins: on a desk by day, beside it on a phone by night."""
    both = Image.new("RGB", (640 + 360, OPENING))
    for left, width, dark in ((0, 640, False), (640, 360, True)):
        both.paste(Image.open(io.BytesIO(mail(browser, name, width, dark))), (left, 0))
    size = (round(both.width * SCALE), round(both.height * SCALE))
    # Day and night side by side: the other method would take their papers for pure white and black.
    resized = both.resize(size, Image.Resampling.LANCZOS)
    return in_few_colours(resized, Image.Quantize.FASTOCTREE)


def mail(browser: Browser, name: str, width: int, dark: bool, bare: bool = False) -> bytes:
    """Photograph a whole sample mail."""
    setting = by_name()[name]
    html = edition(name, Audience.FREE).html
    if bare:
        html = re.sub(r"<style.*?</style>", "", html, flags=re.DOTALL)
    files: dict[str, Path] = {
        address: ROOT / picture.path
        for address, picture in pictures(setting, of_series(setting.series), inside=True).items()
        if picture.path
    }
    with opened(browser, html, width=width, dark=dark, files=files) as page:
        return page.screenshot(full_page=True)


def page_shot(browser: Browser, address: str, width: int, dark: bool, height: int) -> bytes:
    """Photograph the top of a page of the sample website."""
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        color_scheme="dark" if dark else "light",
        locale="ko-KR",
    )
    page = context.new_page()
    page.goto(address)
    taken = page.screenshot(full_page=True)
    context.close()
    return cut(taken, height)


def cut(taken: bytes, height: int) -> bytes:
    """Keep the top of a photograph, in few colours."""
    whole = Image.open(io.BytesIO(taken)).convert("RGB")
    return in_few_colours(whole.crop((0, 0, whole.width, min(height, whole.height))))


def in_few_colours(
    picture: Image.Image, method: Image.Quantize = Image.Quantize.MAXCOVERAGE
) -> bytes:
    """Write a picture as a small PNG."""
    out = io.BytesIO()
    # Seals are small and red: the usual method would give their colour away.
    picture.quantize(COLOURS, method=method, dither=Image.Dither.NONE).save(
        out, "PNG", optimize=True
    )
    return out.getvalue()


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (
        launched() as browser,
        TemporaryDirectory() as folder,
        serving(laid(Path(folder))) as site,
    ):
        for name, *how in SHOTS:
            octets = shot(browser, *how)  # type: ignore[arg-type]  # a row of SHOTS
            (FOLDER / f"{name}.png").write_bytes(octets)
            print(f"{name}.png: {len(octets):,} octets")
        for sample in by_name():
            name = f"opening-{sample.replace('/', '-')}"
            octets = opening(browser, sample)
            (FOLDER / f"{name}.png").write_bytes(octets)
            print(f"{name}.png: {len(octets):,} octets")
        for name, path, *how in PAGES:
            octets = page_shot(browser, f"{site}{path}", *how)  # type: ignore[arg-type]  # a row of PAGES
            (FOLDER / f"{name}.png").write_bytes(octets)
            print(f"{name}.png: {len(octets):,} octets")


if __name__ == "__main__":
    main()
