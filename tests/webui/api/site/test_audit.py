"""The audit trail over HTTP, and taking the last change back."""

import pytest

from runtime.store.env import open_store
from tests.webui.api.described import checked
from tests.webui.edited import EditedSite
from webui.http.caller import Caller


@pytest.fixture
def site(tmp_path):
    store = open_store(tmp_path)
    yield EditedSite(store)
    store.close()


def undo(site, value=None):
    return checked(site.send("POST", "/api/v1/undo", value), "/api/v1/undo", "post")


def trail(site, query=""):
    return checked(site.get("/api/v1/audit" + query), "/api/v1/audit").json


def test_it_tells_who_changed_what_from_what_to_what(site):
    site.caller = Caller("Anna <b>", 1)
    site.patch("/api/v1/devices/1", {"name": "=1+1", "load": None})
    (entry,) = trail(site)
    assert (entry["author"], entry["source"]) == ("Anna <b>", "web")
    assert entry["changes"] == [
        {
            "kind": "device", "id": 1, "name": "=1+1", "action": "changed",
            "fields": {"name": {"before": "Meter 1", "after": "=1+1"}, "load": {"before": 1, "after": 0}},
        }
    ]  # fmt: skip


def test_it_is_read_page_by_page(site):
    for number in range(5):
        site.patch("/api/v1/devices/1", {"name": f"n{number}"})
    first = trail(site, "?limit=2")
    then = trail(site, f"?limit=9&before={first[-1]['version']}")
    assert [entry["version"] for entry in (*first, *then)] == [9, 8, 7, 6, 5]


def test_a_device_that_was_erased_comes_back_as_it_was(site):
    before = site.installation.devices
    site.get("/api/v1/devices/2", "DELETE")
    entry = undo(site).json["entry"]
    assert sorted(site.installation.devices, key=lambda device: device.id) == list(before)
    assert entry["undoes"] == entry["version"] - 1
    assert undo(site).json["entry"]["changes"][0]["action"] == "removed"


def test_only_the_change_that_is_meant_is_taken_back(site):
    site.patch("/api/v1/devices/1", {"name": "a"})
    site.patch("/api/v1/devices/1", {"name": "b"})
    refusal = undo(site, {"version": 5})
    assert (refusal.status, refusal.json["error"]["code"]) == (409, "version_stale")
    assert undo(site, {"version": 6}).status == 200
    assert site.installation.device(1).name == "a"


def test_without_a_change_there_is_nothing_to_take_back(site):
    refusal = undo(site)
    assert (refusal.status, refusal.json["error"]["code"]) == (409, "undo_empty")


@pytest.mark.parametrize("value", [{"version": "7"}, {"version": True}, {"x": 1}])
def test_what_is_no_version_is_refused(site, value):
    assert undo(site, value).status == 400
