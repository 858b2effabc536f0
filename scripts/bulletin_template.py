"""Write data/bulletin/template.docx: the page and the styles of a bulletin (GB/T 9704-2012).

An office that wants another look changes the styles of that file in Word or WPS and names it
with ``corridor bulletin --template``; this script only makes the shipped one.
"""

from __future__ import annotations

import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

from corridor_model.report.word import STYLES, W

FILE = Path(__file__).resolve().parents[1] / "data" / "bulletin" / "template.docx"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SONG, HEI, FANG = "宋体", "黑体", "仿宋_GB2312"
KAI, TITLE = "楷体_GB2312", "方正小标宋简体"
RED, GREY = "C00000", "7F7F7F"
TEXT = 8845
"""Width of the text in twentieths of a point: 210 mm less 28 and 26."""

PARAGRAPHS: dict[str, tuple[str, float, float, str]] = {
    # code: font, size and line in points, further properties of the paragraph
    "example": (HEI, 10.5, 14, '<w:jc w:val="center"/>'),
    "system": (KAI, 15, 20, '<w:jc w:val="center"/>'),
    "masthead": (TITLE, 40, 48, '<w:jc w:val="center"/>'),
    "issue": (FANG, 14, 20, '<w:jc w:val="center"/>'),
    "ends": (FANG, 14, 22, ""),
    "title": (TITLE, 22, 34, '<w:jc w:val="center"/>'),
    "text": (
        FANG,
        16,
        28.95,
        '<w:ind w:firstLineChars="200" w:firstLine="640"/><w:jc w:val="both"/>',
    ),
    "section": (HEI, 16, 28.95, '<w:ind w:firstLineChars="200" w:firstLine="640"/>'),
    "note": (FANG, 8, 10.4, '<w:jc w:val="both"/>'),
    "imprint": (FANG, 12, 17, ""),
    "annex_number": (HEI, 16, 20, ""),
    "annex_title": (TITLE, 18, 25, '<w:jc w:val="center"/>'),
    "table_title": (HEI, 10.5, 17, '<w:jc w:val="center"/>'),
    "table_note": (FANG, 8, 10.6, '<w:jc w:val="both"/>'),
    "head": (HEI, 8.5, 10.6, '<w:jc w:val="center"/>'),
    "left": (SONG, 8.5, 11.2, '<w:jc w:val="left"/>'),
    "center": (SONG, 8.5, 11.2, '<w:jc w:val="center"/>'),
    "right": (SONG, 8.5, 11.2, '<w:jc w:val="right"/>'),
    "head_small": (HEI, 7.5, 9.8, '<w:jc w:val="center"/>'),
    "left_small": (SONG, 7.5, 9.8, '<w:jc w:val="left"/>'),
    "center_small": (SONG, 7.5, 9.8, '<w:jc w:val="center"/>'),
    "right_small": (SONG, 7.5, 9.8, '<w:jc w:val="right"/>'),
    "page_odd": (SONG, 14, 18, '<w:jc w:val="right"/>'),
    "page_even": (SONG, 14, 18, '<w:jc w:val="left"/>'),
}
TABS = f'<w:tabs><w:tab w:val="right" w:pos="{TEXT}"/></w:tabs>'
BEFORE = {
    # what stands before the spacing in the order that the format prescribes
    "ends": f'<w:pBdr><w:bottom w:val="single" w:sz="12" w:space="4" w:color="{RED}"/></w:pBdr>{TABS}',
    "imprint": f'<w:pBdr><w:top w:val="single" w:sz="6" w:space="2" w:color="auto"/></w:pBdr>{TABS}',
    "section": "<w:keepNext/>",
    "annex_number": "<w:keepNext/><w:pageBreakBefore/>",
    "annex_title": "<w:keepNext/>",
    "table_title": "<w:keepNext/>",
}
GRID_OFF = {"head", "left", "center", "right", "note", "imprint"}
"""Smaller than the grid of lines, and not laid on it."""
RUNS = {
    "masthead": f'<w:color w:val="{RED}"/><w:spacing w:val="60"/>',
    "text": '<w:spacing w:val="-5"/>',
}
OUTLINES = {"section": 0, "annex_title": 0, "table_title": 1}
PAGES = {"page_odd": "页码单", "page_even": "页码双"}
UPRIGHT = (
    '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="2098" w:right="1474" w:bottom="1984"'
    ' w:left="1587" w:header="1134" w:footer="1474" w:gutter="0"/>'
    '<w:docGrid w:type="lines" w:linePitch="579"/>'
)
WIDE = (
    '<w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/><w:pgMar w:top="1134" w:right="1134"'
    ' w:bottom="1134" w:left="1134" w:header="567" w:footer="567" w:gutter="0"/>'
)


def styles() -> str:
    """Return the styles: paragraphs, characters and the table."""
    parts = [
        "<w:docDefaults><w:rPrDefault><w:rPr>" + _font(FANG, 16) + '<w:lang w:val="en-US"'
        ' w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:widowControl w:val="0"/>'
        "</w:pPr></w:pPrDefault></w:docDefaults>",
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>',
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/></w:style>',
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
        "<w:tblPr><w:tblCellMar>"
        '<w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>',
    ]
    for code, (font, size, line, more) in PARAGRAPHS.items():
        name = PAGES.get(code) or STYLES[code].text("zh")
        grid = '<w:snapToGrid w:val="0"/>' if code in GRID_OFF else ""
        space = (
            f'<w:spacing w:before="0" w:after="0" w:line="{round(line * 20)}" w:lineRule="exact"/>'
        )
        outline = f'<w:outlineLvl w:val="{OUTLINES[code]}"/>' if code in OUTLINES else ""
        parts.append(
            f'<w:style w:type="paragraph" w:customStyle="1" w:styleId="{_id(code)}"><w:name w:val="{name}"/>'
            f'<w:basedOn w:val="Normal"/><w:qFormat/><w:pPr>{BEFORE.get(code, "")}{grid}{space}{more}{outline}'
            f"</w:pPr><w:rPr>{_font(font, size, RUNS.get(code, ''))}</w:rPr></w:style>"
        )
    for code, look in (
        ("slot", f'<w:color w:val="{GREY}"/>'),
        ("lead", _face(HEI)),
        ("failing", _face(HEI) + "<w:b/>"),
    ):
        parts.append(
            f'<w:style w:type="character" w:customStyle="1" w:styleId="{_id(code)}"><w:name'
            f' w:val="{STYLES[code].text("zh")}"/><w:qFormat/><w:rPr>{look}</w:rPr></w:style>'
        )
    edges = "".join(
        f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for edge in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    parts.append(
        f'<w:style w:type="table" w:customStyle="1" w:styleId="{_id("table")}"><w:name'
        f' w:val="{STYLES["table"].text("zh")}"/><w:basedOn w:val="TableNormal"/><w:qFormat/><w:tblPr>'
        f'<w:jc w:val="center"/><w:tblBorders>{edges}</w:tblBorders><w:tblCellMar>'
        '<w:top w:w="15" w:type="dxa"/><w:left w:w="40" w:type="dxa"/><w:bottom w:w="15" w:type="dxa"/>'
        '<w:right w:w="40" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tcPr><w:vAlign w:val="center"/></w:tcPr>'
        '<w:tblStylePr w:type="firstRow"><w:tcPr><w:shd w:val="clear" w:color="auto" w:fill="E7E6E6"/>'
        "</w:tcPr></w:tblStylePr></w:style>"
    )
    return _xml("styles", "".join(parts))


def _id(code: str) -> str:
    return "Corridor" + code.title().replace("_", "")


def _face(font: str) -> str:
    """Return a font for Chinese, and the one that goes with it for Latin letters and digits."""
    latin = "Arial" if font == HEI else "Times New Roman"
    return f'<w:rFonts w:ascii="{latin}" w:hAnsi="{latin}" w:eastAsia="{font}" w:cs="{latin}"/>'


def _font(font: str, size: float, more: str = "") -> str:
    return (
        f'{_face(font)}{more}<w:sz w:val="{round(size * 2)}"/><w:szCs w:val="{round(size * 2)}"/>'
    )


def _xml(root: str, content: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<w:{root} xmlns:w="{W}" xmlns:r="{R}">{content}</w:{root}>'
    )


def _paragraph(code: str, text: str, section: str = "") -> str:
    return (
        f'<w:p><w:pPr><w:pStyle w:val="{_id(code)}"/>{section}</w:pPr><w:r>'
        f"<w:t>{escape(text)}</w:t></w:r></w:p>"
    )


def body() -> str:
    """Return a page that shows each style by its name; a bulletin takes its place."""
    marks = "".join(
        f'<w:{kind}Reference w:type="{pages}" r:id="{kind}_{pages}"/>'
        for kind in ("header", "footer")
        for pages in ("default", "even")
    )
    upright = [code for code in PARAGRAPHS if "small" not in code and code not in PAGES]
    shown = [
        _paragraph(code, STYLES[code].text("zh")) for code in upright if code != "annex_number"
    ]
    small = [_paragraph(code, STYLES[code].text("zh")) for code in PARAGRAPHS if "small" in code]
    first = _paragraph("note", "", f"<w:sectPr>{marks}{UPRIGHT}</w:sectPr>")
    return _xml(
        "document",
        f"<w:body>{''.join(shown)}{first}{''.join(small)}<w:sectPr>{WIDE}</w:sectPr></w:body>",
    )


def page_number(code: str) -> str:
    """Return a footer with the number of the page between dashes."""
    field = "".join(
        f"<w:r>{part}</w:r>"
        for part in (
            '<w:t xml:space="preserve">— </w:t>',
            '<w:fldChar w:fldCharType="begin"/>',
            '<w:instrText xml:space="preserve"> PAGE </w:instrText>',
            '<w:fldChar w:fldCharType="separate"/>',
            "<w:t>1</w:t>",
            '<w:fldChar w:fldCharType="end"/>',
            '<w:t xml:space="preserve"> —</w:t>',
        )
    )
    return _xml("ftr", f'<w:p><w:pPr><w:pStyle w:val="{_id(code)}"/></w:pPr>{field}</w:p>')


def parts() -> dict[str, str]:
    """Return every part of the package by its name."""
    header = _xml("hdr", f'<w:p><w:pPr><w:pStyle w:val="{_id("example")}"/></w:pPr></w:p>')
    settings = (
        '<w:evenAndOddHeaders/><w:compat><w:compatSetting w:name="compatibilityMode"'
        ' w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
    )
    kinds = {
        "document": "document.main", "styles": "styles", "settings": "settings",
        "header_default": "header", "header_even": "header",
        "footer_default": "footer", "footer_even": "footer",
    }  # fmt: skip
    office = "application/vnd.openxmlformats-officedocument.wordprocessingml."
    types = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{office}{kind}+xml"/>'
        for name, kind in kinds.items()
    )
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    package = "http://schemas.openxmlformats.org/package/2006/"
    links = "".join(
        f'<Relationship Id="{name}" Type="{R}/{kinds[name].split(".")[0]}" Target="{name}.xml"/>'
        for name in kinds
        if name != "document"
    )
    return {
        "[Content_Types].xml": f'{head}<Types xmlns="{package}content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{types}</Types>',
        "_rels/.rels": f'{head}<Relationships xmlns="{package}relationships"><Relationship Id="rId1"'
        f' Type="{R}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'{head}<Relationships xmlns="{package}relationships">{links}</Relationships>',
        "word/document.xml": body(),
        "word/styles.xml": styles(),
        "word/settings.xml": _xml("settings", settings),
        "word/header_default.xml": header,
        "word/header_even.xml": header,
        "word/footer_default.xml": page_number("page_odd"),
        "word/footer_even.xml": page_number("page_even"),
    }


def write(file: Path) -> None:
    """Write the template; the same styles give the same bytes."""
    with zipfile.ZipFile(file, "w") as package:
        for name, text in parts().items():
            about = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))
            about.compress_type = zipfile.ZIP_DEFLATED
            about.external_attr = 0o600 << 16
            package.writestr(about, text.encode())


if __name__ == "__main__":
    write(FILE)
