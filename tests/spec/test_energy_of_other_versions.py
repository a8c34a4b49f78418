"""What release 0.1.0 booked and nobody used is found in its data folder, taken back, and back again."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from actors.gateway.gateway import Periods
from runtime.__main__ import main
from runtime.store.energy.corrections import all_corrections
from runtime.store.env import open_store
from runtime.store.sample.rows import Rows
from tests.key import asked, key_to
from tests.runtime.store.migration.releases import unpack_phantoms
from tests.spec.quickclock import QuickClock
from tests.spec.serving import server_on

# device -> what it is found as, and what is left of its eight hours in Wh once it is taken back (3.6 kW, read from
# 08:00:00 on to 15:59:50: 28,199.6 Wh, less what two meters counted unseen)
FOUND = {
    1: ("rolled_over", 27_589.6), 2: ("reset", 26_389.6), 3: ("rolled_over", 28_199.6), 4: ("jumped", 28_199.6),
    5: ("returned", 28_189.6), 6: ("edited", 211_799.6), 7: ("edited", 28_199.6), 8: ("negative", 0.0),
    9: ("reported_twice", 27_119.6), 10: ("jumped", 11_990.0), 11: ("reset", 470_000.0), 12: ("rolled_over", 25_189.6),
}  # fmt: skip
AS_IT_SHOULD_BE = (13, 14, 15)
SLOW = Periods(live_s=600.0, energy_s=600.0, slow_s=600.0, watched_s=600.0)
IMPORT, DAY = "active_energy_import_wh", "2026-05-29"
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


# ---- of a server

TRIES = 100


class Served:
    """A server on that folder, the next day."""

    def __init__(self, folder: Path) -> None:
        self._key = key_to(folder)
        self._server = server_on(folder, QuickClock(1_780_120_000, 1.0), SLOW)
        self._server.start()

    def ask(self, path: str, method: str = "GET", body: Any = None) -> Any:
        sent = None if body is None else json.dumps(body).encode()
        url = f"{self._server.web.url}/api/v1{path}"
        for left in reversed(range(TRIES)):
            try:
                with urlopen(asked(url, self._key, method, sent), timeout=60) as answer:
                    return json.load(answer)
            except HTTPError as error:
                if error.code != 503 or not left:
                    raise
            time.sleep(0.1)  # the part that is asked is just being started
        raise AssertionError("there is at least one try")

    def day_wh(self, device: int) -> tuple[float, float]:
        """Energy and cost of the day."""
        bins = self.ask(f"/consumption?of=device:{device}&fluid=electricity&period=day&date={DAY}")
        return sum(each["value"] or 0 for each in bins["bins"]), float(bins["cost"])

    def phantoms(self, device: int) -> list[dict]:
        return list(self.ask(f"/devices/{device}/energy-check?quantity={IMPORT}&date={DAY}")["phantoms"])

    def stop(self) -> None:
        self._server.stop()


@pytest.fixture
def served(folder: Path) -> Iterator[Served]:
    server = Served(folder)
    yield server
    server.stop()


def test_the_page_of_the_device_lists_it_takes_it_back_and_its_corrections_bring_it_back(served: Served) -> None:
    before = served.day_wh(2)
    (phantom,) = served.phantoms(2)
    assert (phantom["cause"], phantom["booked"] - phantom["right"]) == ("reset", pytest.approx(1_500_000, abs=20))
    corrections = served.ask("/devices/2/phantoms", "POST", {"quantity": IMPORT, "start": phantom["start"]})
    assert sum(each["energy"] for each in corrections) == pytest.approx(-1_500_000, abs=20)
    assert {each["author"] for each in corrections} == {"token tests"} and "another meter" in corrections[0]["reason"]
    assert served.phantoms(2) == []
    after = served.day_wh(2)
    assert before[0] - after[0] == pytest.approx(1_500_000, abs=20)
    assert before[1] - after[1] == pytest.approx(1_500 * 0.2, abs=0.011)
    with pytest.raises(HTTPError, match="404"):
        served.ask("/devices/2/phantoms", "POST", {"quantity": IMPORT, "start": phantom["start"]})
    for each in corrections:
        served.ask(f"/corrections/{each['id']}", "DELETE")
    assert served.day_wh(2) == before and served.phantoms(2) == [phantom]


def test_an_exchange_that_is_reported_afterwards_undoes_what_was_booked_for_it(served: Served) -> None:
    """Line 17: the right indexes and the right time inside the outage, of a meter that a roll-over was guessed for."""
    before, _ = served.day_wh(1)
    exchange = {"quantity": IMPORT, "last_index": 6_207_500, "first_index": 0, "at": f"{DAY}T10:05:00+02:00"}
    answer = served.ask("/devices/1/replace-meter", "POST", exchange)
    guessed_wh, unseen_wh = 346_410, 310
    assert answer["added"]["value"] == pytest.approx(unseen_wh - guessed_wh, abs=1)
    after, _ = served.day_wh(1)
    assert after - before == pytest.approx(answer["added"]["value"], abs=0.1)
    assert served.phantoms(1) == []
    again = served.ask("/devices/1/replace-meter", "POST", exchange)  # once more changes nothing
    assert again["added"]["value"] == pytest.approx(0, abs=0.1)
    bins = served.ask(f"/consumption?of=device:1&fluid=electricity&period=day&date={DAY}")["bins"]
    assert all(0 <= (each["value"] or 0) <= 3_610 for each in bins)


def test_a_last_index_that_the_old_meter_cannot_have_reached_is_asked_back(served: Served) -> None:
    exchange = {"quantity": IMPORT, "last_index": 6_700_000, "first_index": 0, "at": f"{DAY}T10:05:00+02:00"}
    with pytest.raises(HTTPError) as refused:
        served.ask("/devices/1/replace-meter", "POST", exchange)
    assert refused.value.code == 409 and json.load(refused.value)["error"]["code"] == "meter_index_high"
    assert len(served.phantoms(1)) == 1
