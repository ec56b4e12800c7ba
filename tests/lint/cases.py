"""One bad episode, or a few, for every fault a rule can find, and a good one beside it.

The tests hold each rule to the exact line and column; the pages in ``docs/rules`` show the same texts.
A text without front matter gets a plain one of six lines, so its first line is line 7.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

FRONT = """\
---
title: 밤의 도서관
deck: 불을 끄지 않는 방 하나
status: ready
---

"""
SERIES = """\
title = "느린 연재"
[cadence]
weekday = "fri"
at = "17:00"
"""


@dataclass(frozen=True)
class Picture:
    """An image file to be made for a case."""

    width: int = 1200
    height: int = 800
    format: str = "PNG"
    frames: int = 1
    noise: bool = False


@dataclass(frozen=True)
class Case:
    """A fault, texts that have it, where it is found, and the same texts mended."""

    code: str
    bad: str | Mapping[str, str]
    at: tuple[tuple[int, int] | tuple[str, int, int], ...]
    good: str | Mapping[str, str]
    pictures: Mapping[str, Picture] = field(default_factory=dict)
    palette: Mapping[str, str] = field(default_factory=dict)
    off: Mapping[str, str] = field(default_factory=dict)
    bad_templates: Mapping[str, str] = field(default_factory=dict)
    good_templates: Mapping[str, str] = field(default_factory=dict)

    def files(self, texts: str | Mapping[str, str]) -> dict[str, str]:
        """Give the files of the bad or the good side, by name in the folder of the series."""
        named = {"01-night-library.md": texts} if isinstance(texts, str) else dict(texts)
        whole = {"series.toml": SERIES}
        for name, text in named.items():
            is_whole = text.startswith("---") or not name.endswith(".md")
            whole[name] = text if is_whole else FRONT + text
        return whole


def front(text: str) -> str:
    """An episode of which only the front matter matters."""
    return f"---\n{text}status: ready\n---\n\n도서관은 밤에도 불을 끄지 않았다.\n"


def episode(title: str = "밤의 도서관", more: str = "", body: str = "") -> str:
    body = body or "도서관은 밤에도 불을 끄지 않았다."
    return (
        f"---\ntitle: {title}\ndeck: 불을 끄지 않는 방 하나\nstatus: ready\n{more}---\n\n{body}\n"
    )


LINES = "둘째 줄은 이렇게 이어진다.\n"

CASES = (
    Case(
        "lint/series-name",
        {"01-night-library.md": episode(), "../search/series.toml": SERIES},
        (("episodes/search/series.toml", 0, 0),),
        {"01-night-library.md": episode(), "../search-series/series.toml": SERIES},
    ),
    Case(
        "lint/link-empty",
        "어제 [](https://kosis.kr/) 자료가 나왔다.\n",
        ((7, 4),),
        "어제 [통계청](https://kosis.kr/) 자료가 나왔다.\n",
    ),
    Case(
        "lint/link-text",
        "자료는 [여기](https://kosis.kr/)에 있다.\n\n- 표는 [ 더 보기 ](https://kosis.kr/b)\n- 글\n",
        ((7, 5), (9, 6)),
        "자료는 [통계청 누리집](https://kosis.kr/)에 있다.\n",
    ),
    Case(
        "lint/link-address",
        "이 [보고서](https:///report.pdf)와 [부록](http://kosis..kr/)을 보라.\n"
        "[누리집](www.kosis.kr)과 [다음](02-next.md), [편지](mailto:)도 있다.\n",
        ((7, 3), (7, 31), (8, 1), (8, 22), (8, 40)),
        "이 [보고서](https://kosis.kr/report.pdf)를 보라.\n",
    ),
    Case(
        "lint/link-local",
        "첫 줄이다.\n[미리보기](http://localhost:8000/a)와 [서버](https://192.168.0.7/)를 열었다.\n"
        "[인쇄기](https://printer/)도 켰다.\n",
        ((8, 1), (8, 34), (9, 1)),
        "첫 줄이다.\n[미리보기](https://slow.kr/a)를 열었다.\n",
    ),
    Case(
        "lint/link-http",
        "옛 [누리집](http://kosis.kr/)이다.\n",
        ((7, 3),),
        "새 [누리집](https://kosis.kr/)이다.\n",
    ),
    Case(
        "lint/link-tracking",
        "기사 [원문](https://news.kr/a?id=3&utm_source=letter&fbclid=IwAR0)이다.\n",
        ((7, 4), (7, 4)),
        "기사 [원문](https://news.kr/a?id=3)이다.\n",
    ),
    Case(
        "lint/link-disguise",
        "[kbank.com](https://kbank.example.net/login)에서 확인하라.\n",
        ((7, 1),),
        "[kbank.com](https://www.kbank.com/login)에서 확인하라.\n",
    ),
    Case(
        "lint/link-episode",
        "[지난 화](episode:slow/07)를 보라.\n",
        ((7, 1),),
        "[이번 화](episode:slow/01)를 보라.\n",
    ),
    Case(
        "lint/image-alt",
        "글이다.\n\n![](chart.png)\n",
        ((9, 1),),
        "글이다.\n\n![십 년 동안 두 배가 된 열람석](chart.png)\n",
        {"chart.png": Picture()},
    ),
    Case(
        "lint/image-alt-name",
        "글이다.\n\n![IMG_2034](chart.png)\n",
        ((9, 1),),
        "글이다.\n\n![십 년 동안 두 배가 된 열람석](chart.png)\n",
        {"chart.png": Picture()},
    ),
    Case(
        "lint/image-format",
        "글이다.\n\n![열람석 수](chart.webp)\n",
        ((9, 1),),
        "글이다.\n\n![열람석 수](chart.png)\n",
        {"chart.png": Picture(), "chart.webp": Picture(format="WEBP")},
    ),
    Case(
        "lint/image-animated",
        "글이다.\n\n![켜지고 꺼지는 등](lamp.gif)\n",
        ((9, 1),),
        "글이다.\n\n![꺼진 등](still.gif)\n",
        {"lamp.gif": Picture(format="GIF", frames=3), "still.gif": Picture(format="GIF")},
    ),
    Case(
        "lint/image-weight",
        "글이다.\n\n![눈 내린 마당](snow.png)\n",
        ((9, 1),),
        "글이다.\n\n![눈 내린 마당](light.png)\n",
        {"snow.png": Picture(1000, 500, noise=True), "light.png": Picture()},
    ),
    Case(
        "lint/image-too-heavy",
        "글이다.\n\n![눈 내린 마당](snow.png)\n",
        ((9, 1),),
        "글이다.\n\n![눈 내린 마당](light.png)\n",
        {"snow.png": Picture(1800, 1000, noise=True), "light.png": Picture()},
    ),
    Case(
        "lint/image-huge",
        "글이다.\n\n![긴 두루마리](scroll.png)\n",
        ((9, 1),),
        "글이다.\n\n![두루마리의 첫머리](head.png)\n",
        {"scroll.png": Picture(1000, 6001), "head.png": Picture()},
    ),
    Case(
        "lint/image-small",
        "글이다.\n\n![작은 도장](seal.png)\n",
        ((9, 1),),
        "글이다.\n\n![작은 도장](large.png)\n",
        {"seal.png": Picture(320, 200), "large.png": Picture()},
    ),
    Case(
        "lint/image-size",
        "글이다.\n\n![열람석 수](https://slow.kr/chart.png)\n",
        ((9, 1),),
        "글이다.\n\n![열람석 수](https://slow.kr/chart.png){width=1200 height=800}\n",
    ),
    Case("lint/heading-top", "# 첫째 방\n\n글이다.\n", ((7, 1),), "## 첫째 방\n\n글이다.\n"),
    Case(
        "lint/heading-skip",
        "## 첫째 방\n\n글이다.\n\n#### 창가\n\n글이다.\n",
        ((11, 1),),
        "## 첫째 방\n\n글이다.\n\n### 창가\n\n글이다.\n",
    ),
    Case(
        "lint/list-of-one",
        "글이다.\n\n2024. 겨울에 문을 열었다.\n",
        ((9, 1),),
        "글이다.\n\n2024\\. 겨울에 문을 열었다.\n",
    ),
    Case(
        "lint/title-long",
        front(
            "title: " + "밤의 도서관에서 만난 사람들과 그들이 남긴 이야기 " * 2 + "\ndeck: 부제\n"
        ),
        ((2, 1),),
        front("title: 밤의 도서관에서 만난 사람들\ndeck: 부제\n"),
    ),
    Case(
        "lint/subject-long",
        front("title: 밤\ndeck: 부제\nsubject: " + "밤의 도서관에서 만난 사람들 " * 4 + "\n"),
        ((4, 1),),
        front("title: 밤\ndeck: 부제\nsubject: 밤의 도서관에서 만난 사람들\n"),
    ),
    Case(
        "lint/subject-emoji",
        front("title: 밤의 도서관 🌙에서\ndeck: 부제\n"),
        ((2, 15),),
        front("title: 밤의 도서관에서\ndeck: 부제 🌙\n"),
    ),
    Case(
        "lint/subject-brackets",
        front("title: 다시 보는 <기생충>\ndeck: <밤>과 낮\n"),
        ((2, 14), (3, 7)),
        front("title: 다시 보는 〈기생충〉\ndeck: 3 < 4인 까닭\n"),
    ),
    Case(
        "lint/subject-quotes",
        front("title: '\"밤\"이라는 말'\nsubject: 그가 말한 '밤'\ndeck: 부제\n"),
        ((2, 9), (3, 16)),
        front("title: “밤”이라는 말\nsubject: AI won't save us, 27\" 화면\ndeck: 부제\n"),
    ),
    Case(
        "lint/ad-label",
        front("title: 봄 특가\nsubject: '[광고] 봄 특가'\ndeck: 부제\n"),
        ((3, 11),),
        front("title: 봄 특가\nkind: ad\ndeck: 부제\n"),
    ),
    Case(
        "lint/ad-label-by-hand",
        front("title: 봄 특가\nsubject: (광고) 봄 특가\ndeck: 부제\n"),
        ((3, 10),),
        front("title: 봄 특가\nkind: ad\ndeck: 부제\n"),
    ),
    Case(
        "lint/preheader-same",
        front("title: 밤의 도서관\ndeck: 밤의 도서관!\n"),
        ((3, 1),),
        front("title: 밤의 도서관\ndeck: 불을 끄지 않는 방 하나\n"),
    ),
    Case(
        "lint/preheader-long",
        front("title: 밤\npreheader: " + "불을 끄지 않는 방 하나에 사람들이 모였다. " * 5 + "\n"),
        ((3, 1),),
        front("title: 밤\npreheader: 불을 끄지 않는 방 하나에 사람들이 모였다.\n"),
    ),
    Case(
        "lint/preheader-missing",
        front("title: 밤의 도서관\n"),
        ((2, 1),),
        front("title: 밤의 도서관\ndeck: 불을 끄지 않는 방 하나\n"),
    ),
    Case(
        "lint/leftover-marks",
        "그는 ** 밤의 도서관** 앞에 섰다.\n둘째 줄의 ~~ 취소선은 남는다.\n",
        ((7, 4), (7, 13), (8, 7)),
        "그는 **밤의 도서관** 앞에 섰다. 별표 \\*는 남고 `**코드**`도 그렇다.\n",
    ),
    Case(
        "lint/marks-in-field",
        front("title: 밤의 **도서관**\ndeck: 부제\n"),
        ((2, 11), (2, 16)),
        front("title: 밤의 도서관\ndeck: 부제\n"),
    ),
    Case(
        "lint/mixed-width",
        "그는 말했다，“밤이다.”\n\n> 둘째 줄（하나）\n",
        ((7, 7), (9, 7), (9, 10)),
        "그는 말했다, “밤이다.”\n\n> 둘째 줄(하나)\n",
    ),
    Case(
        "lint/quote-open",
        "그는 “밤이다. 하고 말했다.\n\n《밤의 도서관은 책이다.\n\n“밤이다.\n\n“아침이다.\n",
        ((7, 4), (9, 1), (13, 1)),
        "그는 “밤이다.” 하고 말했다. 《밤의 도서관》은 ’24년에 나온 책이다.\n\n"
        "“긴 말이 이어진다.\n\n“다음 문단이 그 말을 닫는다.”\n",
    ),
    Case(
        "lint/quote-close",
        "그는 밤이다.” 하고 말했다(웃음)).\n",
        ((7, 8), (7, 20)),
        "가) 그는 “밤이다.” 하고 말했다(웃음). ‘rock ’n’ roll’이었다.\n",
    ),
    Case(
        "lint/double-space",
        "그는  밤의 도서관에 갔다.\n",
        ((7, 3),),
        "그는 밤의 도서관에 갔다.\n",
    ),
    Case(
        "lint/space-before-mark",
        "그는 갔다 . 그리고 왔다 , 다시.\n",
        ((7, 6), (7, 15)),
        "그는 갔다. 그리고 왔다, 다시. 일시 : 3월\n",
    ),
    Case(
        "lint/invisible-character",
        "그는\u200b 밤의 도서관에 갔다.\n",
        ((7, 3),),
        "그는 밤의 도서관에 갔다. 👩\u200d💻\n",
    ),
    Case(
        "lint/lost-character",
        "그는 밤의 도서\ufffd에 갔다.\n",
        ((7, 9),),
        "그는 밤의 도서관에 갔다.\n",
    ),
    Case(
        "lint/private-character",
        "그는 \uf0a7 밤의 도서관에 갔다.\n",
        ((7, 4),),
        "그는 ▪ 밤의 도서관에 갔다.\n",
    ),
    Case(
        "lint/loose-jamo",
        "그는 \u1107\u1107밤의 도서관에 갔다.\n",
        ((7, 4),),
        "그는 밤의 도서관에 갔다. ㅋㅋ\n",
    ),
    Case(
        "lint/josa",
        "**마크다운(Markdown)**를 쓰고, GPU을 사고, ‘도서관’가 열리고, 3월(March)으로 미뤘다.\n"
        "인공지능를 믿는다.\n",
        ((7, 19), (7, 28), (7, 39), (7, 55), (8, 5)),
        "**마크다운(Markdown)**을 쓰고, GPU를 사고, ‘도서관’이 열리고, 3월(March)로 미뤘다.\n"
        "URL은 ‘가을’을 모르고, 17%가 올랐으며, 종로 3가로 갔다. OpenAI가 GPT-3을 냈다.\n",
    ),
    Case(
        "lint/josa-both",
        "독자(을)를 만나고 이름을(를) 적었다.\n",
        ((7, 3), (7, 14)),
        "독자를 만나고 이름을 적었다.\n",
    ),
    Case(
        "lint/josa-variable",
        "글이다.\n",
        (("templates/mail/letter.txt.j2", 2, 13),),
        "글이다.\n",
        bad_templates={"mail/letter.txt.j2": "다음 화\n{{ title }}》을 기다려 주세요.\n"},
        good_templates={"mail/letter.txt.j2": "다음 화\n{{ title }}》 편을 기다려 주세요.\n"},
    ),
    Case(
        "lint/hanja-reading",
        "사람은 言으로 산다. 다시 言을 본다.\n",
        ((7, 5),),
        "## 말(言)\n\n사람은 言으로 산다. 人工知能(인공지능)도 그렇다.\n",
    ),
    Case(
        "lint/acronym",
        "IAEA가 보고서를 냈다. IAEA는 다시 냈다.\n",
        ((7, 1),),
        "국제원자력기구(IAEA)가 보고서를 냈다. IAEA는 AI를 쓴다.\n",
    ),
    Case(
        "lint/tag-spelling",
        {
            "01-a.md": episode(more="tags: [AI 윤리, 책]\n"),
            "02-b.md": episode("아침의 도서관", "teaser: 문이 열린다.\ntags: [AI 윤리]\n"),
            "03-c.md": episode("낮의 도서관", "teaser: 문이 닫힌다.\ntags:\n  - 책\n  - ai윤리\n"),
        },
        (("03-c.md", 8, 5),),
        {
            "01-a.md": episode(more="tags: [AI 윤리, 책]\n"),
            "02-b.md": episode("아침의 도서관", "teaser: 문이 열린다.\ntags: [AI 윤리]\n"),
        },
    ),
    Case(
        "lint/tag-twice",
        episode(more="tags: [AI 윤리, 책, AI윤리]\n"),
        ((5, 18),),
        episode(more="tags: [AI 윤리, 책]\n"),
    ),
    Case(
        "lint/placeholder",
        "TODO 숫자 확인\n\n여기에 내용을 입력하세요. 값은 {{ price }}이다.\n",
        ((7, 1), (9, 1), (9, 19)),
        "숫자를 확인했다. ○○구의 OOO 씨가 할 일(to do)은 끝났다.\n",
    ),
    Case(
        "lint/secret",
        "열쇠는 AKIAIOSFODNN7EXAMPLE이다.\n",
        ((7, 5),),
        "열쇠는 서랍에 있다.\n",
    ),
    Case(
        "lint/resident-number",
        "그의 번호는 900101-1234567이다.\n",
        ((7, 8),),
        "그의 번호는 적지 않는다.\n",
    ),
    Case(
        "lint/gate",
        "---\ntitle: 밤의 도서관\ndeck: 열쇠는 언제나 둘째 서랍 안쪽에 붙어 있었다\nstatus: ready\n---\n\n"
        "도서관은 밤에도 불을 끄지 않았다.\n\n::: members\n열쇠는 언제나 둘째 서랍 안쪽에 붙어 있었다.\n:::\n",
        ((3, 1),),
        "도서관은 밤에도 불을 끄지 않았다.\n\n::: members\n열쇠는 언제나 둘째 서랍 안쪽에 붙어 있었다.\n:::\n",
    ),
    Case(
        "lint/gate-empty",
        "도서관은 밤에도 불을 끄지 않았다.\n\n::: members\n:::\n",
        ((9, 1),),
        "도서관은 밤에도 불을 끄지 않았다.\n\n::: members\n열쇠는 언제나 둘째 서랍 안쪽에 붙어 있었다.\n:::\n",
    ),
    Case("lint/length", "밤이 길다. " * 4200 + "\n", ((2, 1),), "밤이 길다. " * 400 + "\n"),
    Case("lint/too-long", "밤이 길다. " * 7000 + "\n", ((2, 1),), "밤이 길다. " * 400 + "\n"),
    Case(
        "lint/pure-colour",
        "글이다.\n",
        (("config.toml", 0, 0),),
        "글이다.\n",
        palette={"paper": "#ffffff"},
    ),
    Case(
        "lint/number-hole",
        {"01-a.md": episode(), "04-b.md": episode("아침의 도서관")},
        (("04-b.md", 0, 0),),
        {"01-a.md": episode(), "02-b.md": episode("아침의 도서관", "teaser: 문이 열린다.\n")},
    ),
    Case(
        "lint/number-title",
        episode("3화. 밤의 도서관"),
        ((2, 1),),
        episode("밤의 도서관과 제3회 영화제 (1화)"),
    ),
    Case(
        "lint/slot-collision",
        {
            "01-a.md": episode(more="publish_at: 2026-12-04 17:00\n"),
            "02-b.md": episode("아침", "teaser: 문이 열린다.\npublish_at: 2026-12-04 17:00\n"),
        },
        (("02-b.md", 6, 1),),
        {
            "01-a.md": episode(more="publish_at: 2026-12-04 17:00\n"),
            "02-b.md": episode("아침", "teaser: 문이 열린다.\npublish_at: 2026-12-11 17:00\n"),
        },
    ),
    Case(
        "lint/slot-past",
        episode(more="publish_at: 2026-11-13 17:00\n"),
        ((5, 1),),
        episode(more="publish_at: 2026-11-27 17:00\n"),
    ),
    Case(
        "lint/slot-off-cadence",
        episode(more="publish_at: 2026-11-28 09:00\n"),
        ((5, 1),),
        episode(more="publish_at: 2026-11-27 17:00\n"),
    ),
    Case(
        "lint/slot-order",
        {
            "01-a.md": episode(more="publish_at: 2026-12-11 17:00\n"),
            "02-b.md": episode("아침", "teaser: 문이 열린다.\npublish_at: 2026-12-04 17:00\n"),
        },
        (("02-b.md", 6, 1),),
        {
            "01-a.md": episode(more="publish_at: 2026-12-04 17:00\n"),
            "02-b.md": episode("아침", "teaser: 문이 열린다.\npublish_at: 2026-12-11 17:00\n"),
        },
    ),
    Case(
        "lint/teaser-missing",
        {"01-a.md": episode(), "02-b.md": episode("아침의 도서관")},
        (("02-b.md", 2, 1),),
        {"01-a.md": episode(), "02-b.md": episode("아침의 도서관", "teaser: 문이 열린다.\n")},
    ),
    Case(
        "lint/teaser-title",
        {
            "01-a.md": episode(body="불을 껐다.\n\n다음 화는 《낮의 서점》이다."),
            "02-b.md": episode("아침의 도서관", "teaser: 문이 열린다.\n"),
        },
        (("01-a.md", 9, 8),),
        {
            "01-a.md": episode(body="불을 껐다.\n\n다음 화는 《아침의 도서관》이다."),
            "02-b.md": episode("아침의 도서관", "teaser: 문이 열린다.\n"),
        },
    ),
    Case(
        "lint/teaser-no-next",
        "불을 껐다.\n\n다음 화 예고: 《낮의 서점》\n",
        ((9, 1),),
        "불을 껐다.\n\n다음 날에도 그랬다.\n",
    ),
    Case(
        "lint/teaser-last",
        {
            "series.toml": 'title = "느린 연재"\nstatus = "finished"\n',
            "01-a.md": episode(body="불을 껐다.\n\n다음 화에서는 ‘낮의 서점’을 찾는다."),
        },
        (("01-a.md", 9, 1),),
        {
            "series.toml": 'title = "느린 연재"\nstatus = "finished"\n',
            "01-a.md": episode(body="불을 껐다.\n\n이제 끝이다."),
        },
    ),
    Case(
        "lint/teaser-same",
        episode(more="teaser: 불을 끄지 않는 방 하나.\n"),
        ((5, 1),),
        episode(more="teaser: 문이 열리면 누가 먼저 들어올까.\n"),
    ),
    Case(
        "lint/allow-reason",
        episode(more="allow:\n  josa: ''\n", body="인공지능을 믿는다."),
        ((6, 3),),
        episode(more="allow:\n  josa: 시의 한 구절을 그대로 옮김\n", body="인공지능를 믿는다."),
    ),
    Case(
        "lint/allow-unknown",
        episode(more="allow:\n  yosa: 시에서 옮김\n"),
        ((6, 3),),
        episode(more="allow:\n  lint/josa: 시에서 옮김\n", body="인공지능를 믿는다."),
    ),
)
