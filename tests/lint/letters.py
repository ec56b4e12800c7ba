"""A letter that every inbox takes, put together piece by piece, so that one piece can be spoiled."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass, field, replace

SUBJECT = "느린 신호 87화 · 중국에도 AI가 있다"
PREHEADER = "하루에 사라진 것은 무엇이었을까요."
SIGNED = (
    "from:from:to:to:subject:subject:date:date:message-id:message-id:reply-to:mime-version:content-type:"
    "list-id:list-unsubscribe:list-unsubscribe-post:feedback-id"
)


def word(text: str) -> str:
    """One encoded word (RFC 2047, B)."""
    return f"=?utf-8?b?{base64.b64encode(text.encode()).decode()}?="


HEADERS = (
    ("DKIM-Signature", f"v=1; a=rsa-sha256; c=relaxed/relaxed; d=slow.kr; s=k1;\r\n h={SIGNED};\r\n bh=AAAA; b=BBBB"),
    ("From", f"{word('느린 신호')} <hello@slow.kr>"),
    ("To", "<reader@example.kr>"),
    ("Subject", f"{word(SUBJECT[:14])}\r\n {word(SUBJECT[14:])}"),
    ("Date", "Fri, 27 Nov 2026 17:00:00 +0900"),
    ("Message-ID", "<ep87.free.abc123@slow.kr>"),
    ("Reply-To", "<editor@slow.kr>"),
    ("List-Id", "<weekly.letters.slow.kr>"),
    ("List-Unsubscribe", "<https://slow.kr/u/Abc_-123>,\r\n <mailto:leave+abc@slow.kr?subject=unsubscribe>"),
    ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
    ("Feedback-ID", "ep87:free:weekly:slowletters"),
    ("Auto-Submitted", "auto-generated"),
    ("X-Auto-Response-Suppress", "OOF, AutoReply"),
    ("Precedence", "bulk"),
    ("MIME-Version", "1.0"),
    ("Content-Type", 'multipart/alternative; boundary="=_x"'),
)  # fmt: skip
TEXT = """\
느린 신호 87화

중국에도 AI가 있다

값을 잃은 것은 회사라기보다 문장이었습니다.

보내는 이: 느린 신호, 서울 종로구 1, hello@slow.kr
수신거부(Unsubscribe): https://slow.kr/u/Abc_-123
"""
STYLE = """\
:root { color-scheme: light dark; }
@media (prefers-color-scheme: dark) {
.paper { background-color: #171614 !important; color: #ece8df !important; }
a { color: #ff9a80 !important; }
}
@media (max-width: 599px) { .paper { padding: 16px !important; text-wrap: balance; } }
"""
HTML = """\
<!DOCTYPE html>
<html lang="ko" dir="ltr"><head><meta charset="utf-8">
<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">
<title>느린 신호</title>
<style>
{style}</style></head>
<body style="margin:0">
<div style="display:none;font-size:1px;color:#fbfaf6">하루에 사라진 것은 무엇이었을까요.&#8199;&#847;</div>
<div role="article" aria-roledescription="email" aria-label="느린 신호" lang="ko" dir="ltr">
<table role="presentation" width="100%"><tr><td class="paper" style="padding:28px;background-color:#fbfaf6;color:#1f1d1a;font-size:17px">
<h1>중국에도 AI가 있다</h1>
<p>값을 잃은 것은 회사라기보다 문장이었습니다.</p>
<img src="https://slow.kr/87/chart.png" alt="두 탑" width="544" height="306">
<h2>숫자</h2>
<table><tr><th scope="col">해</th></tr><tr><td>2025</td></tr></table>
<p><a href="https://kosis.kr/report" style="color:#b23a24">2024년 통계청 보고서</a>, 문의 <a href="mailto:hello@slow.kr">hello@slow.kr</a></p>
<p>느린 신호, 서울 종로구 1, hello@slow.kr. <a href="https://slow.kr/u/Abc_-123">수신거부(Unsubscribe)</a></p>
</td></tr></table></div></body></html>
"""


@dataclass(frozen=True)
class Letter:
    """Headers as raw values, and the two parts as text; ``bytes`` puts them together."""

    headers: tuple[tuple[str, str], ...] = HEADERS
    text: str = TEXT
    html: str = HTML
    style: str = STYLE
    parts: tuple[str, ...] = ("text", "html")
    encode: Callable[[bytes], tuple[str, bytes]] = field(
        default=lambda data: ("base64", base64.encodebytes(data).replace(b"\n", b"\r\n"))
    )

    def header(self, name: str, value: str | None) -> Letter:
        """Put another value in a header; None takes it out."""
        changed = tuple(
            (known, value if known == name else old)
            for known, old in self.headers
            if not (known == name and value is None)
        )
        return replace(self, headers=tuple((n, v or "") for n, v in changed))

    def more(self, name: str, value: str) -> Letter:
        return replace(self, headers=(*self.headers, (name, value)))

    def swap(self, old: str, new: str) -> Letter:
        """Replace something in the HTML, which must be there."""
        assert old in self.html
        return replace(self, html=self.html.replace(old, new))

    def say(self, old: str, new: str) -> Letter:
        """Replace something in the text part, which must be there."""
        assert old in self.text
        return replace(self, text=self.text.replace(old, new))

    def dress(self, old: str, new: str) -> Letter:
        """Replace something in the style sheet, which must be there."""
        assert old in self.style
        return replace(self, style=self.style.replace(old, new))

    @property
    def octets(self) -> bytes:
        head = "".join(f"{name}: {value}\r\n" for name, value in self.headers).encode()
        body = b""
        for part in self.parts:
            page = self.html.replace("{style}", self.style)
            data = (self.text if part == "text" else page).encode("utf-8", "surrogatepass")
            cte, octets = self.encode(data)
            kind = "text/plain" if part == "text" else "text/html"
            body += (
                f"--=_x\r\nContent-Type: {kind}; charset=utf-8\r\nContent-Transfer-Encoding: {cte}\r\n\r\n"
            ).encode() + octets
        return head + b"\r\n" + body + b"--=_x--\r\n"
