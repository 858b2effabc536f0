from ._elementwise import (
    REASONS as REASONS,
)
from ._elementwise import (
    Tried as Tried,
)
from ._elementwise import (
    tried as tried,
)
from .additions import (
    cumulate as cumulate,
)
from .additions import (
    first_addition as first_addition,
)
from .additions import (
    split_even as split_even,
)
from .additions import (
    split_growing as split_growing,
)
from .additions import (
    total_between as total_between,
)
from .averages import (
    average_growth_cumulative_method as average_growth_cumulative_method,
)
from .averages import (
    average_growth_level_method as average_growth_level_method,
)
from .averages import (
    average_rate_of_chain as average_rate_of_chain,
)
from .averages import (
    chain as chain,
)
from .changes import (
    acceleration as acceleration,
)
from .changes import (
    change as change,
)
from .changes import (
    elasticity as elasticity,
)
from .changes import (
    intensity_change as intensity_change,
)
from .changes import (
    remaining_rate as remaining_rate,
)
from .changes import (
    share_of as share_of,
)
from .paths import (
    geometric_path as geometric_path,
)
from .paths import (
    linear_path as linear_path,
)
from .paths import (
    linear_step as linear_step,
)
from .paths import (
    log_odds as log_odds,
)
from .paths import (
    log_odds_path as log_odds_path,
)
from .paths import (
    path_to_target as path_to_target,
)
from .paths import (
    project_latest as project_latest,
)
from .paths import (
    project_linear as project_linear,
)
from .paths import (
    share_from_log_odds as share_from_log_odds,
)
from .rates import (
    aarr as aarr,
)
from .rates import (
    aarr_fit as aarr_fit,
)
from .rates import (
    aarr_from_slope as aarr_from_slope,
)
from .rates import (
    cagr as cagr,
)
from .rates import (
    compound as compound,
)
from .rates import (
    doubling_time as doubling_time,
)
from .rates import (
    log_from_rate as log_from_rate,
)
from .rates import (
    log_rate as log_rate,
)
from .rates import (
    periods_to_reach as periods_to_reach,
)
from .rates import (
    rate_from_log as rate_from_log,
)
from .rates import (
    required_rate as required_rate,
)
from .rates import (
    required_start as required_start,
)
from .targets import (
    gap as gap,
)
from .targets import (
    meets as meets,
)
from .targets import (
    whole_periods_to_reach as whole_periods_to_reach,
)
