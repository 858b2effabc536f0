"""Every picture beside its baseline, in both languages.

``pytest tests/plot/test_images.py --mpl-generate-path=tests/plot/baseline`` draws them anew; the
tests are slow ones.
"""

from __future__ import annotations

import pytest
from matplotlib.figure import Figure
from tests.plot.pictures import PICTURES, slow_but

pytestmark = pytest.mark.usefixtures("only_shipped_fonts")
CASES = slow_but(lambda *_: False)


@pytest.mark.parametrize(("name", "lang"), CASES)
@pytest.mark.mpl_image_compare(
    baseline_dir="baseline",
    tolerance=12,  # fonts are hinted otherwise by other builds of FreeType
    savefig_kwargs={"dpi": 45},
    style="default",
)
def test_picture(results, name, lang):
    size, draw = PICTURES[name]
    figure = Figure(size, layout="constrained")
    axes = figure.subplots()
    assert draw(results, axes, lang) is axes
    return figure
