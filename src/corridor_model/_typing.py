"""Arrays by what they hold: the aliases that every room writes its signatures with."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]
"""Numbers, and NaN where one is masked."""

Array32: TypeAlias = NDArray[np.float32]
"""Numbers of half the size, where many are kept and six digits are enough."""

Mask: TypeAlias = NDArray[np.bool_]
"""True and false."""

Index: TypeAlias = NDArray[np.intp]
"""Positions in another array."""

Integers: TypeAlias = NDArray[np.int64]
"""Whole numbers: years, counts."""

Bits: TypeAlias = NDArray[np.uint32]
"""Binary digits, 32 at a time."""

Texts: TypeAlias = NDArray[np.str_]
"""Words, such as the reasons of masked numbers."""

AnyArray: TypeAlias = NDArray[Any]
"""Of a type that is known only at run time."""
