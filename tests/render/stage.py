"""A small episode built by hand, with every kind of node in it, and the desk around it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time
from functools import cache
from pathlib import Path

from publisher.model.body import (
    Block,
    BlockQuote,
    Body,
    Break,
    Code,
    CodeBlock,
    Definition,
    DefinitionList,
    Emphasis,
    Figure,
    Footnote,
    FootnoteReference,
    Heading,
    Image,
    Inline,
    Link,
    List,
    Node,
    Paragraph,
    Picture,
    Rule,
    Strikethrough,
    Strong,
    Table,
    Text,
)
from publisher.model.episode import Audience, Byline, Cover, Episode, Series, Status
from publisher.model.publication import Law, Publication, Sender
from publisher.model.setting import Neighbour, Setting
from publisher.model.slot import Cadence, Slot
from publisher.render import Renderer
from publisher.render.mail.letter import Letter

ROOT = Path(__file__).parents[2]
SECRET = "이 문장은 회원만 읽을 수 있는 문장이다."
PICTURE = Picture(
    "chart.png", "episodes/s/01/chart.png", 1200, 800, 9_000, "png", digest="ab12" * 16
)


def t(text: str) -> tuple[Inline, ...]:
    """One run of plain text."""
    return (Text(text),)


def p(*inlines: Inline | str) -> Paragraph:
    """A paragraph of text and marks."""
    return Paragraph(tuple(Text(i) if isinstance(i, str) else i for i in inlines))


def block(block_name: str, /, *children: Node, **attributes: str) -> Block:
    """A fenced block."""
    return Block(block_name, tuple(attributes.items()), children)


def everything() -> Body:
    """A body with each node of the tree and each block of the contract."""
    return Body(
        nodes=(
            block(
                "signs",
                DefinitionList(
                    (
                        Definition(t("변화"), ((p("당국이 외국산 칩을 쓰지 말라고 권고했다."),),)),
                        Definition(t("징후"), ((p("미래는 다른 곳에서도 움트고 있다."),),)),
                    )
                ),
            ),
            Heading(2, t("자립이라는 말"), "자립이라는-말"),
            p(
                Strong(t("마크다운(Markdown)")),
                "을 ",
                Emphasis(t("쓴다")),
                ". 그리고 ",
                Link("https://news.example.org/a?b=1&c=2", t("보도")),
                "에 따르면 <기생충>은 & 그렇다",
                FootnoteReference(1),
                ".",
                Break(),
                "둘째 줄에는 ",
                Code("a < b"),
                " 와 ",
                Strikethrough(t("지운 말")),
                "이 있다.",
            ),
            Heading(4, t("人工知能의 집"), "人工知能의-집"),
            List(((p("하나"),), (p("둘 ", Link("episode:s/02", t("지난 화"))),))),
            List(((p("셋"), p("셋의 둘째 문단")), (p("넷"),)), ordered=True, start=3, tight=False),
            BlockQuote((p("그냥 인용이다."),)),
            CodeBlock("for x in y:\n    print(x)\n", "python"),
            Table(
                (t("나라"), t("칩")),
                ((t("한국"), t("10")), (t("중국"), t("200"))),
                ("", "right"),
            ),
            Figure(PICTURE, "칩 판매를 그린 막대그림", "해마다 는다", "블룸버그"),
            p("줄 안의 ", Image(replace(PICTURE, width=40, height=20), "작은 그림"), " 그림"),
            block(
                "quote",
                p("우리말로 옮긴 말."),
                block("original", p("The words as they were spoken."), lang="en"),
                by="이름",
                role="직함",
                source="유튜브 채널",
                date="2025-08",
            ),
            block("profile", p("이 사람은 연구자다."), name="김아무", title="김아무는 누구"),
            block("note", p("덧붙이면 이렇다.")),
            block(
                "members",
                Heading(2, t("회원만 보는 제목"), "회원만-보는-제목"),
                p(SECRET, FootnoteReference(2)),
            ),
            Rule(),
            p("다시 모두가 읽는 문단", FootnoteReference(3), FootnoteReference(1, 2), "."),
            block("thought", p("끝내는 생각.")),
            block("cta", p("다음이 궁금하신가요?"), href="/join/", label="가입하기"),
        ),
        footnotes=(
            Footnote(1, "a", (p("첫 각주, ", Link("https://a.example.org/", t("근거")), "."),), 2),
            Footnote(2, "b", (p("회원만 보는 각주."),), 1),
            Footnote(3, "c", (p("셋째 각주."),), 1),
        ),
    )


def publication() -> Publication:
    """The outlet of the tests."""
    return Publication(
        name="느린 신호",
        url="https://slow-signal.example",
        timezone="Asia/Seoul",
        language="ko",
        description="천천히 읽는 주간 연재",
        membership_url="/join/",
        sender=Sender(
            "느린 신호",
            "letter@slow-signal.example",
            "editor@slow-signal.example",
            "bounce.slow-signal.example",
            "slow-signal.example",
        ),
        law=Law(
            contact="editor@slow-signal.example",
            phone="02-000-0000",
            postal_address="서울특별시 중구 가상로 1, 2층",
        ),
    )


def episode(body: Body | None = None) -> Episode:
    """The episode of the tests."""
    return Episode(
        series="s",
        number=1,
        slug="first",
        path="episodes/s/01-first.md",
        title="중국에도 AI가 있다",
        status=Status.READY,
        body=everything() if body is None else body,
        text=SECRET,
        digest="sha256:0",
        deck="한 줄로 된 부제",
        byline=Byline("편집부 에디터", "editor@slow-signal.example"),
        tags=("AI", "테크"),
        teaser="예고",
        cover=Cover(PICTURE, "표지 그림", "표지 설명", "직접 그림"),
    )


def setting(body: Body | None = None) -> Setting:
    """An episode with its neighbours, dated by its slot."""
    slot = Slot(datetime(2026, 3, 6, 17), "Asia/Seoul")
    return Setting(
        publication=publication(),
        series=Series(
            slug="s",
            title="AI가 우리를 구하지 않는다",
            path="episodes/s/series.toml",
            description="연재 소개",
            intro=Body((p("매주 금요일, AI를 둘러싼 변화를 읽습니다."),)),
            footer=Body((p("읽어 주셔서 고맙습니다."),)),
            cadence=Cadence(4, time(17), "Asia/Seoul"),
        ),
        episode=episode(body),
        slot=slot,
        guid="tag:slow-signal.example,2026:s/1",
        updated=datetime(2026, 3, 6, 8, tzinfo=UTC),
        next=Neighbour(
            "s",
            "AI가 우리를 구하지 않는다",
            2,
            "다음 제목",
            teaser="다음 화 예고 문구",
            slot=Slot(datetime(2026, 3, 13, 17), "Asia/Seoul"),
        ),
        related=(Neighbour("x", "다른 연재", 3, "관련된 글"),),
        known=frozenset({("s", 1), ("s", 2), ("x", 3)}),
    )


AUDIENCES = (Audience.FREE, Audience.MEMBERS)


@cache
def letters() -> tuple[Letter, ...]:
    """The letter of the tests for both audiences."""
    renderer = Renderer(publication())
    return tuple(renderer.letter(setting(), audience) for audience in AUDIENCES)
