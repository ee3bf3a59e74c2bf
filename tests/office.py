"""Office files for tests, written by hand: each test says in XML exactly what its document holds."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_NAMESPACES = (
    f'xmlns:w="{_W}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="urn:wps" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
)
_TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_MAIN}.document.main+xml"/>'
    f'<Override PartName="/word/numbering.xml" ContentType="{_MAIN}.numbering+xml"/>'
    f'<Override PartName="/word/styles.xml" ContentType="{_MAIN}.styles+xml"/></Types>'
)


def archive(parts: Mapping[str, str | bytes]) -> bytes:
    """A ZIP container of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as container:
        for name, data in parts.items():
            container.writestr(name, data)
    return out.getvalue()


def relations(**targets: str) -> str:
    """A part of links; each is named by its type."""
    links = "".join(
        f'<Relationship Id="r{n}" Type="{_TYPE}{name.rstrip("0123456789")}" Target="{target}"/>'
        for n, (name, target) in enumerate(targets.items())
    )
    return f'<Relationships xmlns="{_RELATIONS}">{links}</Relationships>'


def docx(body: str, numbering: str = "", styles: str = "", **parts: str) -> bytes:
    """A Word document. `parts` are further ones by the type of their link, such as header1, in WordprocessingML."""
    more = {
        f"word/{name}.xml": f"<w:{name.rstrip('0123456789')} {_NAMESPACES}>{xml}</w:{name.rstrip('0123456789')}>"
        for name, xml in parts.items()
    }
    return archive(
        {
            "[Content_Types].xml": _TYPES,
            "_rels/.rels": relations(officeDocument="word/document.xml"),
            "word/_rels/document.xml.rels": relations(
                numbering="numbering.xml", styles="styles.xml", **{name: f"{name}.xml" for name in parts}
            ),
            "word/document.xml": f"<w:document {_NAMESPACES}><w:body>{body}</w:body></w:document>",
            "word/numbering.xml": f"<w:numbering {_NAMESPACES}>{numbering}</w:numbering>",
            "word/styles.xml": f"<w:styles {_NAMESPACES}>{styles}</w:styles>",
            **more,
        }
    )


def p(text: str = "", properties: str = "", inner: str = "") -> str:
    """A paragraph of one run; `inner` stands behind it."""
    look = f"<w:pPr>{properties}</w:pPr>" if properties else ""
    return f"<w:p>{look}{r(text) if text else ''}{inner}</w:p>"


def r(text: str, look: str = "") -> str:
    """A run."""
    return f'<w:r>{f"<w:rPr>{look}</w:rPr>" if look else ""}<w:t xml:space="preserve">{text}</w:t></w:r>'


def item(text: str, num: int | str = 1, level: int = 0) -> str:
    """A paragraph of an automatic list."""
    return p(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{num}"/></w:numPr>')


def abstract(identity: int, *levels: tuple[str, str] | str) -> str:
    """The definition of a list: of each level the way of counting and the pattern, or what XML it has."""
    out = ""
    for n, level in enumerate(levels):
        inner = (
            level
            if isinstance(level, str)
            else f'<w:start w:val="1"/><w:numFmt w:val="{level[0]}"/><w:lvlText w:val="{level[1]}"/>'
        )
        out += f'<w:lvl w:ilvl="{n}">{inner}</w:lvl>'
    return f'<w:abstractNum w:abstractNumId="{identity}">{out}</w:abstractNum>'


def num(identity: int, definition: int, inner: str = "") -> str:
    """An instance of a list."""
    return f'<w:num w:numId="{identity}"><w:abstractNumId w:val="{definition}"/>{inner}</w:num>'


def restart(level: int, start: int = 1) -> str:
    """What makes an instance count anew."""
    return f'<w:lvlOverride w:ilvl="{level}"><w:startOverride w:val="{start}"/></w:lvlOverride>'


def style(
    identity: str, name: str, based_on: str = "", paragraph: str = "", run: str = "", type_: str = "paragraph"
) -> str:
    """A style."""
    base = f'<w:basedOn w:val="{based_on}"/>' if based_on else ""
    return (
        f'<w:style w:type="{type_}" w:styleId="{identity}"><w:name w:val="{name}"/>{base}'
        f"<w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
    )


def table(*rows: str) -> str:
    """A table of rows."""
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


def tr(*cells: str, properties: str = "") -> str:
    """A row of cells, each XML of its own or a text."""
    look = f"<w:trPr>{properties}</w:trPr>" if properties else ""
    return f"<w:tr>{look}{''.join(c if c.startswith('<') else tc(c) for c in cells)}</w:tr>"


def tc(text: str = "", properties: str = "", inner: str = "") -> str:
    """A cell; `inner` stands behind its text."""
    look = f"<w:tcPr>{properties}</w:tcPr>" if properties else ""
    return f"<w:tc>{look}{p(text) if text or not inner else ''}{inner}</w:tc>"
