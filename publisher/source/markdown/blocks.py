"""What a block may hold, stand in, and say about itself."""

from __future__ import annotations

from dataclasses import dataclass, field

from publisher.files.nearest import nearest
from publisher.model.problem import Fault, Severity
from publisher.source.blocks import BUILT_IN
from publisher.source.markdown.runs import SCHEME, unsafe_scheme
from publisher.source.markdown.sheet import Sheet

OUTSIDE = Fault(
    "source/block-outside",
    Severity.ERROR,
    "The block “{name}” stands only inside a block “{parent}”.",
    "Move it between the fences of a ::: {parent} block, which then need more colons.",
)
NESTED = Fault(
    "source/block-nested",
    Severity.ERROR,
    "The block “{name}” may not stand inside the block “{parent}”.",
    "Close the block “{parent}” first.",
)
AGAIN = Fault(
    "source/block-again",
    Severity.ERROR,
    "The block “{name}” stands in this episode already, on line {line}.",
    "Keep one of the two.",
)
UNKNOWN = Fault(
    "source/attribute-unknown",
    Severity.ERROR,
    "The block “{block}” has no attribute “{name}”.",
    "It has: {names}.",
)
UNKNOWN_NEAR = Fault(
    "source/attribute-unknown-near",
    Severity.ERROR,
    "The block “{block}” has no attribute “{name}”; “{nearest}” is near.",
    "Write {nearest} if that is what you mean.",
)
NONE = Fault(
    "source/attribute-none",
    Severity.ERROR,
    "The block “{block}” takes no attributes, and “{name}” is one.",
    "Delete what stands in braces.",
)
MISSING = Fault(
    "source/attribute-missing",
    Severity.ERROR,
    "The block “{block}” lacks its attribute “{name}”.",
    'Write it in braces: ::: {block} {{{name}="…"}}',
)


@dataclass(slots=True)
class BlockRules:
    """Follows the blocks of one text from the outermost to the innermost."""

    sheet: Sheet
    around: list[str] = field(default_factory=list)
    seen: dict[str, int] = field(default_factory=dict)

    def enter(
        self, name: str, pairs: list[tuple[str, str, int]], line: int, column: int
    ) -> tuple[tuple[str, str], ...]:
        """Check a block at its opening fence and give its attributes."""
        kind = BUILT_IN.get(name)
        if kind is not None:
            if kind.inside and (not self.around or self.around[-1] != kind.inside):
                self.sheet.tell(OUTSIDE, line, column, name=name, parent=kind.inside)
            outer = next(filter(None, self.around), "")
            if kind.top and outer and outer != "members":
                self.sheet.tell(NESTED, line, column, name=name, parent=outer)
            elif name == "members" and "members" in self.around:
                self.sheet.tell(NESTED, line, column, name=name, parent="members")
            if kind.once and name in self.seen:
                self.sheet.tell(AGAIN, line, column, name=name, line=self.seen[name])
            self.seen.setdefault(name, self.sheet.place(line).line)
            self._attributes(name, pairs, line, column)
        self.around.append(name)
        return tuple((key, value) for key, value, _ in pairs)

    def leave(self) -> None:
        """Come out of the innermost block."""
        self.around.pop()

    def _attributes(
        self, block: str, pairs: list[tuple[str, str, int]], line: int, column: int
    ) -> None:
        kind = BUILT_IN[block]
        names = [attribute.name for attribute in kind.attributes]
        for key, value, at in pairs:
            if key == "href" and (scheme := unsafe_scheme(value)):
                self.sheet.tell(SCHEME, line, at, scheme=scheme)
            if key in names:
                continue
            near = nearest(key, names)
            if near:
                self.sheet.tell(UNKNOWN_NEAR, line, at, block=block, name=key[:40], nearest=near)
            elif names:
                self.sheet.tell(
                    UNKNOWN, line, at, block=block, name=key[:40], names=", ".join(names)
                )
            else:
                self.sheet.tell(NONE, line, at, block=block, name=key[:40])
        written = {key for key, value, _ in pairs if value.strip()}
        for attribute in kind.attributes:
            if attribute.required and attribute.name not in written:
                self.sheet.tell(MISSING, line, column, block=block, name=attribute.name)
