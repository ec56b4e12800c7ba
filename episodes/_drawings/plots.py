# ruff: noqa: INP001 — a script beside the letters, not a part of the package
"""The plots: figures from named sources, with Hangul labels that a phone can still show.

A picture of 1,200 pixels is shown at a third of that on a phone, so no word is smaller than 38.
"""

from __future__ import annotations

from canvas import INK, RED, SHADE, SOFT, Canvas

WORD = 40.0


def data_centre_power() -> Canvas:
    """Electricity of data centres by region in TWh, 2024 and 2030 (IEA, Energy and AI, 2025)."""
    rows = (("미국", 183, 426), ("중국", 102, 277), ("유럽", 68, 113), ("그 밖", 63, 130))
    c = Canvas(1200, 760)
    left, per = 190.0, 1.96
    c.rect(left, 36, 36, 36, SHADE)
    c.text(left + 52, 54, "2024년", size=WORD, colour=SOFT, anchor="lm")
    c.rect(left + 250, 36, 36, 36, RED)
    c.text(left + 302, 54, "2030년 전망", size=WORD, colour=SOFT, anchor="lm")
    c.text(1150, 54, "단위 TWh", size=WORD, colour=SOFT, anchor="rm")
    for number, (name, before, after) in enumerate(rows):
        y = 134.0 + number * 156
        c.text(left - 32, y + 50, name, size=44, style="sans-bold", anchor="rm")
        c.rect(left, y, before * per, 46, SHADE)
        c.rect(left, y + 52, after * per, 46, RED)
        c.text(left + before * per + 16, y + 23, str(before), size=WORD, colour=SOFT, anchor="lm")
        c.text(
            left + after * per + 16, y + 75, str(after), size=WORD, style="sans-bold", anchor="lm"
        )
    c.line([(left, 110), (left, 724)], INK, 2.4, round_ends=False)
    return c


def tokens_by_language() -> Canvas:
    """Tokens of article 1 of the Universal Declaration of Human Rights, in two vocabularies."""
    rows = (("영어", 33, 33), ("중국어", 50, 35), ("한국어", 85, 51), ("일본어", 92, 71))
    c = Canvas(1200, 760)
    left, right, per = 230.0, 1140.0, 9.1
    for value in (0, 25, 50, 75, 100):
        x = left + value * per
        c.line([(x, 96), (x, 668)], SHADE, 2, round_ends=False)
        c.text(x, 706, str(value), size=38, colour=SOFT, anchor="mm")
    c.ring(left + 18, 46, 13, INK, 4)
    c.text(left + 46, 46, "GPT-4(2023)", size=WORD, colour=SOFT, anchor="lm")
    c.disc(left + 372, 46, 15, RED)
    c.text(left + 400, 46, "GPT-4o(2024)", size=WORD, colour=SOFT, anchor="lm")
    c.text(right, 46, "토큰 수", size=WORD, colour=SOFT, anchor="rm")
    for number, (name, before, after) in enumerate(rows):
        y = 166.0 + number * 146
        bold = "sans-bold" if name == "한국어" else "sans"
        c.text(left - 36, y, name, size=44, style=bold, anchor="rm")
        x0, x1 = left + before * per, left + after * per
        c.line([(x0, y), (x1, y)], INK, 4)
        c.disc(x0, y, 15, INK)
        c.disc(x0, y, 11, "#fbfaf6")
        c.disc(x1, y, 17, RED)
        if before == after:
            c.text(x1, y - 50, str(after), size=WORD, style=bold, anchor="mm")
        else:
            c.text(x0, y - 50, str(before), size=WORD, colour=SOFT, anchor="mm")
            c.text(x1, y - 50, str(after), size=WORD, style=bold, anchor="mm")
    return c


def felt_and_measured() -> Canvas:
    """Change of working time with AI in per cent: forecast, felt and measured (METR, 2025)."""
    rows = (("시작 전 예상", -24), ("끝난 뒤 체감", -20), ("실제 측정", 19))
    c = Canvas(1200, 660)
    zero, per = 690.0, 15.6
    c.text(zero - 26, 52, "← 빨라짐", size=WORD, colour=SOFT, anchor="rm")
    c.text(zero + 26, 52, "느려짐 →", size=WORD, colour=SOFT, anchor="lm")
    for number, (name, value) in enumerate(rows):
        y = 112.0 + number * 176
        colour = RED if value > 0 else SHADE
        c.rect(min(zero, zero + value * per), y, abs(value) * per, 124, colour)
        label = f"{'+' if value > 0 else '−'}{abs(value)}%"
        inside = zero + value * per + (22 if value < 0 else -22)
        c.text(
            inside,
            y + 62,
            label,
            size=56,
            style="sans-bold",
            colour=INK if value < 0 else "#fbfaf6",
            anchor="lm" if value < 0 else "rm",
        )
        c.text(40, y + 62, name, size=44, style="sans-bold" if value > 0 else "sans", anchor="lm")
    c.line([(zero, 96), (zero, 620)], INK, 2.4, round_ends=False)
    return c


PLOTS = {
    "ai-wont-save-us/02-data-centre-power.png": data_centre_power,
    "ai-wont-save-us/03-토큰.png": tokens_by_language,
    "ai-wont-save-us/06-felt-and-measured.png": felt_and_measured,
}
