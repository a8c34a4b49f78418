from dataclasses import replace

import pytest

from runtime.core.edit import edits
from runtime.core.edit.proposal import propose
from runtime.core.site.hardware import DEVICE
from runtime.core.site.installation import DeviceSpec, Installation
from runtime.errors import ConfigError, Fault

SITE = Installation(version=4, devices=(DeviceSpec(1, "a", 1, 1, "m"), DeviceSpec(2, "b", 1, 2, "gone")))
OLD = Fault("edit", "device 2.model", "no such model", "", "model_unknown", "device", 2, "model")


def test_an_edit_makes_the_next_version_and_dates_what_changes():
    proposal = propose(SITE, edits.patch(DEVICE, 1, {"excluded": True}), lambda site: [], 1_780_000_000)
    assert proposal.installation.version == 5
    assert [row.from_ts > 1_780_000_000 for row in proposal.installation.assignments] == [False, True]
    assert [change.id for change in proposal.changes] == [1]


def test_an_edit_that_changes_nothing_is_no_version_and_is_not_checked():
    assert propose(SITE, lambda site: replace(site, version=99), lambda site: [OLD], 0).installation is SITE


def test_a_fault_of_another_object_that_was_there_before_keeps_nobody_from_working():
    assert propose(SITE, edits.patch(DEVICE, 1, {"name": "c"}), lambda site: [OLD], 0).changes


def test_a_fault_of_the_edited_object_is_refused_though_it_was_there_before():
    with pytest.raises(ConfigError):
        propose(SITE, edits.patch(DEVICE, 2, {"name": "c"}), lambda site: [OLD], 0)


def test_of_two_that_want_the_same_the_edited_one_is_to_blame():
    def check(site):
        first, second = site.devices
        return [replace(OLD, id=second.id, field="name", code="name_taken")] if first.name == second.name else []

    with pytest.raises(ConfigError) as refused:
        propose(SITE, edits.patch(DEVICE, 1, {"name": "b"}), check, 0)
    assert [(fault.id, fault.field) for fault in refused.value.faults] == [(1, "name")]


def test_the_order_of_what_is_kept_is_not_that_of_the_check():
    kept = propose(SITE, edits.patch(DEVICE, 1, {"name": "c"}), lambda site: [], 0).installation
    assert [device.id for device in kept.devices] == [1, 2]


def test_maps_that_changed_are_noted_though_nobody_edited():
    proposal = propose(SITE, lambda site: site, lambda site: [], 0, lambda site: replace(site, doubted=(1,)))
    assert (proposal.installation.version, proposal.installation.doubted, proposal.changes) == (5, (1,), ())
