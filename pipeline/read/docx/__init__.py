"""Word documents, read as Word shows them: with the numbers that its lists count, and with all changes accepted.

The ready libraries were tried first: python-docx gives no automatic number, docx2python "--" for Chinese ones, mammoth
makes all lists alike. ECMA-376 part 1 is the source for what elements mean.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pipeline.layout import Hint, Region
from pipeline.read.docx.body import Body
from pipeline.read.docx.inline import Inline, Story
from pipeline.read.docx.numbering import Numbering
from pipeline.read.docx.styles import Styles
from pipeline.read.package import Package, kind
from pipeline.read.parts import Block, Extract, Paragraph
from pipeline.read.writer import Writer

__all__ = ["read"]

_BLOCKS = 2
"""Levels of the main part at which paragraphs and tables stand: document, body, paragraph."""


def read(package: Package) -> Extract:
    """The text of a Word document with its layout.

    Hidden text, comments and notes are left out, and a warning says so; running heads and feet stand at the end. Raises
    ReadError.
    """
    main = package.related("", "officeDocument")
    if main is None:
        raise package.refusal("a damaged container: it names no document")
    styles = Styles(package, package.related(main, "styles"))
    numbering = Numbering(package, package.related(main, "numbering"), styles)
    story = Story()
    writer = Writer()
    body = Body(styles, numbering, Inline(styles, story), package.name)
    for element in package.elements(main, _BLOCKS):
        if kind(element) != "w:sectPr":
            writer.blocks(body.blocks(element))
    writer.blank()
    heads = Body(styles, numbering, Inline(styles, Story()), package.name)
    writer.blocks(_running(package, main, heads))
    text, layout = writer.done()
    left_out = " and ".join(sorted(story.left_out))
    warnings = (("left-out", f"{left_out} of the file were left out"),) if left_out else ()
    return Extract(text, layout if story.paged else tuple(map(_unpaged, layout)), warnings)


def _running(package: Package, main: str, body: Body) -> Iterator[Block]:
    """Running heads and feet, each wording once: sections repeat them."""
    seen: set[str] = set()
    for relation in package.relations(main):
        region = {"header": Region.HEADER, "footer": Region.FOOTER}.get(relation.type)
        if region is None or relation.target not in package:
            continue
        for element in package.elements(relation.target, 1):
            for block in body.blocks(element, region):
                if not isinstance(block, Paragraph) or block.text.strip() not in seen:
                    yield replace(block, page=None) if isinstance(block, Paragraph) else block
                seen.add(block.text.strip() if isinstance(block, Paragraph) else "")


def _unpaged(hint: Hint) -> Hint:
    """Without a page: the file does not say where pages begin."""
    return replace(hint, page=None) if hint.page is not None else hint
