"""Tables as offices write them, and the plan they speak of."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

INDICATORS = """id,name_zh,name_en,kind,unit,nature
output,生产总值,Gross product,level,亿元,flow
income,人均收入,Income per head,level,元,flow
loans,贷款余额,Loans,level,亿元,stock
firms,企业数,Firms,level,家,stock
energy,单位能耗,Energy per output,level,吨标准煤/万元,ratio
part,占比,Share,share,%,ratio
industry_growth,工业增加值增速,Growth of industry,growth,%,flow
new_firms,累计新增企业,New firms,cumulative,家,flow
patents,每年新增专利,New patents a year,annual,件,flow
exports,出口额,Exports,level,亿美元,flow
"""
TARGETS = """indicator,year,value,sense,places
output,2022,580,at_least,二/1
income,2022,60000,at_least,二/1
loans,2022,800,at_least,二/1
firms,2022,300,at_least,二/1
energy,2022,0.4,at_most,二/1
part,2022,65,at_least,二/1
industry_growth,2022,10,at_least,二/1
new_firms,2022,100,at_least,二/1
patents,2022,40,at_least,二/1
exports,2022,9,at_least,二/1
"""
BASELINES = """indicator,year,value,unit,origin
output,2019,480,亿元,published
"""


def write_plan(folder: Path) -> Path:
    """Write the plan of the cases: a district's, 2020 to 2022."""
    about = "id,name_zh,name_en,first_year,last_year,source\n"
    about += (
        "small,青山区三年行动计划（2020—2022年）,Qingshan district (made up),2020,2022,made up\n"
    )
    for name, text in (
        ("about", about),
        ("indicators", INDICATORS),
        ("targets", TARGETS),
        ("baselines", BASELINES),
    ):
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def write_rows(folder: Path, indicators: Sequence[str], targets: Sequence[str], **tables) -> str:
    """Write a plan of 2020 to 2022 of a few rows; returns its folder as text."""
    folder.mkdir(exist_ok=True)
    heads = {
        "about": "id,name_zh,name_en,first_year,last_year,source",
        "indicators": "id,name_zh,name_en,kind,unit,nature",
        "targets": "indicator,year,value,sense,places",
        "baselines": "indicator,year,value,unit,origin",
        "annual_targets": "indicator,year,value,basis,origin",
    }
    about = ["t,测试计划,Test plan,2020,2022,made up"]
    rows = {"about": about, "indicators": indicators, "targets": targets, **tables}
    for name, lines in rows.items():
        csv(folder, heads[name], *lines, name=f"{name}.csv")
    return str(folder)


def csv(folder: Path, *rows: str, name: str = "file.csv") -> Path:
    """Write rows of a CSV file as they stand."""
    file = folder / name
    file.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return file


def book(folder: Path, *sheets, name: str = "file.xlsx", merged=(), formats=None):
    """Write a workbook: each sheet a list of rows, or (title, rows)."""
    import openpyxl

    work = openpyxl.Workbook()
    work.remove(work.active)
    for number, content in enumerate(sheets, 1):
        title, rows = content if isinstance(content, tuple) else (f"Sheet{number}", content)
        sheet = work.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
        for span in merged:
            sheet.merge_cells(span)
        for cell, code in (formats or {}).items():
            sheet[cell].number_format = code
    work.save(folder / name)
    return folder / name
