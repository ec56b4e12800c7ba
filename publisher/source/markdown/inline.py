"""The inline half of the parser: Korean emphasis, and tokens that know where they stand."""

from __future__ import annotations

from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_inline.state_inline import Scanned, StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType

from publisher.source.markdown import attributes, emphasis


class PlacedState(StateInline):
    """Inline parsing that notes in every token’s ``map`` at which character it begins.

    The second number is where the parser stood, and only tells runs of marks apart.
    """

    def __init__(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> None:
        super().__init__(src, md, env, tokens)
        self._began = 0

    def append_pending(self, text: str) -> None:
        if not self._pending and not self._pending_buffer:
            self._began = self.pos
        super().append_pending(text)

    def pushPending(self) -> Token:  # noqa: N802 - the parser's name
        token = super().pushPending()
        token.map = [self._began, -1]
        return token

    def push(self, ttype: str, tag: str, nesting: Literal[-1, 0, 1]) -> Token:
        token = super().push(ttype, tag, nesting)
        at = self.pos
        if ttype == "text" and len(self.tokens) > 1:
            # A run of marks is pushed one by one before the parser moves on.
            before = self.tokens[-2]
            if before.type == "text" and before.map and before.map[1] == self.pos:
                at = before.map[0] + len(before.content)
        token.map = [at, self.pos]
        return token

    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:  # noqa: N802, N803 - the parser's names
        return emphasis.scan(self.src, start, self.posMax, inside_words=canSplitWord)


class PlacedInline(ParserInline):
    """The inline parser with the state above."""

    def parse(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> list[Token]:
        state = PlacedState(src, md, env, tokens)
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)
        return state.tokens


def image_attributes(state: StateInline, silent: bool) -> bool:
    """Read braces that follow an image without a space into the image’s token."""
    if state.src[state.pos] != "{" or silent or state.pending or not state.tokens:
        return False
    image = state.tokens[-1]
    if image.type != "image" or state.src[state.pos - 1] not in ")]":
        return False
    read = attributes.read(state.src, state.pos)
    image.meta["attributes"] = read
    state.pos = min(read.end, state.posMax)
    return True
