from .attribution import (
    VotingGame as VotingGame,
)
from .attribution import (
    attribute as attribute,
)
from .attribution import (
    shapley_values as shapley_values,
)
from .inputs import (
    SensitivityError as SensitivityError,
)
from .morris import (
    morris as morris,
)
from .sobol import (
    sobol as sobol,
)
from .sobol_indices import (
    sobol_indices as sobol_indices,
)
from .switching import (
    switching_values as switching_values,
)
from .tornado import (
    one_at_a_time as one_at_a_time,
)
from .tornado import (
    tornado as tornado,
)
from .two_way import (
    two_way as two_way,
)
