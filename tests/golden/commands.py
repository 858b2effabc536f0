"""Every verb, in both languages and all formats, as a list of command lines."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shutil
import tempfile
import tomllib
from pathlib import Path
from unittest import mock

from corridor_model.cli import main

PLAIN: tuple[tuple[str, str], ...] = (
    ("help", "--help"),
    *(
        (f"help_{verb}", f"{verb} --help")
        for verb in (
            *("plan", "required", "paths", "observe", "collect", "assess", "template"),
            *(
                "validate",
                "publish",
                "report",
                "bulletin",
                "simulate",
                "diff",
                "sensitivity",
                "choose",
            ),
        )
    ),
    ("plan", "plan"),
    ("plan_unit", "plan --unit 区科技局 --due 2022"),
    ("plan_area", "plan --area zhenan_core"),
    ("plan_kind", "plan --kind work"),
    ("plan_task", "plan --kind task --due 2020-05"),
    ("plan_text", "plan --text 眼谷"),
    ("plan_example", "plan --example --kind growth"),
    ("required", "required"),
    ("required_all", "required --all"),
    ("required_example", "required --example"),
    ("paths", "paths"),
    ("paths_rates", "paths --rates 6.5,8 --example"),
    ("assess", "assess"),
    ("assess_example", "assess --example"),
    ("assess_example_all", "assess --example --all"),
    ("assess_quarter", "assess --example --as-of 2021Q3"),
    ("assess_month", "assess --example --as-of 2021-09 --known-by 2021-10-31"),
    ("assess_rules", "assess --example --rule all"),
    *(
        (f"assess_{rule}", f"assess --example --rule {rule}")
        for rule in ("eurostat", "statcan", "escap", "destatis", "healthy_people", "servicenow")
    ),
    ("assess_methods", "assess --example --method all"),
    ("assess_ets", "assess --example --method ets"),
    *(
        (f"explain_{name}", f"assess --example --explain {name}")
        for name in (
            *("gdp", "hightech_va_share", "new_hightech_enterprises", "sei_va_share"),
            *("smart_equipment_revenue_growth", "invention_patents_per_10k", "outbound_fdi"),
            *("energy_per_industrial_va", "high_level_talents"),
        )
    ),
    ("explain_quarter", "assess --example --as-of 2021Q3 --explain gdp"),
    ("explain_ets", "assess --example --method all --explain gdp"),
    ("observe_list", "observe list --store tests/golden/figures.store"),
    ("observe_list_gdp", "observe list gdp --store tests/golden/figures.store"),
    ("simulate", "simulate"),
    ("simulate_example", "simulate --example --as-of 2021Q3"),
    ("simulate_file", "simulate data/longwan/scenarios/06_combinations.toml --seed 3"),
    ("simulate_costs", "simulate data/longwan/scenarios/03_costs.toml --draws 4096"),
    ("diff", "diff 按计划 慢"),
    ("diff_fast", "diff 慢 快"),
    ("diff_file", "diff 按计划 data/longwan/scenarios/04_bus_forward.toml"),
    ("tornado", "sensitivity"),
    ("tornado_km", "sensitivity --output km_open:2022 --top 5"),
    ("tornado_scenario", "sensitivity --output p_reach:gdp --scenario 慢"),
    ("tornado_growth", "sensitivity --output value:gdp --input growth:gdp=5%..12%"),
    ("switching", "sensitivity --method switching --output value:gdp"),
    ("switching_km", "sensitivity --method switching --output km_open:2022"),
    (
        "switching_money",
        "sensitivity --method switching --output inside_plan --threshold 150 --sense at_most",
    ),
    ("sobol", "sensitivity --method sobol"),
    ("sobol_km", "sensitivity --method sobol --output km_open:2022 -n 512"),
    (
        "sobol_many",
        "sensitivity --method sobol --output inside_plan --output log_value:gdp:2022 -n 256",
    ),
    ("sobol_example", "sensitivity --method sobol --output p_reach:gdp --example -n 256"),
    ("attribute", "sensitivity --method attribute --scenario 慢"),
    (
        "attribute_many",
        "sensitivity --method attribute --scenario 快 --output inside_plan "
        "--output expected_reached",
    ),
    (
        "grid",
        "sensitivity --method grid --output inside_plan --threshold 150 -n 9 "
        "--input delay:jinliwen_expressway=-6..36 --input overrun:jinliwen_expressway=0.8..1.8",
    ),
    (
        "grid_gdp",
        "sensitivity --method grid --output value:gdp -n 7 --input growth:gdp=0..20% "
        "--input target:gdp=500..640",
    ),
    ("choose", "choose"),
    ("choose_budget", "choose --budget 2020=20,2021=20,2022=20"),
    ("choose_cut", "choose --cut 30"),
    ("choose_scenario", "choose --scenario 道路按同类工程超支"),
    ("choose_caps", "choose --caps road=100 --starts printed --leftover save"),
    ("choose_free", "choose --budget 60 --running free --horizon 2021 --starts printed"),
    ("validate", "validate"),
    ("validate_other", "validate tests/other_plan"),
    *(
        (f"wrong_plans_{folder.name}", f"validate tests/wrong_plans/{folder.name}")
        for folder in sorted(Path("tests/wrong_plans").glob("*"))
        if folder.is_dir()
    ),
    *(
        (f"wrong_baselines_{file.stem}", f"required --baselines {file.as_posix()}")
        for file in sorted(Path("tests/wrong_baselines").glob("*.csv"))
    ),
    *(
        (f"wrong_figures_{file.stem}", f"assess --observations {file.as_posix()}")
        for file in sorted(Path("tests/wrong_observations").glob("*.*"))
        if file.suffix != ".toml"
    ),
    *(
        (f"wrong_scenarios_{file.stem}", f"simulate {file.as_posix()}")
        for file in sorted(Path("tests/wrong_scenarios").glob("*.toml"))
        if file.name != "expect.toml"
    ),
    ("slip_verb", "asses"),
    ("slip_format", "required --format pdf"),
    ("slip_unit", "plan --unit 区科技居"),
    ("slip_rule", "assess --rule eurostart"),
    ("slip_id", "assess --explain gpd"),
    ("slip_period", "assess --as-of 2021-13"),
    ("slip_rates", "paths --rates ten"),
    ("slip_output", "sensitivity --output km_opened:2022"),
    ("slip_input", "sensitivity --input dely:binhai_avenue=0..12"),
    ("slip_range", "sensitivity --input delay:binhai_avenue=12..0"),
    ("slip_points", "sensitivity --method sobol -n 300"),
    ("slip_scenario", "diff 按计划 漫"),
    ("slip_file", "assess --observations nowhere.csv"),
    ("slip_budget", "choose --budget 2020=x"),
    ("slip_works", "choose --works binhai_avenu"),
    ("slip_caps", "choose --caps rod=3"),
    ("slip_store", "observe list --store nowhere.store"),
)
FORMATS = ("json", "csv")
WITH_FORMATS = frozenset(
    {"plan", "plan_kind", "plan_task", "required", "required_example", "paths", "assess"}
    | {"assess_example", "assess_rules", "observe_list", "simulate", "simulate_example", "diff"}
    | {"tornado", "switching", "sobol_many", "attribute_many", "grid", "choose", "choose_cut"}
)


def calls() -> dict[str, list[str]]:
    """Return the arguments of every call by its name."""
    every: dict[str, list[str]] = {}
    for name, line in PLAIN:
        words = line.split()
        for lang in ("zh", "en"):
            asked = ["--lang", lang]
            every[f"{name}.{lang}"] = (
                [words[0], *asked, *words[1:]] if words[0] != "--help" else [*asked, "--help"]
            )
        for form in FORMATS if name in WITH_FORMATS else ():
            every[f"{name}.{form}"] = [words[0], "--lang", "en", "--format", form, *words[1:]]
    for lang in ("zh", "en"):  # argparse refuses an option before the verb that owns it
        every[f"help.{lang}"] = ["--help"]
    return every


WRONG_PLANS = "tests/wrong_plans/"


def answer(arguments: list[str], lang: str) -> str:
    """Return what one call prints, its exit code and its errors, in 80 columns."""
    with tempfile.TemporaryDirectory() as folder:
        whole = [
            whole_plan(Path(word), Path(folder)) if word.startswith(WRONG_PLANS) else word
            for word in arguments
        ]
        return printed(whole, lang).replace(folder, "FOLDER")


def whole_plan(case: Path, folder: Path) -> str:
    """Return the plan of a wrong case: its workbook, or ``base`` with the case's files over it."""
    for book in case.glob("*.xls*"):
        return str(book)
    plan = folder / "plan"
    shutil.copytree(case.parent / "base", plan)
    for file in case.glob("*.csv"):
        shutil.copy(file, plan)
    if (case / "expect.toml").exists():
        expected = tomllib.loads((case / "expect.toml").read_text(encoding="utf-8"))
        for name in expected.get("remove", ()):
            (plan / name).unlink()
    return str(plan)


def printed(arguments: list[str], lang: str) -> str:
    """Return what a call prints, its exit code and its errors."""
    out, err = io.StringIO(), io.StringIO()
    environment = {"COLUMNS": "80", "LC_ALL": "zh_CN.UTF-8" if lang == "zh" else "C.UTF-8"}
    with (
        mock.patch.dict(os.environ, environment),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            code = main(arguments)
        except SystemExit as stop:
            code = stop.code
    errors = "".join(line for line in err.getvalue().splitlines(True) if "it/s" not in line)
    return re.sub(r"\d+\.\d+ 秒|\d+\.\d+ s\b", "~ s", f"{out.getvalue()}--- {code}\n{errors}")
