"""Phonetic guides, blanks that are kept and breaks of lines do not change a text."""

from __future__ import annotations

import zipfile

import pytest

GUIDED = {
    "<t>PLAIN</t>": '<t>生产总值</t><rPh sb="0" eb="2"><t>sheng chan</t></rPh>'
    '<phoneticPr fontId="1"/>',
    "<t>RICH</t>": '<r><t>贷款</t></r><r><rPr><b/></rPr><t xml:space="preserve">余额 </t></r>'
    '<rPh sb="0" eb="2"><t>dai</t></rPh>',
    "<t>BLANKS</t>": '<t xml:space="preserve"> 120 \n</t>',
    "<t>BREAK</t>": "<t>企业\n数</t>",
}


@pytest.mark.parametrize("writer", ["shared", "inline"])
def test_a_text_is_what_stands_there(read, tmp_path, writer):
    rows = [["指标", "时期", "数值"], ["PLAIN", 2021, "512.3"], ["BREAK", 2021, "BLANKS"],
            ["RICH", 2021, 700]]  # fmt: skip
    file, part = tmp_path / "plain.xlsx", "xl/sharedStrings.xml"
    if writer == "shared":
        import xlsxwriter

        with xlsxwriter.Workbook(str(file)) as book:
            sheet = book.add_worksheet()
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    else:
        from openpyxl import Workbook

        work, part = Workbook(), "xl/worksheets/sheet1.xml"
        for row in rows:
            work.active.append(row)
        work.save(file)
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(tmp_path / "new.xlsx", "w") as new:
        for name in old.namelist():
            text = old.read(name)
            if name == part:
                for before, after in GUIDED.items():
                    assert before.encode() in text
                    text = text.replace(before.encode(), after.encode())
            new.writestr(name, text)
    assert read(tmp_path / "new.xlsx").values == [512.3, 120.0, 700.0]
