# ruff: noqa: E501 (paragraphs of a page are lines)
"""Twelve months of an office's bulletins, entered as a clerk would: writes docs/office.zh.md.

    python scripts/office_year.py            write the page
    python scripts/office_year.py --check    exit code 1 if the months are not what is on screen

Twenty-one files in twenty layouts go through ``corridor observe add``; what is on screen at each
step is what the page shows.
"""

from __future__ import annotations

import contextlib
import io
import os
import random
import re
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import openpyxl

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.helpers.bulletins import NAMES, Page, of_month, page, without_doubles, write  # noqa: E402
from tests.helpers.observation_tables import csv, write_plan  # noqa: E402

from corridor_model.cli import main  # noqa: E402
from corridor_model.observations.forms import write_observation_template  # noqa: E402
from corridor_model.plan.load import load_plan  # noqa: E402

YEAR_END = "## 年底：看进度"
PAGE = ROOT / "docs" / "office.zh.md"

HEAD = """\
# 一年十二个月：把通报录进来

这一页写给填数、收数的同志。各部门每月送来的表式样各不相同，录入只用一条命令。每一步下面的方框，就是屏幕上显示的内容，由程序实际运行后抄录（`scripts/office_year.py`），不是举例。

记住三句话：

1. **录入了几条、跳过了几处，每次都会说。** 跳过的每一处都写明在哪个格、为什么。没有提到的数就是录入了的数。
2. **拿不准就问，不猜。** 有矛盾的文件整个退回，一条也不录；改好再送一次即可。
3. **列名、行名按整句理解。** “同比下降 2.7”录为 -2.7；“环比”“排名”“上年同期”“全省”不是本区本期的数，列出而不录入；不认识的词会点名，可在 `data/heading_words.csv` 加一行。

屏幕上的格子（如 表1!C5）与 WPS、Excel 里的一致，CSV 也照此编号。要看每个格子的去向，用 `cm.load_observations("文件").report`。

"""
TAIL = """\
## 常见的问与答

| 屏幕上说 | 意思 | 怎么办 |
|---|---|---|
| 跳过……“环比”表示与上期（环比）的比较 | 这一列不是同比增速，也不是本期数 | 不用管；要录同比，请给同比单设一列 |
| 跳过……无法识别 | 列名里有程序不认识的词 | 改用通用写法，或在 `data/heading_words.csv` 加一行：语言、类别、含义、词 |
| 跳过……不在indicators表中 | 这一行不是本计划的指标 | 不用管；若是写法不同，请按计划中的名称写 |
| 合计行 | 合计不是某一指标的数 | 不用管 |
| 在隐藏的行或列中、工作表已隐藏 | 看不见的数不录 | 要录就取消隐藏 |
| 格式显示为…… | 格子里的值与看到的不一样 | 改用普通数字格式，把单位写在列名里 |
| 没有时期 | 表题、列名、行里都没有写是哪个月 | 在表题写“2021年1—9月”，或加 `--period 2021-09` |
| 可能指1月份，也可能指全年 | 日期写成了1月1日 | 指月份写 2021-01，指全年写 2021 |
| 也可能指本年累计 | 自计划开始累计的指标，列名只写“累计” | 写“本年累计”或“实施以来累计” |
| 疑似把百分数写成了小数 | 8.5% 写成了 0.085 | 数已录入；确有误请更正 |

## 一条命令出齐当月材料

```
corridor publish --as-of 2021-09 --figures 收件/2021-09 --store 台账.store --out 通报/2021-09
```

依次汇总、校核、入库、评价、情景测算，写出 `page.html`（网页）、`workbook.xlsx`（工作簿）、`bulletin_2021-09.docx` 和 `.md`（通报）、三张CSV表和一张图。全部写成才替换旧文件，有一个写不成则一个也不动；同样的数据写出的文件逐字节相同。屏幕最后几段：写出的文件；录入多少、跳过哪些文件和格子；存疑的数；各单位欠报多少项，合计等于总数。

给各单位的任务清单：加 `--unit 区科技局`，另写一份 `unit_区科技局_2021-09.docx`，只有这个单位牵头的目标、工程、任务和欠报事项；可写几个 `--unit`，`--unit all` 每个单位一份。

三个月的用法：七月、八月、九月各建一个收件文件夹，每月换 `--as-of` 和 `--out`，`--store` 用同一个库。以前各月的数据在库里，不用再放进收件夹；当月一个数也没有，照样出通报，写明谁欠报。下月的填报表这样做：`corridor template observations.xlsx --as-of 2021-10 --previous 台账.store`，上期数已填好。

| 遇到的事 | 怎么办 |
|---|---|
| 上月的数报错了 | 单位在表里另起一行：原指标、原时期、新数、更晚的发布日期；或 `corridor observe revise 指标 时期 新数 --date 日期 --store 台账.store`。通报附件列明原值、现值；上月评价因此不同的，在“总体情况”点名 |
| 时期填错了（上半年数填成7月） | `corridor observe list 生产总值 --store 台账.store` 查序号，`corridor observe withdraw 序号 --reason 原因 --store 台账.store` 撤回，再按正确的时期录入 |
| 万元当亿元、50%写成0.5 | 数已采用，在屏幕、网页首页、通报第六部分和单位清单上列为存疑，修订以前每月都列 |
| 单位报得晚 | 补报的文件放进下月的收件夹，时期写原月份即可 |
| 没有写发布日期 | 按录入当天计；补做以前的月份，加 `--date 2021-08-10` |
| 任务、工程早已完成 | 任务的“日期”填完成之日；工程另起一行，“时期”填完工当月。否则按本期完成计，到期的算逾期 |
| 节点还没有完成 | 填“未完成”或“正在推进” |

工作簿里淡黄色单元格可以改：基期、观测数据、分解目标、年度计划和完成投资、推迟月数、任务状态、阈值；改后评价、计数、排名随之重算。新一期的数、原来没有数的指标，填在“观测数据”下方空行，读回后才计入。改好存盘，`corridor assess --plan workbook.xlsx` 可直接读回。
"""


def screen(folder: Path, *words: str) -> str:
    """Return what a command prints, and the command itself, as a clerk sees them."""
    out = io.StringIO()
    here = Path.cwd()
    os.chdir(folder)
    os.environ["COLUMNS"] = "100"
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
            main([words[0], "--lang", "zh", *words[1:]])
    except SystemExit:
        pass
    finally:
        os.chdir(here)
    shown = " ".join(word if re.fullmatch(r"[\w./=-]+", word) else f'"{word}"' for word in words)
    return f"```\n$ corridor {shown}\n{out.getvalue().strip()}\n```\n"


def figures(month: int) -> dict[tuple[str, str], float]:
    """Return the figures of a month, made up: totals that rise from month to month."""
    rng = random.Random(month)
    base = {"output": 42.0, "loans": 650.0, "firms": 110.0, "income": 4300.0, "patents": 3.0}
    values: dict[tuple[str, str], float] = {}
    for name, start in base.items():
        is_flow = name in {"output", "income", "patents"}
        values[name, "value"] = round(start * month if is_flow else start + 4 * month, 1)
        values[name, "month"] = round(start if is_flow else start + 4 * month, 1)
        values[name, "growth"] = round(rng.uniform(-6, 14), 1)
    return values


def add(folder: Path, file: str, month: int) -> str:
    """Return the screen of entering one file."""
    day = f"2021-{month + 1:02d}-12" if month < 12 else "2022-01-12"
    return screen(
        folder, "observe", "add", file, "--plan", "plan", "--date", day, "--source", "区统计局"
    )


def months(folder: Path) -> list[str]:
    """Return what is said of each month, with the screens."""
    names, texts = list(NAMES), []
    said: set[str] = set()
    january = csv(
        folder,
        "指标,时期,数值",
        "生产总值,2021年1月,42",
        "贷款余额,2021年1月,654.0（快报数）",
        "企业数,2021年1月,114",
        "人均收入,2021年1月,预计2月下旬公布",
        name="1月.csv",
    )
    texts.append(
        "## 1月：一行一个数\n\n最简单的表。括号里的“快报数”留作旁注，数照录；还没有公布的写明原因，不填0。\n\n"
    )
    texts.append(add(folder, january.name, 1))
    for month in range(2, 13):
        files = ("上", "下") if month % 2 == 0 or month in {3, 5, 9} else ("",)
        groups = [names[:2], names[2:]] if len(files) == 2 else [names]
        shown: list[str] = []
        contents: list[Page] = []
        if month == 6:
            shown.append(
                "“同比下降”这一列填了负数，不知道是降还是增，整个文件退回，一条也不录：\n\n"
            )
            wrong = csv(
                folder,
                "2021年1—6月,,",
                "指标,累计,同比下降（%）",
                "生产总值,252,-2.7",
                name="6月错.csv",
            )
            shown.append(add(folder, wrong.name, month))
            shown.append("\n改好的表再录：\n\n")
        for number, (part, group) in enumerate(zip(files, groups, strict=True)):
            rng = random.Random(100 * month + number)
            content = of_month(without_doubles(page(rng, group, values=figures(month))), month)
            file = write([content], folder / f"{month}月{part}.xlsx")
            contents.append(content)
            shown.append(add(folder, file.name, month))
        screens = "".join(shown)
        texts.append(f"\n## {month}月\n\n{saying(screens, contents, said)}\n\n{screens}")
    texts.append(f"\n{YEAR_END}\n\n录进来的数直接用于评价。\n\n")
    words = ("assess", "--plan", "plan", "--observations", "observations.store")
    whole = screen(folder, *words, "--as-of", "2021-12")
    texts.append(whole.partition("\n达标概率")[0].rstrip() + "\n……\n```\n")
    return texts


def returns(folder: Path) -> str:
    """Return the screen of collecting what three units sent in, with the story around it."""
    plan = load_plan(folder / "plan")
    (folder / "报送").mkdir()
    for unit, day, values in (
        ("发改局", "2021-10-15", {"生产总值": 372}),
        ("商务局", "2021-10-28", {"出口额": 6.1, "企业数": 268}),
        ("统计局", "2021-10-18", {"生产总值": 371.5, "企业数": 268, "贷款余额": 655}),
    ):
        file = write_observation_template(plan, folder / "报送" / f"{unit}.xlsx", "2021-09")
        book = openpyxl.load_workbook(file)
        sheet = book.worksheets[0]
        column = {cell.value: cell.column for cell in sheet[1]}
        for row in range(2, sheet.max_row + 1):
            name = sheet.cell(row, column["指标名称"]).value
            if name in values:
                sheet.cell(row, column["数值"]).value = values[name]
                sheet.cell(row, column["发布日期"]).value = day
        book.save(file)
    (folder / "报送" / "扫描件.pdf").write_bytes(b"%PDF-1.4")
    words = ("--as-of", "2021-09", "--due", "2021-10-20", "--store", "收表.store")
    return COLLECTED + screen(folder, "collect", "报送", "--plan", "plan", *words) + "\n"


COLLECTED = """\
## 收表：各单位报送一次汇总

把各单位交回的填报表、通报放进一个文件夹，一条命令读完。每个文件一行；读不了的写明原因，其余照录。两个单位同一个数报得不一样，两个都不采用，连同文件和单元格列出来，核实后改正文件，再运行一次即可（已录入的不会重复）。缺报按责任单位列出；本例的计划没有写责任单位。要逐条清单，加 `--format csv`；要汇总后的数，加 `--out 汇总.csv`。

"""


FIRST_TIME = {
    "合计行": "合计行不是某一指标的数，列出来，不录。",
    "年初的比较": "“比年初增长”是与年初比，不是同比，这一列不录。",
    "表示排名": "排名不是数，这一列不录。",
    "排名": "排名不是指标的数，这一列不录。",
    "以前时期": "“上年同期”是去年的数；要录，请连同时期另列一行。",
    "环比": "环比不是同比，这一列不录，不会与同比混在一起。",
    "多年平均": "两年平均不是同比，这一列不录。",
    "贡献": "贡献率不是增速，这一列不录。",
    "无法识别": "“甲口径”是程序不认识的写法，这一列不录，并点名是哪个词。",
    "不在indicators": "不是本计划的指标，这一行列出来，其余照录。",
}
"""What is explained the first time it is on screen."""


def saying(screens: str, content: Sequence[Page], said: set[str]) -> str:
    """Return what a month shows for the first time."""
    lines = [text for word, text in FIRST_TIME.items() if word in screens and text not in said]
    if any(page.merged for page in content) and STACKED not in said:
        lines.append(STACKED)
    said.update(lines)
    return "".join(lines[:3]) or "没有新情况：录入几条、跳过几处，屏幕上写明。"


STACKED = "表头分两层、合并了单元格也照读：上层是时期，下层是绝对额和同比。"


def text() -> str:
    """Return the page."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "plan").mkdir()
        write_plan(folder / "plan")
        return HEAD + "".join(months(folder)) + "\n" + returns(folder) + TAIL


if __name__ == "__main__":
    page_text = text()
    if "--check" in sys.argv:
        kept = PAGE.read_text(encoding="utf-8")
        sys.exit(page_text.partition(YEAR_END)[0] != kept.partition(YEAR_END)[0])
    PAGE.write_text(page_text, encoding="utf-8")
