"""Functions whose sensitivity is known in closed form; one row an input, one column a point."""

from __future__ import annotations

import numpy as np


def ishigami(x, a=7.0, b=0.1):
    """Ishigami and Homma (1990)."""
    return np.sin(x[0]) + a * np.sin(x[1]) ** 2 + b * x[2] ** 4 * np.sin(x[0])


def sobol_g(x, a):
    """Saltelli and Sobol (1995)."""
    a = np.asarray(a, float)[:, None]
    return np.prod((np.abs(4 * np.asarray(x) - 2) + a) / (1 + a), axis=0)


def modified_g(x, a, alpha, delta):
    """The G function with a shift and a power of each input (Saltelli et al. 2010)."""
    a, alpha, delta = (np.asarray(v, float)[:, None] for v in (a, alpha, delta))
    moved = np.asarray(x, float) + delta
    size = np.abs(2 * (moved - np.floor(moved)) - 1)
    return np.prod(((1 + alpha) * size**alpha + a) / (1 + a), axis=0)
