"""A right seal says that nobody touched an entry since; not that there was one to seal."""

from __future__ import annotations

import json
import sqlite3

import pytest

from corridor_model.errors import PlanError
from corridor_model.observations.ledger import sealed
from corridor_model.observations.store import Store

pytestmark = pytest.mark.filterwarnings("ignore::corridor_model.errors.CorridorWarning")

ROW = {"indicator": "gdp", "period": "2020", "value": 1.0}


def with_entry(path, kind, body):
    """A store with one more entry, sealed as by one who knows how."""
    Store(path).append([ROW], date="2022-03-01")
    db = sqlite3.connect(path)
    (before,) = db.execute("SELECT seal FROM entries").fetchone()
    text = body if isinstance(body, str) else json.dumps(body)
    seal = sealed(before, 2, "2022-03-02", kind, text)
    db.execute("INSERT INTO entries VALUES (2, '2022-03-02', ?, ?, ?)", (kind, text, seal))
    db.commit()
    db.close()
    return Store(path)


REMARK = {"indicator": "gdp", "period": "2021", "reason": "paused", "text": "x"}


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("figure", "[]"),
        ("figure", "3"),
        ("figure", "null"),
        ("figure", ROW),
        ("figure", {**ROW, "published": "soon"}),
        ("figure", {**ROW, "published": 3}),
        ("figure", {**ROW, "published": "2022-03-02", "indicator": ["gdp"]}),
        ("figure", {**ROW, "published": "2022-03-02", "series": {"a": 1}}),
        ("remark", {}),
        ("remark", {**REMARK, "period": 2021}),
        ("remark", {**REMARK, "published": "soon"}),
        ("withdrawal", {}),
        ("withdrawal", {"withdraws": 2}),
        ("withdrawal", {"withdraws": True}),
        ("withdrawal", {"withdraws": [1]}),
        ("rumour", REMARK),
    ],
)
def test_what_no_entry_can_say_is_damage(tmp_path, kind, body):
    store = with_entry(tmp_path / "a.store", kind, body)
    for ask in (store.open, store.list, store.history, store.reports, lambda: len(store)):
        with pytest.raises(PlanError) as wrong:
            ask()
        assert "a.store: entry 2 is damaged: it says what no entry can say." in str(wrong.value)
        assert "第2条记录已损坏" in wrong.value.text("zh")
    with pytest.raises(PlanError, match="entry 2 is damaged"):
        store.append([{**ROW, "period": "2021"}], date="2022-03-03")


def test_reports_are_checked_as_rows_of_their_table(tmp_path):
    with pytest.raises(PlanError, match=r"a\.store"):
        with_entry(tmp_path / "a.store", "work_reports", {"project": ["x"], "date": {}}).reports()


def test_what_an_entry_can_say_is_taken(tmp_path):
    assert len(with_entry(tmp_path / "a.store", "remark", REMARK).open().remarks) == 1
    taken_back = with_entry(tmp_path / "b.store", "withdrawal", {"withdraws": 1, "reason": "x"})
    assert len(taken_back.open()) == 0
