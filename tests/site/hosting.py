"""Write the server snippets into the page about hosting: ``python -m tests.site.hosting``."""

from __future__ import annotations

import re
from pathlib import Path

from publisher.site.headers import snippets

PAGE = Path(__file__).parents[2] / "docs" / "hosting.md"
_BLOCK = re.compile(
    r"(?P<open>```[a-z]* (?P<name>[\w.]+)\n)(?P<text>.*?)(?P<close>```\n)", re.DOTALL
)


def written() -> str:
    """Give the page with every named block as the program makes it."""
    made = snippets()
    page = PAGE.read_text(encoding="utf-8")
    return _BLOCK.sub(lambda m: f"{m['open']}{made[m['name']]}{m['close']}", page)


if __name__ == "__main__":
    PAGE.write_text(written(), encoding="utf-8")
