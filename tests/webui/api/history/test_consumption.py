from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from runtime.core.site.installation import Assignment
from runtime.core.tariff.rules import RuleSpec
from runtime.core.tariff.tariffs import Price, TariffSpec
from runtime.store.energy.importer import import_history
from runtime.store.env import open_store
from tests.webui.stage import NOW_TS, Stage, installation, stage, steady_lines

TARIFFS = (
    TariffSpec(1, "Peak", prices=(Price(1, 187_300),), unpriced=3),
    TariffSpec(2, "Off-peak", prices=(Price(2, 120_000),), unpriced=4),
)
RULES = (
    RuleSpec(1, 1, start="06:00", end="21:59", days=("mon", "tue", "wed", "thu", "fri")),
    RuleSpec(2, 2, start="22:00", end="05:59"),
)


@pytest.fixture
def billed(tmp_path: Path) -> Iterator[Stage]:
    """The same site with tariffs; nothing is paid for on a weekend's day."""
    store = open_store(tmp_path)
    made = stage(store, tariffs=TARIFFS, rules=RULES)
    import_history(store, steady_lines(made.installation, days=10), made.installation)
    yield made
    store.close()


def test_a_day_comes_by_hours_of_the_site_with_the_day_before(site: Stage) -> None:
    answer = site.get("/api/v1/consumption?of=device:1&fluid=electricity&period=day&date=2026-11-20").json
    assert answer["unit"] == "Wh" and answer["currency"] == "EUR"
    assert len(answer["bins"]) == 24
    assert answer["bins"][0] == {
        "start": "2026-11-20T00:00:00+01:00", "end": "2026-11-20T01:00:00+01:00", "value": 1000.001,
        "cost": None, "by_tariff": {}, "unpriced": 1000.001, "quality": "good",
    }  # fmt: skip
    assert answer["bins"][23]["value"] is None
    assert answer["total"] == 14_000.014
    assert answer["previous"]["start"] == "2026-11-19T00:00:00+01:00"
    assert answer["previous"]["total"] == 24_000.024


def test_money_is_decimal_text_rounded_once_a_line(billed: Stage) -> None:
    answer = billed.get("/api/v1/consumption?of=device:1&period=day&date=2026-11-19").json  # a Thursday
    assert answer["bins"][7]["by_tariff"] == {"1": {"value": 1000.001, "cost": "0.19"}}
    assert (answer["bins"][7]["cost"], answer["bins"][7]["unpriced"]) == ("0.19", 0)
    peak, night = Decimal("16.000016") * Decimal("0.1873"), Decimal("8.000008") * Decimal("0.12")
    assert answer["by_tariff"] == {
        "1": {"value": 16_000.016, "cost": f"{peak:.2f}"}, "2": {"value": 8000.008, "cost": f"{night:.2f}"}
    }  # fmt: skip
    assert (answer["cost"], answer["unpriced"]) == (f"{peak + night:.2f}", 0)
    assert answer["previous"]["cost"] == answer["cost"]


def test_what_no_rule_covers_is_marked(billed: Stage) -> None:
    answer = billed.get("/api/v1/consumption?of=device:1&period=day&date=2026-11-15").json  # a Sunday
    assert (answer["bins"][12]["cost"], answer["bins"][12]["unpriced"]) == (None, 1000.001)
    assert (answer["cost"], answer["unpriced"]) == ("0.96", 16_000.016)


def test_loads_have_their_money(billed: Stage) -> None:
    answer = billed.get("/api/v1/consumption/loads?period=day&date=2026-11-19&basis=billed").json
    assert [part["cost"] for part in answer["parts"]] == ["3.96", "3.96", "3.96"]
    assert answer["cost"] == "11.87"  # of the energy, not of the rounded lines
    assert billed.get("/api/v1/consumption?basis=guessed").json["error"]["field"] == "basis"


def test_numbers_have_at_most_three_decimals_and_no_noise(site: Stage) -> None:
    text = site.get("/api/v1/consumption?of=total&period=month").text
    assert '"value":72000.072' in text
    assert "e+" not in text and "0000000" not in text


def test_the_day_the_clocks_went_back_has_25_bins(site: Stage) -> None:
    bins = site.get("/api/v1/consumption?period=day&date=2026-10-25").json["bins"]
    assert len(bins) == 25
    assert [bin["start"][11:] for bin in bins[2:4]] == ["02:00:00+02:00", "02:00:00+01:00"]


def test_loads_and_others_add_up_to_the_total(site: Stage) -> None:
    answer = site.get("/api/v1/consumption/loads?period=day").json
    assert [part["of"] for part in answer["parts"]] == ["load:1", "load:2", "others"]
    assert [part["name"] for part in answer["parts"]] == ["Heating", "Lighting", None]
    assert sum(round(part["total"] * 1000) for part in answer["parts"]) == round(answer["total"] * 1000)
    assert all(len(part["values"]) == len(answer["bins"]) for part in answer["parts"])


def test_each_device_has_its_total_of_today(site: Stage) -> None:
    rows = site.get("/api/v1/consumption/devices").json
    assert [(row["device"], row["unit"], row["total"]) for row in rows] == [
        (1, "Wh", 14_000.014), (2, "Wh", 14_000.014), (3, "Wh", 14_000.014)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("of=", None), ("of=load", "of"), ("of=device:0", "of"), ("of=device:1;drop", "of"),
        ("of=device:%D9%A3", "of"), ("of=%FF", "of"),
        ("fluid=beer", "fluid"), ("period=week", "period"), ("date=2026-13-01", "date"), ("date=20261120", "date"),
        ("date=0001-01-01", "date"), ("date=9999-12-31", "date"), ("date=2026-02-29", "date"),
    ],
)  # fmt: skip
def test_a_bad_parameter_is_refused_by_name(site: Stage, query: str, field: str | None) -> None:
    answer = site.get(f"/api/v1/consumption?{query}")
    if field is None:
        assert answer.status == 200  # left empty is left out
        return
    assert answer.status == 400
    assert answer.json["error"]["field"] == field
    assert answer.json["error"]["message"]


def test_what_is_not_configured_is_not_found(site: Stage) -> None:
    for of in ("device:9", "load:9", "group:9"):
        assert site.get(f"/api/v1/consumption?of={of}").status == 404


def test_27_the_past_of_a_deleted_device_is_answered_and_marked(site: Stage) -> None:
    whole = site.installation
    asked = "period=day&date=2026-11-19"
    before = site.get(f"/api/v1/consumption?of=device:2&{asked}").json
    gone = (Assignment(2, 0, 2), Assignment(2, NOW_TS // 3600 * 3600, gone=True))
    site.installation = replace(whole, devices=(whole.devices[0], whole.devices[2]), loads=(), assignments=gone)
    assert site.get(f"/api/v1/consumption?of=device:2&{asked}").json == before | {"deleted": True}
    loads = site.get(f"/api/v1/consumption/loads?{asked}").json["parts"]
    assert [(part["of"], part["deleted"]) for part in loads] == [
        ("load:1", True), ("load:2", True), ("others", False)
    ]  # fmt: skip
    assert site.get(f"/api/v1/consumption?of=load:2&{asked}").json["total"] == loads[1]["total"] == before["total"]
    rows = site.get(f"/api/v1/consumption/devices?{asked}").json
    assert [(row["device"], row["deleted"], row["total"]) for row in rows] == [
        (1, False, before["total"]), (3, False, before["total"]), (2, True, before["total"])
    ]  # fmt: skip
    samples = "/api/v1/samples?device=2&quantity=active_energy_import_wh&from=2026-11-18T00:00Z&to=2026-11-19T00:00Z"
    assert site.get(samples).json["deleted"] is True
    page = site.get("/consumptions/details").text
    assert 'value="device:2" data-fluid="electricity"' in page and "Device 2 (deleted)" in page
    assert site.get("/api/v1/samples?device=9&quantity=active_energy_import_wh").status == 404
    assert site.get("/api/v1/consumption/devices?period=day&date=2020-01-01").json[-1]["device"] == 3


def test_gas_is_shown_as_the_energy_that_it_is_worth(tmp_path: Path) -> None:
    """11.2 kWh a cubic metre; every device counts 1.000001 m3 an hour."""
    store = open_store(tmp_path / "store")
    site = stage(store, gas_wh_per_m3=11_200)
    lines = (line.replace("active_energy_import_wh", "gas_dm3") for line in steady_lines(site.installation, 2))
    import_history(store, lines, site.installation)
    asked = "/api/v1/consumption?of=device:1&fluid=gas&period=day&date=2026-11-19"
    volume, energy = site.get(asked).json, site.get(f"{asked}&as=energy").json
    assert (volume["unit"], volume["total"], volume["gas_wh_per_m3"]) == ("dm3", 24_000.024, 11_200)
    assert (energy["unit"], energy["total"], energy["bins"][0]["value"]) == ("Wh", 268_800.269, 11_200.011)
    loads = site.get("/api/v1/consumption/loads?fluid=gas&period=day&date=2026-11-19&as=energy").json
    assert loads["unit"] == "Wh" and loads["total"] == pytest.approx(
        sum(part["total"] for part in loads["parts"]), abs=0.003
    )
    site.installation = installation()
    assert site.get(f"{asked}&as=energy").json["error"]["code"] == "gas_unscaled"
    assert site.get("/api/v1/consumption?as=energy").json["unit"] == "Wh"
    store.close()


def test_32_a_gas_factor_is_dated_and_the_past_keeps_its_own(tmp_path: Path) -> None:
    """Every device counts 1.000001 m3 an hour; the factor changes on the 19th, the tariff has nothing to do with it."""
    store = open_store(tmp_path / "store")
    gas = (TariffSpec(1, "Gas", "gas", prices=(Price(1, 900_000),), unpriced=2),)
    rules = (RuleSpec(1, 1, start="12:00", end="23:59"),)
    site = stage(store, gas_wh_per_m3=11_200, tariffs=gas, rules=rules)
    lines = (line.replace("active_energy_import_wh", "gas_dm3") for line in steady_lines(site.installation, 4))
    import_history(store, lines, site.installation)
    asked = "/api/v1/consumption?of=device:1&fluid=gas&as=energy"

    def total(period: str, day: int, path: str = "") -> tuple[float, str]:
        query = f"fluid=gas&as=energy&period={period}&date=2026-11-{day}"
        answer = site.get(f"/api/v1/consumption{path}?{query}" + ("" if path else "&of=device:1")).json
        return answer["total"], answer["cost"]

    before = {day: total("day", day) for day in (18, 19)}
    volumes = site.get("/api/v1/consumption?of=device:1&fluid=gas&period=month&date=2026-11-19").json
    site.installation = replace(site.installation, gas_wh_per_m3=0, gas_factors={"": 11_200, "2026-11-19": 12_000})
    assert total("day", 18) == before[18] and total("day", 19) == (288_000.288, before[19][1])
    month = site.get(f"{asked}&period=month&date=2026-11-19").json
    factors = [11_200 if bin["start"] < "2026-11-19" else 12_000 for bin in volumes["bins"]]
    energies = [(bin["value"] or 0) * factor / 1000 for bin, factor in zip(volumes["bins"], factors, strict=True)]
    assert [bin["value"] or 0 for bin in month["bins"]] == pytest.approx(energies, abs=0.001)
    assert month["total"] == pytest.approx(sum(energies), abs=0.001) and month["cost"] == volumes["cost"]
    assert sum(part["value"] for part in month["by_tariff"].values()) + month["unpriced"] == pytest.approx(
        month["total"], abs=0.002
    )
    year = site.get(f"{asked}&period=year&date=2026-11-19").json
    assert (year["bins"][10]["value"], year["total"], year["cost"]) == (month["total"], month["total"], month["cost"])
    loads = site.get("/api/v1/consumption/loads?fluid=gas&as=energy&period=month&date=2026-11-19").json
    assert sum(part["total"] for part in loads["parts"]) == pytest.approx(loads["total"], abs=0.003)
    assert sum(part["unpriced"] for part in loads["parts"]) == pytest.approx(loads["unpriced"], abs=0.003)
    assert sum(float(part["cost"]) for part in loads["parts"]) == pytest.approx(float(loads["cost"]), abs=0.02)
    store.close()


@pytest.mark.parametrize("date", ["2011-12-29", "2011-12-30", "2011-12-31"])
def test_22_a_day_that_the_zone_skipped_is_an_empty_day(tmp_path: Path, date: str) -> None:
    store = open_store(tmp_path / "store")
    site = stage(store, zone="Pacific/Apia", tariffs=TARIFFS, rules=RULES)
    asked = f"period=day&date={date}"
    one, loads = (site.get(f"/api/v1/consumption{path}?{asked}") for path in ("", "/loads"))
    hours = 0 if date == "2011-12-30" else 24
    assert (one.status, len(one.json["bins"]), one.json["total"], one.json["cost"]) == (200, hours, None, None)
    assert (loads.status, len(loads.json["bins"]), loads.json["total"]) == (200, hours, None)
    assert {len(part["values"]) for part in loads.json["parts"]} == {hours}
    assert one.json["previous"]["end"] <= (one.json["bins"] or [{"start": "2011-12-31T00:00:00+14:00"}])[0]["start"]
    assert {row["total"] for row in site.get(f"/api/v1/consumption/devices?{asked}").json} == {None}
    month = site.get(f"/api/v1/consumption?period=month&date={date}").json
    assert [bin["start"][8:10] for bin in month["bins"]] == [f"{day:02}" for day in range(1, 32) if day != 30]
    store.close()


@pytest.fixture
def grouped(tmp_path: Path) -> Iterator[Stage]:
    """Meter 1 (Heating) and 3 (no load) are in the group, meter 2 (Lighting) is not."""
    store = open_store(tmp_path)
    made = stage(store)
    devices = tuple(replace(spec, groups=(1,) if spec.id != 2 else ()) for spec in made.installation.devices)
    made.installation = replace(made.installation, devices=devices)
    import_history(store, steady_lines(made.installation, days=10), made.installation)
    yield made
    store.close()


def test_a_group_is_divided_by_load(grouped: Stage) -> None:
    answer = grouped.get("/api/v1/consumption/loads?of=group:1&period=day&date=2026-11-19").json
    assert answer["total"] == 48_000.048
    assert {part["of"]: part["total"] for part in answer["parts"]} == {
        "load:1": 24_000.024, "load:2": None, "others": 24_000.024
    }  # fmt: skip


def test_each_group_tells_its_part_of_a_load(grouped: Stage) -> None:
    answer = grouped.get("/api/v1/consumption/groups?of=load:2&period=day&date=2026-11-19").json
    assert (answer["of"], answer["total"]) == ("load:2", 24_000.024)
    assert [(part["name"], part["total"]) for part in answer["parts"]] == [("North", None)]
    whole = grouped.get("/api/v1/consumption/groups?period=day&date=2026-11-19").json
    assert [part["total"] for part in whole["parts"]] == [48_000.048]


def test_what_of_a_group_is_of_a_load_can_be_asked_as_one_thing(grouped: Stage) -> None:
    asked = "/api/v1/consumption?period=day&date=2026-11-19&of=group:1/"
    assert grouped.get(asked + "load:1").json["total"] == 24_000.024
    assert grouped.get(asked + "load:2").json["total"] is None
    assert grouped.get(asked + "others").json["total"] == 24_000.024


@pytest.mark.parametrize("of", ["load:1/group:1", "group:1/device:1", "group:1/", "group:1/load:1/load:2"])
def test_other_combinations_are_refused(grouped: Stage, of: str) -> None:
    assert grouped.get(f"/api/v1/consumption?of={of}").json["error"]["field"] == "of"


def test_views_of_parts_take_only_what_can_be_divided(grouped: Stage) -> None:
    assert grouped.get("/api/v1/consumption/loads?of=load:1").json["error"]["field"] == "of"
    assert grouped.get("/api/v1/consumption/groups?of=group:1").json["error"]["field"] == "of"
    assert grouped.get("/api/v1/consumption/loads?of=group:77").status == 404


def test_the_period_before_is_told_until_the_same_moment_while_this_one_runs(site: Stage) -> None:
    today = site.get("/api/v1/consumption?of=device:1&period=day").json
    assert today["previous"]["so_far"]["total"] == 14.5 * 1000.001 // 0.001 / 1000
    assert site.get("/api/v1/consumption?of=device:1&period=day&date=2026-11-19").json["previous"]["so_far"] is None


def test_all_kinds_stand_side_by_side(billed: Stage) -> None:
    billed.publishes(3, quantities=("water_dm3",))
    answer = billed.get("/api/v1/consumption/fluids?period=day&date=2026-11-19").json
    assert [(each["fluid"], each["unit"]) for each in answer["fluids"]] == [("electricity", "Wh"), ("water", "dm3")]
    alone = billed.get("/api/v1/consumption?period=day&date=2026-11-19").json
    first = answer["fluids"][0]
    assert (first["bins"], first["total"], first["cost"]) == (alone["bins"], alone["total"], alone["cost"])
    assert (answer["fluids"][1]["total"], answer["fluids"][1]["cost"]) == (None, None)
