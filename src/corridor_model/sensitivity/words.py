"""Studies in words, Chinese and English: what a director reads before the numbers.

Each function returns short sentences, the result first, then how far to trust it: ranges that
are assumptions, points that were too few, what was left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridor_model.sensitivity.attribution_words import attribution_words
from corridor_model.sensitivity.grid_words import grid_words
from corridor_model.sensitivity.inputs import SensitivityError
from corridor_model.sensitivity.sobol_words import sobol_words
from corridor_model.sensitivity.switching_words import switching_words
from corridor_model.sensitivity.told import Told
from corridor_model.sensitivity.tornado_words import tornado_words

if TYPE_CHECKING:
    import xarray as xr


def tornado_text(made: xr.Dataset, lang: str = "zh") -> list[str]:
    """Return a tornado in words.

    Parameters
    ----------
    made : Dataset
        Of :func:`corridor_model.tornado`.
    lang : {"zh", "en"}
        Language.

    Examples
    --------
    >>> import corridor_model as cm
    >>> tornado_text(cm.tornado(cm.load_plan(), "km_open:2022"), "zh")[0]
    '给定范围内，2022年底区内通车里程只随温州大道东延的工期变动。'
    """
    return tornado_words(made, lang).lines


def switching_text(made: xr.Dataset, lang: str = "zh") -> list[str]:
    """Return tipping points in words.

    Parameters
    ----------
    made : Dataset
        Of :func:`corridor_model.switching_values`.
    lang : {"zh", "en"}
        Language.

    Examples
    --------
    >>> import corridor_model as cm
    >>> made = cm.switching_values(cm.load_plan(), "value:gdp", ["growth:gdp"])
    >>> switching_text(made, "zh")[1]
    '只变一项即可达到：生产总值年均增速不低于11.4%。'
    """
    return switching_words(made, lang).lines


def sobol_text(made: xr.Dataset, output: str | None = None, lang: str = "zh") -> list[str]:
    """Return Sobol indices in words.

    Parameters
    ----------
    made : Dataset
        Of :func:`corridor_model.sobol`.
    output : str, optional
        One of its outputs; by default every one.
    lang : {"zh", "en"}
        Language.

    Examples
    --------
    >>> import corridor_model as cm
    >>> made = cm.sobol(cm.load_plan(), "km_open:2022", second_order=False)
    >>> sobol_text(made, "km_open:2022", "zh")[0].partition("，")[0]
    '决定2022年底区内通车里程的主要是温州大道东延的工期'
    """
    return sobol_words(made, output, lang).lines


def attribute_text(made: xr.Dataset, lang: str = "zh", output: str | None = None) -> list[str]:
    """Return an attribution in words.

    Parameters
    ----------
    made : Dataset
        Of :func:`corridor_model.attribute`.
    lang : {"zh", "en"}
        Language.
    output : str, optional
        One of its outputs; by default every one that the scenario moves.

    Examples
    --------
    >>> import corridor_model as cm
    >>> late = cm.Scenario("late", cm.Delay("jinliwen_expressway", months=12))
    >>> attribute_text(cm.attribute(cm.load_plan(), late, "inside_plan"), "zh")[0].split("，")[:2]
    ['情景“late”使规划期内投资由145.70亿元变为125.70亿元', '减少20.00亿元']
    """
    return attribution_words(made, output, lang).lines


def two_way_text(made: xr.Dataset, lang: str = "zh") -> list[str]:
    """Return a grid of two inputs in words.

    Parameters
    ----------
    made : Dataset
        Of :func:`corridor_model.sensitivity.two_way`.
    lang : {"zh", "en"}
        Language.
    """
    return grid_words(made, lang).lines


def method_of(made: xr.Dataset) -> str:
    """Return which study a Dataset is of: tornado, switching, sobol, attribute or grid.

    Raises
    ------
    SensitivityError
        For a Dataset of no study.
    """
    for name, method in _MARKS.items():
        if name in made:
            return method
    raise SensitivityError(
        "This is no result of tornado, switching_values, sobol, attribute or two_way.",
        "这不是敏感性分析（tornado、switching_values、sobol、attribute、two_way）的结果。",
    )


_MARKS = {
    "swing": "tornado",
    "switching_value": "switching",
    "ST": "sobol",
    "ordered": "attribute",
    "frontier": "grid",
}


def told(made: xr.Dataset, lang: str = "zh") -> Told:
    """Return any study in words, result and notes apart."""
    method = method_of(made)
    if method == "tornado":
        return tornado_words(made, lang)
    if method == "switching":
        return switching_words(made, lang)
    if method == "sobol":
        return sobol_words(made, None, lang)
    if method == "attribute":
        return attribution_words(made, None, lang)
    return grid_words(made, lang)
