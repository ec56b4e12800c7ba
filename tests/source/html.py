"""Trees as plain HTML, to compare them with what other Markdown parsers give."""

from __future__ import annotations

from html import escape

from publisher.model.body import (
    BlockQuote,
    Body,
    Break,
    Code,
    CodeBlock,
    Emphasis,
    Figure,
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
    Text,
)
from publisher.source.blocks import known
from publisher.source.markdown import tree
from publisher.source.markdown.sheet import Sheet


def sheet(markdown: str) -> Sheet:
    """Lay out Markdown as if it stood alone in a file."""
    return Sheet("a.md", markdown.split("\n"), 1, known(), lambda src, place: Picture(src))


def html(markdown: str) -> str:
    """Read Markdown and write it as CommonMark's reference renderer would."""
    return body(tree.read(sheet(markdown)))


def body(read: Body) -> str:
    return "".join(f"{_node(node)}\n" for node in read.nodes)


def _inside(run: tuple[Inline, ...]) -> str:
    return "".join(_inline(inline) for inline in run)


def _inline(node: Inline) -> str:
    match node:
        case Text():
            return escape(node.text, quote=False).replace('"', "&quot;")
        case Emphasis():
            return f"<em>{_inside(node.children)}</em>"
        case Strong():
            return f"<strong>{_inside(node.children)}</strong>"
        case Strikethrough():
            return f"<s>{_inside(node.children)}</s>"
        case Code():
            return f"<code>{_quoted(node.text)}</code>"
        case Link():
            title = f' title="{_quoted(node.title)}"' if node.title else ""
            return f'<a href="{_quoted(node.href)}"{title}>{_inside(node.children)}</a>'
        case Break():
            return "<br>\n"
        case Image():
            return _image(node.picture.src, node.alt, node.title)
        case _:
            return ""


def _image(src: str, alt: str, title: str) -> str:
    more = f' title="{_quoted(title)}"' if title else ""
    return f'<img src="{_quoted(src)}" alt="{_quoted(alt)}"{more}>'


def _quoted(text: str) -> str:
    return escape(text, quote=False).replace('"', "&quot;")


def _node(node: Node) -> str:
    match node:
        case Paragraph():
            return f"<p>{_inside(node.children)}</p>"
        case Heading():
            return f"<h{node.level}>{_inside(node.children)}</h{node.level}>"
        case Figure():
            return f"<p>{_image(node.picture.src, node.alt, node.caption)}</p>"
        case BlockQuote():
            return (
                "<blockquote>\n" + "".join(f"{_node(n)}\n" for n in node.children) + "</blockquote>"
            )
        case CodeBlock():
            kind = f' class="language-{_quoted(node.info.split()[0])}"' if node.info else ""
            return f"<pre><code{kind}>{_quoted(node.text)}</code></pre>"
        case Rule():
            return "<hr>"
        case List():
            return _list(node)
        case _:
            return ""


def _list(node: List) -> str:
    tag = "ol" if node.ordered else "ul"
    start = f' start="{node.start}"' if node.ordered and node.start != 1 else ""
    items = "".join(f"<li>{_item(item, node.tight)}</li>\n" for item in node.items)
    return f"<{tag}{start}>\n{items}</{tag}>"


def _item(item: tuple[Node, ...], tight: bool) -> str:
    text = "" if not item or (tight and isinstance(item[0], Paragraph)) else "\n"
    for number, node in enumerate(item):
        last = number == len(item) - 1
        if tight and isinstance(node, Paragraph):
            text += _inside(node.children) + ("" if last else "\n")
        else:
            text += _node(node) + "\n"
    return text
