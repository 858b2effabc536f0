"""Forecasts behind the questions of a plan: those of one horizon are made together."""

from __future__ import annotations

from collections.abc import Iterable

from corridor_model.assess.probability.question import Final, Question
from corridor_model.errors import CorridorError
from corridor_model.forecast.api import forecast, forecast_batch
from corridor_model.forecast.predictive import Predictive

Key = tuple[tuple[float, ...], tuple[int, ...], str]


class Foreseen:
    """Forecasts, each as if it were made alone.

    Parameters
    ----------
    questions : iterable of Question
        What will mostly be asked; anything else is forecast when it is asked.
    """

    def __init__(self, questions: Iterable[Question]):
        asked: dict[int, list[Key]] = {}
        for question in questions:
            if isinstance(question, Final):
                asked.setdefault(question.horizon, []).append(_key(question))
        self._made: dict[tuple[int, Key], Predictive] = {}
        for horizon, keys in asked.items():
            values, years, kinds = zip(*keys, strict=True)
            try:
                batch = forecast_batch(values, years, horizon, kinds)
            except CorridorError:  # one of them is refused; the others are made when asked for
                continue
            self._made.update(zip(((horizon, key) for key in keys), batch, strict=True))

    def of(self, question: Final) -> Predictive:
        """Return the forecast a question rests on, over the years to its horizon.

        Raises
        ------
        CorridorError
            Where the history is refused.
        """
        key = question.horizon, _key(question)
        if key not in self._made:
            values, years, kind = key[1]
            self._made[key] = forecast(values, years, question.horizon, kind)
        return self._made[key]


def _key(question: Final) -> Key:
    return question.values, question.years, question.kind
