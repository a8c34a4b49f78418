"""What release 0.1.0 booked and nobody used is found in its data folder, taken back, and back again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from runtime.__main__ import main
from runtime.store.energy.corrections import all_corrections
from runtime.store.env import open_store
from runtime.store.sample.rows import Rows
from tests.runtime.store.migration.releases import unpack_phantoms

# device -> what it is found as, and what is left of its eight hours in Wh once it is taken back (3.6 kW, read from
# 08:00:00 on to 15:59:50: 28,199.6 Wh, less what two meters counted unseen)
FOUND = {
    1: ("rolled_over", 27_589.6), 2: ("reset", 26_389.6), 3: ("rolled_over", 28_199.6), 4: ("jumped", 28_199.6),
    5: ("returned", 28_189.6), 6: ("edited", 211_799.6), 7: ("edited", 28_199.6), 8: ("negative", 0.0),
    9: ("reported_twice", 27_119.6), 10: ("jumped", 11_990.0), 11: ("reset", 470_000.0), 12: ("rolled_over", 25_189.6),
}  # fmt: skip
AS_IT_SHOULD_BE = (13, 14, 15)
KWH_STEP = 11  # its register counts whole kWh


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return unpack_phantoms(tmp_path / "data")


def verified(folder: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, list[dict]]:
    capsys.readouterr()
    code = main(["verify", "--json", "--data", str(folder)])
    shown = json.loads(capsys.readouterr().out)
    assert shown["complaints"] == []
    return code, shown["wrong_energy"]


def energies_wh(folder: Path) -> dict[int, float]:
    """Device -> what its rows and corrections hold."""
    store = open_store(folder, readonly=True)
    sums: dict[int, int] = {}
    with store.reading() as txn:
        for row in Rows(store).scan(txn, 0, 1 << 40, lambda column: column[1] == "energy"):
            sums[row.device] = sums.get(row.device, 0) + sum(value_n or 0 for value_n in row.values_n)
    for each in all_corrections(store):
        if not each.taken_back_ms:
            sums[each.device] += each.delta_n
    store.close()
    return {device: energy_n / 1000 for device, energy_n in sums.items()}


def test_each_kind_is_found_and_nothing_else(folder, capsys) -> None:
    code, listed = verified(folder, capsys)
    assert code == 3
    assert {each["device"]: each["cause"] for each in listed} == {id: cause for id, (cause, _) in FOUND.items()}
    assert len(listed) == len(FOUND)
    booked = energies_wh(folder)
    for each in listed:
        wrong_wh = booked[each["device"]] - FOUND[each["device"]][1]
        assert each["booked"] - each["right"] == pytest.approx(wrong_wh, abs=200)


def test_each_is_named_with_its_stretch_and_with_the_way_to_take_it_back(folder, capsys) -> None:
    assert main(["verify", "--data", str(folder)]) == 3
    shown = capsys.readouterr().out
    for device in FOUND:
        assert f"wattkeeper take-back {device}." in shown and f"/devices/{device}/energy-check" in shown
    assert "device 1 (a new meter after 10 min), active_energy_import_wh, 2026-05-29T09:50:00+02:00 to" in shown
    assert "347,600.0 Wh booked, 1,190.0 Wh of it can be right" in shown


def test_what_is_taken_back_leaves_what_was_used_and_is_found_no_more(folder, capsys) -> None:
    before = energies_wh(folder)
    assert main(["take-back", "all", "--data", str(folder)]) == 0
    after = energies_wh(folder)
    for device, (_, right_wh) in FOUND.items():
        assert after[device] == pytest.approx(right_wh, abs=200 if device == KWH_STEP else 0.1), device
    assert [after[device] for device in AS_IT_SHOULD_BE] == [before[device] for device in AS_IT_SHOULD_BE]
    assert verified(folder, capsys) == (0, [])


def test_one_alone_is_taken_back_by_its_name(folder, capsys) -> None:
    _, listed = verified(folder, capsys)
    first = next(each for each in listed if each["device"] == 5)
    assert main(["take-back", first["id"], "--data", str(folder)]) == 0
    assert {each["device"] for each in verified(folder, capsys)[1]} == FOUND.keys() - {5}
    assert main(["take-back", first["id"], "--data", str(folder)]) == 1
    assert "verify" in capsys.readouterr().err
