"""Spending profiles as TOML tables, both ways."""

from __future__ import annotations

from dataclasses import fields

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


def profile_from_toml(table: dict[str, object]) -> Profile:
    """Return the profile that a TOML table stands for.

    Raises
    ------
    ProfileError
        If the word or a parameter is unknown.
    """
    given = dict(table)
    word = given.pop("profile", None)
    kind = PROFILES.get(word) if isinstance(word, str) else None
    if kind is None:
        raise ProfileError(
            f"No profile {word!r}. Known: {', '.join(PROFILES)}.",
            f"没有名为{word!r}的投资曲线。可用：{'、'.join(PROFILES)}。",
        )
    try:
        return kind(**given)
    except TypeError:
        names = ", ".join(field.name for field in fields(kind)) or "none"  # type: ignore[arg-type]
        raise ProfileError(
            f"{word}: wrong parameters; it has {names}.", f"{word}的参数有误，可用：{names}。"
        ) from None
