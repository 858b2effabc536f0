"""Spending profiles as TOML tables, both ways."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields

from corridor_model.finite import short
from corridor_model.scenario.language.profiles import (
    DHSS,
    Even,
    FrontLoaded,
    Logistic,
    Profile,
    ProfileError,
    Rayleigh,
    SCurve,
    ShareTable,
    Smoothstep,
)

PROFILES: dict[str, type[Profile]] = {
    "even": Even,
    "s_curve": SCurve,
    "smoothstep": Smoothstep,
    "logistic": Logistic,
    "rayleigh": Rayleigh,
    "dhss": DHSS,
    "front_loaded": FrontLoaded,
    "table": ShareTable,
}
"""Every profile by the word that names it in a file."""

EXAMPLES = {"dhss": "c = 0.134, k = 3.884", "table": "shares = [0.3, 0.7]"}
"""Parameters of those that have no defaults."""

_WORDS = {kind: word for word, kind in PROFILES.items()}


def profile_to_toml(profile: Profile) -> dict[str, object]:
    """Return the table that stands for a profile in a TOML file.

    Examples
    --------
    >>> profile_to_toml(FrontLoaded(3.0))
    {'profile': 'front_loaded', 'power': 3.0}
    """
    told: dict[str, object] = {"profile": _WORDS[type(profile)]}
    for parameter in fields(profile):  # type: ignore[arg-type]
        value = getattr(profile, parameter.name)
        told[parameter.name] = list(value) if isinstance(value, tuple) else value
    return told


def profile_from_toml(told: object) -> Profile:
    """Return the profile that a name, or a TOML table, stands for.

    Raises
    ------
    ProfileError
        If it is neither, or the word or a parameter is unknown.

    Examples
    --------
    >>> profile_from_toml("s_curve") == profile_from_toml({"profile": "s_curve", "alpha": 2})
    True
    """
    given = {"profile": told} if isinstance(told, str) else told
    if not isinstance(given, Mapping) or "profile" not in given:
        raise ProfileError(
            'A profile is a name, such as "s_curve", or a table that begins with one. Shares are '
            "of equal parts of the work's time, not of calendar years: "
            '{ profile = "table", shares = [0.3, 0.7] }.',
            '投资曲线写名称，如"s_curve"，或写以profile开头的表。分段比例把工期等分，不按年份，'
            '写成{ profile = "table", shares = [0.3, 0.7] }。',
        )
    given = dict(given)
    word = given.pop("profile")
    kind = PROFILES.get(word) if isinstance(word, str) else None
    if kind is None:
        raise ProfileError(
            f"No profile {short(word)}. Known: {', '.join(PROFILES)}.",
            f"没有名为{short(word)}的投资曲线。可用：{'、'.join(PROFILES)}。",
        )
    try:
        return kind(**given)
    except TypeError:
        names = [field.name for field in fields(kind)]  # type: ignore[arg-type]
        form = f'{{ profile = "{word}", {EXAMPLES[word]} }}' if word in EXAMPLES else ""
        if form and set(given) <= set(names):
            raise ProfileError(
                f"{word} needs {' and '.join(names)}, such as {form}.",
                f"{word}应写明{'和'.join(names)}，如{form}。",
            ) from None
        raise ProfileError(
            f"{word}: wrong parameters; it has {', '.join(names) or 'none'}.",
            f"{word}的参数有误，可用：{'、'.join(names) or '无'}。",
        ) from None
