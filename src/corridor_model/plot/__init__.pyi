from .assessment import (
    league as league,
)
from .assessment import (
    progress as progress,
)
from .forecasting import (
    fan as fan,
)
from .forecasting import (
    reliability as reliability,
)
from .growth import (
    paths as paths,
)
from .growth import (
    paths_figure as paths_figure,
)
from .portfolio import (
    choice_figure as choice_figure,
)
from .portfolio import (
    frontier as frontier,
)
from .scenario import (
    gantt as gantt,
)
from .scenario import (
    spending as spending,
)
from .sensitivity import (
    attribution as attribution,
)
from .sensitivity import (
    sensitivity_figure as sensitivity_figure,
)
from .sensitivity import (
    sobol as sobol,
)
from .sensitivity import (
    tornado as tornado,
)
from .sensitivity import (
    two_way as two_way,
)
