"""Draw every picture of `corridor_model.plot` in both languages, and write the gallery page.

python scripts/gallery.py           draws docs/images/gallery/*.png, writes docs/gallery.md
python scripts/gallery.py --page    writes the page alone
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

PAGE = ROOT / "docs" / "gallery.md"
FOLDER = ROOT / "docs" / "images" / "gallery"
DPI = 72
LANGS = ("zh", "en")

CAPTIONS = {
    "paths": (
        "What growth rates reach against a target",
        'cm.plot.paths(plan, "gdp")',
        "Thin lines grow at the rates, the dashed one just meets the target.",
    ),
    "paths_rank": (
        "The same of a rank, which is to fall",
        'cm.plot.paths(plan, "hitech_zone_rank_percentile")',
        "Labels stand beside the ends, a leader leads to one that had to move.",
    ),
    "paths_start": (
        "The start that each rate would need",
        'cm.plot.paths(plan, "tax_per_mu")',
        "Where the baseline is unknown the lines run back from the target.",
    ),
    "fan": (
        "A forecast with its history and a target",
        'cm.plot.fan(cm.forecast(values, years, 3, "level"), target=150)',
        "Bands hold 50, 80 and 90 % of what may come.",
    ),
    "fan_assess": (
        "The outlook of one indicator of an assessed plan",
        'cm.plot.fan(verdicts, "gdp")',
        "Of a result of simulate every year of the plan has its band.",
    ),
    "progress": (
        "Progress as a bullet chart",
        "cm.plot.progress(verdicts)",
        "The upright line is the schedule, 100 % the target; a dot is compared, not divided.",
    ),
    "gantt": (
        "Works with their money by year",
        "cm.plot.gantt(plan, scenario=late)",
        "A dashed outline: the investment is unknown. A diamond: where a scenario moves the end.",
    ),
    "spending": (
        "Money by year and scenario",
        "cm.plot.spending(result)",
        "The lines are the interval where works are uncertain.",
    ),
    "tornado": (
        "What matters most",
        "cm.plot.tornado(study)",
        "Each bar runs from an input at its low end to its high end; the rest is summed up.",
    ),
    "sobol": (
        "Where the variance comes from",
        'cm.plot.sobol(study, "inside_plan")',
        "A study that has not converged says so in its title.",
    ),
    "attribution": (
        "Which change of a scenario did it",
        'cm.plot.attribution(study, "inside_plan")',
        "Orange-red adds, blue takes away.",
    ),
    "two_way": (
        "Two inputs at once",
        "cm.plot.two_way(study)",
        "Hatched: the target is missed. The line: just met. The diamond: the plan.",
    ),
    "frontier": (
        "What other budgets would buy",
        "cm.plot.frontier(choice)",
        "The diamond is the budget of the choice.",
    ),
    "reliability": (
        "How often stated probabilities came true",
        "cm.plot.reliability(cm.backtest(panel))",
        "Areas grow with the number of cases.",
    ),
    "league": (
        "Responsible units ranked",
        "cm.plot.league(cm.assessment.league(plan, verdicts))",
        "Units with too few items are grey and not ranked.",
    ),
}
"""Title, call and a line on how to read it."""


def page() -> str:
    """Return the text of the page."""
    lines = [
        "# Gallery",
        "",
        "Every picture of `cm.plot`, in Chinese and English, written by `scripts/gallery.py`. Each"
        " function takes a result or a plan and `ax=None`, and returns the Axes: `ax.figure.savefig"
        '("picture.png")` saves it. `cm.set_options(lang="en")` sets the language for all. Figures'
        " of the worked example are made up for teaching.",
        "",
        "Colours are those of Okabe and Ito (Color Universal Design, 2008). Tests hold that words"
        " have a contrast of 4.5 and lines of 3 against white, and that colours side by side differ"
        " for eyes without green cones (Machado and others 2009) by 10 in CIELAB. The look is one"
        " style sheet, `corridor_model/plot/corridor.mplstyle`, used in a context.",
    ]
    for name, (title, call, how) in CAPTIONS.items():
        images = " ".join(f"![{title}, {lang}](images/gallery/{name}.{lang}.png)" for lang in LANGS)
        lines += ["", f"## {title}", "", f"    {call}", "", how, "", images]
    return "\n".join(lines) + "\n"


def draw() -> None:
    """Draw all pictures with the shipped fonts, so that they look alike everywhere."""
    from matplotlib.figure import Figure
    from tests.plot.pictures import PICTURES, results_of

    import corridor_model as cm
    from corridor_model.plot import style

    style.PREFERRED_FAMILIES = ()
    results = results_of(cm.load_plan())
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, (size, function) in PICTURES.items():
        for lang in LANGS:
            figure = Figure(size, layout="constrained", facecolor="white")
            function(results, figure.subplots(), lang)
            figure.savefig(FOLDER / f"{name}.{lang}.png", dpi=DPI, metadata={"Software": None})


if __name__ == "__main__":
    if "--page" not in sys.argv:
        draw()
    PAGE.write_text(page(), encoding="utf-8")
