"""What an edit changed, and taking it back."""

from dataclasses import replace

import pytest

from runtime.core.edit import edits
from runtime.core.site.diff import changes_between, etag_of, undo_changes
from runtime.core.site.grouping import LOAD
from runtime.core.site.hardware import DEVICE
from runtime.core.site.installation import DeviceSpec, GatewaySpec, Installation, LoadSpec, as_record, from_record
from runtime.core.tariff.rules import RuleSpec
from runtime.errors import ConfigError

SITE = Installation(
    version=3,
    gateways=(GatewaySpec(1, "Hall", "tcp://h"),),
    devices=(DeviceSpec(1, "Main", 1, 1, "m", groups=(2, 3)), DeviceSpec(2, "Oven", 1, 2, "m", load=1)),
    loads=(LoadSpec(1, "Ovens"),),
    rules=(RuleSpec(1, 1), RuleSpec(2, 1)),
)


def test_nothing_changed_between_equal_trees():
    assert changes_between(SITE, replace(from_record(as_record(SITE)), version=9)) == ()


def test_a_change_names_object_and_fields_before_and_after():
    after = edits.patch(DEVICE, 2, {"load": None, "name": "Kiln"})(SITE)
    (change,) = changes_between(SITE, after)
    assert (change.kind, change.id, change.name, change.action) == ("device", 2, "Kiln", "changed")
    assert change.fields == {"name": ("Oven", "Kiln"), "load": (1, 0)}


def test_what_was_removed_is_told_whole():
    (change,) = changes_between(SITE, edits.erase(DEVICE, 1)(SITE))
    assert (change.action, change.fields["groups"], change.fields["unit"]) == ("removed", ([2, 3], None), (1, None))


@pytest.mark.parametrize(
    "edit",
    [
        edits.patch(DEVICE, 1, {"groups": [], "parameters": {"at": "0x10"}}),
        edits.erase(DEVICE, 2),
        edits.erase(LOAD, 1),
        edits.add(DEVICE, {"gateway": 1, "unit": 9, "model": "m"}),
        edits.settings({"name": "Works", "interval_s": 60}),
        lambda site: replace(site, rules=site.rules[::-1]),
        lambda site: replace(site, rules=site.rules[:1]),
    ],
)
def test_any_edit_can_be_taken_back_and_the_numbers_stay_given(edit):
    after = edit(SITE)
    back = undo_changes(after, changes_between(SITE, after))
    assert changes_between(SITE, back) == ()
    assert back.used == after.used


def test_another_object_that_changed_meanwhile_stays_changed():
    first = edits.patch(DEVICE, 1, {"name": "Incomer"})(SITE)
    second = edits.patch(DEVICE, 2, {"name": "Kiln"})(first)
    back = undo_changes(second, changes_between(SITE, first))
    assert [device.name for device in back.devices] == ["Main", "Kiln"]


@pytest.mark.parametrize(
    ("edit", "later"),
    [
        (edits.patch(DEVICE, 1, {"name": "A"}), edits.patch(DEVICE, 1, {"name": "B"})),
        (edits.patch(DEVICE, 1, {"name": "A"}), edits.erase(DEVICE, 1)),
        (edits.settings({"interval_s": 60}), edits.settings({"interval_s": 300})),
    ],
)
def test_what_was_changed_again_is_not_taken_back(edit, later):
    after = edit(SITE)
    with pytest.raises(ConfigError) as refused:
        undo_changes(later(after), changes_between(SITE, after))
    assert refused.value.code == "undo_unfit"


def test_the_mark_of_an_object_changes_with_any_field_and_survives_the_store():
    main = SITE.devices[0]
    assert etag_of(main) == etag_of(from_record(as_record(SITE)).devices[0])
    assert len({etag_of(each) for each in (main, replace(main, name="x"), replace(main, groups=(3, 2)))}) == 3
