"""From look to look: edges act once, levels all the time, and a restart repeats nothing."""

from __future__ import annotations

from dataclasses import replace

from runtime.core.automation.condition import Facts
from runtime.core.automation.follower import Follower
from runtime.core.automation.spec import AutomationSpec

ONCE = AutomationSpec(1, "Once", "clock", "on", start="10:00", end="11:00", target=9, command="output_1")
LEVEL = replace(ONCE, id=2, name="Level", action="while", command="output_2")


def looks(follower, *minutes):
    steps = [follower.look(Facts(lambda device: None, minute=minute)) for minute in minutes]
    return [([spec.id for spec in step.begun], [is_on for _, is_on in step.levels]) for step in steps]


def followed(*specs, held=None):
    follower = Follower(held)
    follower.follow(specs, {})
    return follower


def test_an_edge_acts_once_and_a_level_all_the_time():
    assert looks(followed(ONCE, LEVEL), 0, 600, 601, 660) == [
        ([], [False]), ([1], [True]), ([], [True]), ([], [False]),
    ]  # fmt: skip


def test_what_is_true_when_the_rule_is_new_acts():
    assert looks(followed(ONCE), 630) == [([1], [])]


def test_what_was_true_before_a_restart_does_not_act_again_and_what_became_true_meanwhile_does():
    assert looks(followed(ONCE, held={1: True}), 630) == [([], [])]
    assert looks(followed(ONCE, held={1: False}), 630) == [([1], [])]


def test_what_nobody_knows_changes_nothing():
    hot = AutomationSpec(1, "Hot", "device", "on", device=1, quantity="temperature_c", sign=">", value=30)
    follower = followed(hot, held={1: True})
    step = follower.look(Facts(lambda device: None))
    assert (step.begun, step.changed, follower.held) == ((), {}, {1: True})


def test_a_rule_that_is_changed_is_new_and_one_that_is_renamed_too():
    follower = followed(ONCE)
    looks(follower, 630)
    follower.follow([ONCE], {})
    assert looks(follower, 631) == [([], [])]
    follower.follow([replace(ONCE, end="12:00")], {})
    assert looks(follower, 632) == [([1], [])]
    follower.follow([replace(ONCE, on=False)], {})
    assert looks(follower, 633) == [([], [])] and follower.held == {}
