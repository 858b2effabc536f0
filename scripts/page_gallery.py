"""Take pictures of the page in a browser, and write the gallery of the page.

python scripts/page_gallery.py     draws docs/images/page/*.png, writes docs/page_gallery.md

Needs playwright and a browser (chromium or google-chrome).
"""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
from pathlib import Path

import corridor_model as cm

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "images" / "page"
PAGE = ROOT / "docs" / "page_gallery.md"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

PICTURES = {
    "desk": (
        "zh",
        "answer",
        1280,
        700,
        "light",
        "电脑上的第一屏：一句话结论，六类评价相加等于总数。",
    ),
    "targets": ("zh", "targets", 1280, 620, "light", "指标总表：查找、筛选，每行可打开卡片。"),
    "card": ("zh", "r29", 1280, 620, "light", "打开的卡片：路径、预测、数据表、公式。"),
    "works": ("zh", "works", 1280, 700, "light", "重点工程：分年投资，斜纹为规划期以后。"),
    "scenarios": ("zh", "scenarios", 1280, 560, "light", "情景并列。"),
    "calculator": ("zh", "if", 1280, 560, "light", "测算器。"),
    "phone": ("zh", "answer", 375, 760, "light", "手机。"),
    "dark": ("en", "answer", 1280, 700, "dark", "英文，夜间模式。"),
}
"""Language, section, width and height, scheme and caption of each picture."""


def main() -> None:
    """Draw the pictures and write the page."""
    from PIL import Image
    from playwright.sync_api import sync_playwright

    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        sys.exit(f"no browser here: none of {', '.join(BROWSERS)}")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        plan = cm.load_plan(example=True)
        file = cm.write_page(
            plan, Path(folder) / "page.html", cm.example_observations(), as_of="2021", lang="zh"
        )
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        for name, (lang, section, width, height, scheme, _) in PICTURES.items():
            context = browser.new_context(
                viewport={"width": width, "height": height}, color_scheme=scheme
            )
            tab = context.new_page()
            tab.goto(file.as_uri())
            tab.locator(f"#lang-{lang}").check()
            if section.startswith("r"):
                tab.locator(f"#{lang}-{section} .name a").click()
            above = tab.evaluate("window.scrollY")
            top = tab.locator(f"#{lang}-{section}").bounding_box()["y"] + above
            data = tab.screenshot(
                full_page=True,
                clip={"x": 0, "y": max(top - 12, 0), "width": width, "height": height},
            )
            picture = Image.open(io.BytesIO(data)).convert("RGB").quantize(48)
            picture.save(FOLDER / f"{name}.png", optimize=True)
            context.close()
        browser.close()
    lines = ["# 网页的样子", "", "教学示例数据（假设）。由 `scripts/page_gallery.py` 生成。", ""]
    for name, (*_, caption) in PICTURES.items():
        lines += [f"![{caption}](images/page/{name}.png)", "", caption, ""]
    PAGE.write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
