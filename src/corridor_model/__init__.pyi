from . import growth as growth
from . import plot as plot
from . import portfolio as portfolio
from . import sensitivity as sensitivity
from .assessment.assessment import (
    assess as assess,
)
from .assessment.panel import (
    assess_panel as assess_panel,
)
from .assessment.required_growth import (
    required_growth as required_growth,
)
from .distributions import (
    PERT as PERT,
)
from .distributions import (
    Beta as Beta,
)
from .distributions import (
    Discrete as Discrete,
)
from .distributions import (
    Distribution as Distribution,
)
from .distributions import (
    Fixed as Fixed,
)
from .distributions import (
    Lognormal as Lognormal,
)
from .distributions import (
    Normal as Normal,
)
from .distributions import (
    Triangular as Triangular,
)
from .distributions import (
    Uniform as Uniform,
)
from .errors import (
    ConvergenceWarning as ConvergenceWarning,
)
from .errors import (
    CorridorError as CorridorError,
)
from .errors import (
    CorridorWarning as CorridorWarning,
)
from .errors import (
    GrowthUndefinedError as GrowthUndefinedError,
)
from .errors import (
    PlanError as PlanError,
)
from .forecasting.api import (
    forecast as forecast,
)
from .forecasting.backtest import (
    backtest as backtest,
)
from .forecasting.base_rates import (
    feasibility as feasibility,
)
from .forecasting.calibration import (
    calibrate as calibrate,
)
from .forecasting.predictive import (
    Predictive as Predictive,
)
from .observations.collection import (
    collect as collect,
)
from .observations.load import (
    example_observations as example_observations,
)
from .observations.load import (
    load_observations as load_observations,
)
from .observations.model import (
    Observations as Observations,
)
from .options import (
    set_options as set_options,
)
from .plan.growth_paths import (
    growth_paths as growth_paths,
)
from .plan.load import (
    load_plan as load_plan,
)
from .plan.plan import (
    Plan as Plan,
)
from .plot.sensitivity import (
    sensitivity_figure as sensitivity_figure,
)
from .portfolio.budget_cut import (
    budget_cut as budget_cut,
)
from .portfolio.choose import (
    choose_projects as choose_projects,
)
from .report.bulletin import (
    write_bulletin as write_bulletin,
)
from .report.page import (
    write_page as write_page,
)
from .report.workbook import (
    write_workbook as write_workbook,
)
from .report.write import (
    write_report as write_report,
)
from .scenario.archive import (
    load_result as load_result,
)
from .scenario.archive import (
    rerun as rerun,
)
from .scenario.archive import (
    save_result as save_result,
)
from .scenario.changes import (
    Accelerate as Accelerate,
)
from .scenario.changes import (
    AsForecast as AsForecast,
)
from .scenario.changes import (
    AsPlanned as AsPlanned,
)
from .scenario.changes import (
    Cancel as Cancel,
)
from .scenario.changes import (
    Delay as Delay,
)
from .scenario.changes import (
    EffectAsPlanned as EffectAsPlanned,
)
from .scenario.changes import (
    Overrun as Overrun,
)
from .scenario.changes import (
    SetBaseline as SetBaseline,
)
from .scenario.changes import (
    SetDates as SetDates,
)
from .scenario.changes import (
    SetEffect as SetEffect,
)
from .scenario.changes import (
    SetGrowth as SetGrowth,
)
from .scenario.changes import (
    SetInvestment as SetInvestment,
)
from .scenario.changes import (
    SetProfile as SetProfile,
)
from .scenario.changes import (
    SetTarget as SetTarget,
)
from .scenario.dataset import (
    long_table as long_table,
)
from .scenario.dataset import (
    to_iamc as to_iamc,
)
from .scenario.outlook_builder import (
    predictive as predictive,
)
from .scenario.profiles import (
    DHSS as DHSS,
)
from .scenario.profiles import (
    Even as Even,
)
from .scenario.profiles import (
    FrontLoaded as FrontLoaded,
)
from .scenario.profiles import (
    Logistic as Logistic,
)
from .scenario.profiles import (
    Rayleigh as Rayleigh,
)
from .scenario.profiles import (
    SCurve as SCurve,
)
from .scenario.profiles import (
    ShareTable as ShareTable,
)
from .scenario.profiles import (
    Smoothstep as Smoothstep,
)
from .scenario.read_toml import (
    load_scenarios as load_scenarios,
)
from .scenario.read_toml import (
    shipped_scenarios as shipped_scenarios,
)
from .scenario.resolve import (
    resolve as resolve,
)
from .scenario.scenario import (
    Scenario as Scenario,
)
from .scenario.simulate import (
    simulate as simulate,
)
from .scenario.spending import (
    openings as openings,
)
from .scenario.spending import (
    spending as spending,
)
from .sensitivity.attribution import (
    attribute as attribute,
)
from .sensitivity.sobol import (
    sobol as sobol,
)
from .sensitivity.switching import (
    switching_values as switching_values,
)
from .sensitivity.tornado import (
    tornado as tornado,
)
from .text.describe import (
    describe as describe,
)
from .text.table import (
    table as table,
)

__version__: str
