"""A store only grows: many writers, killed writers, and what was known when."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import subprocess
import sys
import time
import zlib
from pathlib import Path

import pytest

from corridor_model.cli import main
from corridor_model.errors import PlanError
from corridor_model.files import locked
from corridor_model.observations.store import DamagedError, Store, decode, encode, sound_records
from corridor_model.tabular.table import from_rows

WRITERS, ENTRIES = 8, 500


def figure(indicator="gdp", period="2021Q3", value=370.1, **more):
    row = {"indicator": indicator, "period": period, "value": value, "unit": "亿元"}
    return row | {"measure": "level", "basis": "ytd", "origin": "user"} | more


def table(*rows):
    return from_rows("observations", rows)


def write_many(path, writer, start):
    start.wait()
    store = Store(path)
    # one by one and in batches: a batch waits for the disk once
    for batch in (*([n] for n in range(50)), *(range(n, n + 9) for n in range(50, ENTRIES, 9))):
        rows = [figure(value=float(n), series=f"writer {writer}, entry {n}") for n in batch]
        store.append(table(*rows), date="2021-10-20")


def test_eight_writers_lose_nothing(tmp_path):
    path = tmp_path / "figures.store"
    context = multiprocessing.get_context("fork")
    start = context.Event()
    writers = [context.Process(target=write_many, args=(path, n, start)) for n in range(WRITERS)]
    for writer in writers:
        writer.start()
    start.set()
    for writer in writers:
        writer.join(60)
        assert writer.exitcode == 0
    found = Store(path).list()
    wanted = {f"writer {w}, entry {e}" for w in range(WRITERS) for e in range(ENTRIES)}
    assert {row["series"] for row in found} == wanted
    assert len(found) == WRITERS * ENTRIES
    for writer in range(WRITERS):
        own = [r["value"] for r in found if r["series"].startswith(f"writer {writer},")]
        assert own == sorted(own)


def test_cut_at_every_byte_of_the_last_entry(tmp_path):
    path = tmp_path / "figures.store"
    store = Store(path)
    store.append(table(figure(period="2021Q1")), date="2021-04-20", source="一季度")
    store.append(table(figure(period="2021Q2")), date="2021-07-20", source="二季度")
    acknowledged = path.stat().st_size
    store.append(
        table(figure(period="2021Q3")), date="2021-10-20", source="前三季度，“含引号”\n换行"
    )
    whole = path.read_bytes()
    for length in range(acknowledged, len(whole)):
        path.write_bytes(whole[:length])
        assert [row["period"] for row in Store(path).list()] == ["2021Q1", "2021Q2"]
    # the next writer puts the torn end aside and goes on
    again = Store(path)
    again.append(table(figure(period="2021")), date="2022-01-20")
    assert [row["period"] for row in Store(path).list()] == ["2021Q1", "2021Q2", "2021"]
    assert path.with_name(".figures.store.torn").read_bytes() == whole[acknowledged:-1]
    assert sound_records(path.read_bytes())[1] == path.stat().st_size


def test_an_end_of_rubbish_is_passed_over_and_kept_aside(tmp_path):
    path = tmp_path / "figures.store"
    Store(path).append(table(figure()), date="2021-10-20")
    for rubbish in (b"\0" * 4096, b"\n\n\n", b"12 00000000 {}\nxx", os.urandom(100)):
        with path.open("ab") as file:
            file.write(rubbish)
        assert len(Store(path)) == 1
    Store(path).append(table(figure(period="2021")), date="2022-01-20")
    assert len(Store(path)) == 2
    assert path.with_name(".figures.store.torn").stat().st_size > 4096


def test_damage_in_the_middle_is_an_error_with_its_line(tmp_path):
    path = tmp_path / "figures.store"
    store = Store(path)
    for quarter in (1, 2, 3):
        store.append(table(figure(period=f"2021Q{quarter}")), date="2021-10-20")
    data = bytearray(path.read_bytes())
    at = data.index(b"\n") + 40
    data[at] ^= 1
    path.write_bytes(data)
    with pytest.raises(PlanError) as caught:
        Store(path).open()
    assert "row 2" in caught.value.text("en")
    assert "损坏" in caught.value.text("zh")
    # nothing is written over a damaged file
    with pytest.raises(PlanError):
        Store(path).append(table(figure(period="2021")), date="2022-01-20")
    assert path.read_bytes() == bytes(data)


KILLED = """
import sys
from corridor_model.observations.store import Store
from corridor_model.tabular.table import from_rows
store = Store(sys.argv[1])
number = int(sys.argv[2])
while True:
    row = {"indicator": "gdp", "period": "2021Q3", "measure": "level", "basis": "ytd",
           "value": float(number), "unit": "亿元", "series": str(number), "source": "s" * 3000}
    store.append(from_rows("observations", [row]), date="2021-10-20")
    print(number, flush=True)
    number += 1
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system cannot kill like that")
def test_killed_at_any_moment_it_opens_with_what_was_acknowledged(tmp_path):
    path = tmp_path / "figures.store"
    moments = random.Random(7)
    acknowledged: list[int] = []
    number = 0
    for _ in range(8):
        command = [sys.executable, "-c", KILLED, str(path), str(number)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout is not None
            acknowledged.append(int(writer.stdout.readline()))
            time.sleep(moments.random() * 0.15)
            writer.send_signal(signal.SIGKILL)
            acknowledged.extend(int(line) for line in writer.stdout.read().split())
        found = [int(row["value"]) for row in Store(path).list()]
        assert set(acknowledged) <= set(found)
        assert len(set(found)) == len(found)
        number = max(found) + 1
    assert len(acknowledged) > 8


def test_a_second_writer_waits_and_then_says_so(tmp_path):
    path = tmp_path / "figures.store"
    with locked(path), pytest.raises(PlanError) as caught:
        Store(path, wait=0.05).append(table(figure()), date="2021-10-20")
    assert "being written by another program" in caught.value.text("en")
    assert "另一程序正在写入" in caught.value.text("zh")
    assert Store(path, wait=0.05).append(table(figure()), date="2021-10-20") == 1


def test_a_folder_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(PlanError):
        Store(tmp_path / "file" / "figures.store").append(table(figure()), date="2021-10-20")


def test_reading_makes_no_file(tmp_path):
    store = Store(tmp_path / "figures.store")
    assert len(store) == 0
    assert store.list() == []
    assert len(store.open()) == 0
    assert list(tmp_path.iterdir()) == []


def test_lines_carry_length_and_checksum():
    line = encode({"a": "文字\n"})
    length, checksum, body = line[:-1].split(b" ", 2)
    assert int(length) == len(body)
    assert int(checksum, 16) == zlib.crc32(body)
    assert decode(line[:-1]) == {"a": "文字\n"}
    assert line.count(b"\n") == 1
    for broken in (line[:-2], b"", b"x", line[:-1] + b" ", line[:-1].replace(b"a", b"b")):
        assert decode(broken) is None
    with pytest.raises(DamagedError):
        sound_records(b"x\n" + line)


def test_a_revision_keeps_both_values(tmp_path, plan):
    store = Store(tmp_path / "figures.store")
    store.append(
        [{"indicator": "生产总值", "period": "2021年1—9月", "value": "3704000万元"}],
        date="2021-10-20",
        source="快报",
    )
    store.revise("gdp", "2021-09", 372, date="2021-11-15", source="初步核算", stage="初步核算")
    assert [row["value"] for row in store.list("gdp")] == [370.4, 372.0]
    assert store.open().known_by("2021-10-31").table["value"] == (370.4,)
    assert len(store.open().known_by("2021-11-15").table["value"]) == 2
    with pytest.raises(PlanError, match="later date"):
        store.revise("gdp", "2021-09", 373, date="2021-11-15")
    with pytest.raises(PlanError, match="cannot be revised"):
        store.revise("gdp", "2020-09", 300, date="2021-11-15")
    with pytest.raises(PlanError, match="372"):
        store.append([{"indicator": "gdp", "period": "2021-09", "value": 370}], date="2021-11-01")
    with pytest.raises(PlanError, match="Did you mean 'gdp'"):
        store.append([{"indicator": "gpd", "period": "2021-09", "value": 370}])
    assert len(store) == 2


def test_a_batch_is_taken_whole_or_not_at_all(tmp_path):
    store = Store(tmp_path / "figures.store")
    rows = [{"indicator": "gdp", "period": "2021Q1", "value": 100}]
    store.append(rows, date="2021-04-20")
    before = store.path.read_bytes()
    bad = [*rows, {"indicator": "gdp", "period": "2021Q2", "value": "abc"}]
    with pytest.raises(PlanError):
        store.append(bad, date="2021-07-20")
    assert store.path.read_bytes() == before
    # last month's file, with this month's row in it
    assert store.append([*rows, {"indicator": "gdp", "period": "2021Q2", "value": 210}]) == 1


def test_a_falling_total_is_refused_beside_what_the_store_holds(tmp_path):
    store = Store(tmp_path / "figures.store")
    store.append([{"indicator": "gdp", "period": "2021Q2", "value": 236}], date="2021-07-20")
    with pytest.raises(PlanError, match="falls from 236"):
        store.append([{"indicator": "gdp", "period": "2021Q3", "value": 140}], date="2021-10-20")


def test_the_command(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["observe", "add", "gdp", "2021Q3", "370.4", "--date", "2021-10-20"]) == 0
    assert (
        main(["observe", "revise", "gdp", "2021Q3", "372", "--date", "2021-11-15", "--lang", "en"])
        == 0
    )
    assert "stays in observations.store" in capsys.readouterr().out
    file = Path(tmp_path / "month.csv")
    file.write_text("指标,时期,数值\n院士专家工作站,2021-09,11\n生产总值,2021Q3,372\n", "utf-8")
    assert main(["observe", "add", "month.csv", "--date", "2021-11-20", "--lang", "zh"]) == 0
    assert "已录入 1 条" in capsys.readouterr().out
    assert main(["observe", "list", "--format", "csv"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 4
    assert lines[0].startswith("indicator,period")
    assert main(["observe", "list", "生产总值", "--lang", "zh"]) == 0
    shown = capsys.readouterr().out
    assert "370.4" in shown
    assert "372" in shown
    assert main(["observe", "add", "gdp", "2021Q3", "1", "--lang", "zh"]) == 1
    assert "corridor observe revise" in capsys.readouterr().err
    assert main(["observe", "add", "gdp", "--lang", "en"]) == 1
    assert main(["observe", "revise", "gdp", "2021Q3", "--lang", "zh"]) == 1
    assert "应为：指标 时期 数值" in capsys.readouterr().err
