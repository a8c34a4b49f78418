from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from runtime.core.view import ArchivistView, Outcome, Trouble
from tests.webui.api.recording import recorded_site
from tests.webui.stage import NOW_TS, Stage

ENERGY = "active_energy_import_wh"


@pytest.fixture
def recorded(tmp_path: Path) -> Iterator[Stage]:
    with recorded_site(tmp_path / "store") as made:
        made.publishes(1, quantities=(ENERGY, "active_power_w"))
        yield made


def test_the_page_of_a_device_leads_to_its_meter_and_corrections(recorded: Stage) -> None:
    assert "/devices/1/history" in recorded.get("/devices/1").text
    page = recorded.get("/devices/1/history").text
    assert "1,234.57 kWh" in page and "Nothing was corrected" in page
    assert "/api/v1/devices/1/replace-meter" in page and 'value="2026-11-20T14:30"' in page
    assert recorded.get("/devices/77/history").status == 404


def test_corrections_are_listed_with_who_why_and_whether_they_still_hold(recorded: Stage) -> None:
    asked = {
        "device": 1, "start": "2026-11-19T00:00", "end": "2026-11-20T00:00", "energy": -1.5, "unit": "kWh",
        "reason": "<b>x",
    }  # fmt: skip
    assert recorded.send("POST", "/api/v1/corrections", asked).status == 201
    page = recorded.get("/devices/1/history").text
    assert "-1.50 kWh" in page and "&lt;b&gt;x" in page and 'data-path="/api/v1/corrections/1"' in page
    recorded.send("DELETE", "/api/v1/corrections/1")
    assert "taken back" in recorded.get("/devices/1/history").text


def test_a_device_that_told_nothing_has_nothing_to_replace(recorded: Stage) -> None:
    recorded.publishes(2, quantities=(), values_n=())
    page = recorded.get("/devices/2/history").text
    assert "has told no index yet" in page and "replace-meter" not in page


def test_a_device_with_several_kinds_of_counters_lets_choose(recorded: Stage) -> None:
    page = recorded.get("/devices/3/history").text
    assert "Reactive energy imported" in page and '<option value="kvarh"' in page


def test_the_archive_says_how_it_is_and_what_other_settings_would_free(recorded: Stage) -> None:
    bad = Outcome("medium", NOW_TS * 1000, "medium_missing", "/media/stick is not there")
    recorded.views.publish(
        "archivist", ArchivistView(trouble=Trouble(bad.code, bad.detail, bad.at_ms), outcomes=(bad,), shrinks=True)
    )
    for path in ("/server/archive", "/system"):
        page = recorded.get(path).text
        assert "The medium for backups is not there." in page and "Room left" in page
        assert 'data-path="/api/v1/archive/optimise"' in page and "at the next start" in page
    assert "For ever" in recorded.get("/server/archive").text
