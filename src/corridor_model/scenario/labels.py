"""Labels on spending and openings: the Dataset that people and other floors read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from corridor_model.scenario.language.months import first_month, last_month
from corridor_model.scenario.language.profile_forms import profile_to_toml
from corridor_model.scenario.names import named
from corridor_model.scenario.works.work import dates_of

if TYPE_CHECKING:
    import xarray as xr

    from corridor_model.plan.plan import Plan
    from corridor_model.scenario.language.model import Scenario
    from corridor_model.scenario.spending import _Table

UNKNOWN = "unknown_investment"


def to_dataset(
    plan: Plan,
    scenarios: list[Scenario],
    tables: list[_Table],
    single: bool,
    horizon: int,
    draws: int,
    seed: int,
) -> xr.Dataset:
    """Return the tables of all scenarios as one Dataset."""
    import xarray as xr

    years = tables[0].years
    data: dict[str, tuple[tuple[str, ...], Any]] = {}

    def put(name: str, dims: tuple[str, ...], values: list[Any]) -> None:
        data[name] = (("scenario", *dims), np.asarray(values))

    put("spending", ("project", "spending_year"), [t.mean for t in tables])
    by_level = ("project", "spending_year", "quantile")
    put("spending_quantile", by_level, [t.quantile for t in tables])
    first = plan.about.first_year
    for name, inside in (
        ("before_plan", years < first),
        ("inside_plan", (years >= first) & (years <= horizon)),
        ("beyond_horizon", years > horizon),
    ):
        put(name, ("project",), [t.mean[:, inside].sum(axis=1) for t in tables])
    put("total", ("project",), [t.mean.sum(axis=1) for t in tables])
    known = [[w.investment is not None for w in t.works] for t in tables]
    put("known", ("project",), known)
    put("known_works", (), [sum(one) for one in known])
    put("spending_reason", ("project",), np.where(known, "", UNKNOWN).tolist())
    put("programme", ("spending_year",), [t.programme for t in tables])
    put("programme_quantile", ("spending_year", "quantile"), [t.programme_quantile for t in tables])
    put("p_done_by", ("project", "spending_year"), [t.p_done for t in tables])
    _openings(plan, tables, put)
    for name, values in _used(plan, tables).items():
        put(name, ("project",), values)
    coords = {
        "scenario": [one.name for one in scenarios],
        "project": list(plan.projects),
        "spending_year": years,
        "quantile": tables[0].levels,
        "project_zh": ("project", [p.name("zh") for p in plan.projects.values()]),
        "project_en": ("project", [p.name("en") for p in plan.projects.values()]),
    }
    attrs = _attrs(plan, horizon, draws, seed)
    made = xr.Dataset(data, coords=coords, attrs=attrs)
    made["scenario_text"] = ("scenario", [one.to_toml() for one in scenarios])
    made = made.assign_coords(scenario_zh=("scenario", [one.title("zh") for one in scenarios]))
    return named(made.isel(scenario=0, drop=True) if single else made)


def _openings(plan: Plan, tables: list[_Table], put: Any) -> None:
    opens = np.array([bool(p.opens) for p in plan.projects.values()])
    length = np.array([p.length_in_area_km or 0.0 for p in plan.projects.values()])
    tasks = np.array([len(ids) for ids in tasks_of(plan).values()], dtype=np.float64)
    masked = [np.where(opens[:, None], t.p_done, np.nan) for t in tables]
    put("p_open_by", ("project", "spending_year"), masked)
    reason = np.where(opens, "", "not_applicable").tolist()
    put("p_open_by_reason", ("project",), [reason for _ in tables])
    put("km_open", ("spending_year",), [(opens * length) @ t.p_done for t in tables])
    put("tasks_done", ("spending_year",), [tasks @ t.p_done for t in tables])


def tasks_of(plan: Plan) -> dict[str, list[str]]:
    """Return the tasks that are a work of the annexes: same table, row and part.

    Examples
    --------
    >>> import corridor_model as cm
    >>> tasks_of(cm.load_plan())["jinliwen_expressway"]
    ['annex2_03']
    """
    by_place: dict[tuple[int, int, int | None], list[str]] = {}
    for task in plan.tasks.values():
        by_place.setdefault((task.table, task.row, task.part), []).append(task.id)
    return {p.id: by_place.get((p.table, p.row, p.part), []) for p in plan.projects.values()}


def _used(plan: Plan, tables: list[_Table]) -> dict[str, list[list[str]]]:
    """Return what was used of each work, as text."""
    names = ("end", "end_origin", "start_planned", "end_planned", "origin", "rule", "profile")
    used: dict[str, list[list[str]]] = {name: [] for name in names}
    for table in tables:
        used["end"].append(["" if np.isnan(e) else last_month(e) for e in table.end])
        used["start_planned"].append([first_month(w.start) for w in table.works])
        used["end_planned"].append([last_month(w.end) for w in table.works])
        used["end_origin"].append([w.end_origin for w in table.works])
        used["origin"].append([w.money_origin for w in table.works])
        used["rule"].append([w.rule for w in table.works])
        used["profile"].append([str(profile_to_toml(w.profile)["profile"]) for w in table.works])
    return used


def known_text(made: xr.Dataset, lang: str) -> str:
    """Return how many works have known money under the scenarios of a result, in words."""
    counts = made["known_works"].values.ravel().tolist()
    few, many, whole = min(counts), max(counts), made.sizes["project"]
    if lang == "zh":
        said = f"{few}" if few == many else f"{few}至{many}"
        return f"{whole}项中{said}项投资已知" + ("" if few == many else "，因情景而异")
    said = f"{few}" if few == many else f"{few} to {many}"
    return f"{said} of {whole} known" + ("" if few == many else ", by scenario")


def _attrs(plan: Plan, horizon: int, draws: int, seed: int) -> dict[str, Any]:
    """Return what holds of the plan itself, whatever scenarios set, and of the request."""
    from corridor_model import __version__

    works = list(plan.projects.values())
    known = sum(p.investment is not None for p in works)
    rules = {p.id: dates_of(p, plan.about, 0)[2] for p in works}
    roads = [p for p in works if p.opens]
    lengths = sum(p.length_in_area_km is not None for p in roads)
    return {
        "plan": plan.about.id,
        "plan_digest": plan.digest,
        "example": int(plan.example),
        "known": f"{known} of {len(works)} known",
        "known_zh": f"{len(works)}项中{known}项投资已知",
        "lengths": f"{lengths} of {len(roads)} lengths in the area known",
        "lengths_zh": f"{len(roads)}条道路中{lengths}条区内里程已知",
        "unknown": "; ".join(p.id for p in works if p.investment is None) or "none",
        "assumed_dates": "; ".join(f"{n} ({rule})" for n, rule in rules.items() if rule) or "none",
        "horizon": horizon,
        "draws": draws,
        "seed": seed,
        "version": __version__,
    }
