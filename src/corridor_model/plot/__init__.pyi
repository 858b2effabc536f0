from .paths import (
    fan as fan,
)
from .paths import (
    paths_figure as paths_figure,
)
from .paths import (
    reliability as reliability,
)
from .portfolio import (
    choice_figure as choice_figure,
)
from .sensitivity import (
    sensitivity_figure as sensitivity_figure,
)
