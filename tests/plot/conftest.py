"""Results that pictures are drawn of, made once, and figures that are closed again."""

from __future__ import annotations

import matplotlib as mpl
import pytest

mpl.use("Agg")

import matplotlib.pyplot as plt
from tests.plot.pictures import results_of

from corridor_model.plot import style


@pytest.fixture(autouse=True)
def figures_closed():
    yield
    plt.close("all")


@pytest.fixture
def only_shipped_fonts(monkeypatch):
    """Pictures look alike on every machine."""
    monkeypatch.setattr(style, "PREFERRED_FAMILIES", ())


@pytest.fixture(scope="session")
def results(plan):
    return results_of(plan)
