"""The cases of OTP's supervisor suite for the strategies we have, and ours on top; no thread runs here."""

from __future__ import annotations

import pytest

from actors.mailbox.base import Actor, Incarnation
from actors.mailbox.incarnation import BeatAnswered, ChildExit
from actors.supervision.child import Fatal, Handle, Launch, Note
from actors.supervision.childspec import ChildSpec
from actors.supervision.decisions import GRACE_S, MOST_ABANDONED, Decisions


def factory(_life: Incarnation) -> Actor:
    raise AssertionError("the nursery makes nobody")


def spec(name: str, **more) -> ChildSpec:
    return ChildSpec(name, factory, **more)


class Told:
    """A nursery whose time and children are told what to do. Jitter 1: the longest delay, beats at the full period."""

    def __init__(self, *specs: ChildSpec) -> None:
        self.nursery = Decisions(lambda: 1.0)
        self.now = 100.0
        self.commands: list = []
        for one in specs:
            self.nursery.add(one, self.now)
        self.passes(0)

    def passes(self, seconds: float) -> Told:
        """Time passes; each deadline is met at its time. Children answer nothing."""
        until = self.now + seconds
        while self.nursery.next_due() <= until:
            self.now = max(self.now, self.nursery.next_due())
            self.nursery.tick(self.now)
        self.now = until
        self.commands += self.nursery.take()
        return self

    def answers_for(self, seconds: float) -> Told:
        """Time passes and whoever is asked for a sign of life gives it."""
        until = self.now + seconds
        while self.nursery.next_due() <= until:
            self.now = max(self.now, self.nursery.next_due())
            self.nursery.tick(self.now)
            new = self.nursery.take()
            self.commands += new
            for command in new:
                if isinstance(command, Handle) and command.what == "beat":
                    self.nursery.answered(BeatAnswered(command.name, command.incarnation, 0), self.now)
        self.now = until
        return self

    def ends(self, name: str, reason: str = "crashed", incarnation: int = 0) -> Told:
        number = incarnation or self.child(name).incarnation
        error = "ValueError: wrong" if reason == "crashed" else ""
        self.nursery.exited(ChildExit(name, number, reason, error), self.now)
        return self.passes(0)

    def crashes(self, name: str, times: int, every_s: float = 8.0) -> Told:
        for _ in range(times):
            self.ends(name).passes(every_s)
        return self

    def child(self, name: str):
        return next(state for state in self.nursery.states() if state.name == name)

    def heard(self, kind=None) -> list:
        commands, self.commands = self.commands, []
        return [command for command in commands if kind is None or isinstance(command, kind)]

    def did(self, what: str) -> list[str]:
        return [command.name for command in self.heard(Handle) if command.what == what]

    def launched(self) -> list[str]:
        return [f"{command.spec.name}.{command.incarnation}" for command in self.heard(Launch)]

    def names(self) -> list[str]:
        return [state.name for state in self.nursery.states()]


# ---- start


def test_children_start_in_their_order():
    assert Told(spec("a"), spec("b"), spec("c")).launched() == ["a.1", "b.1", "c.1"]


def test_a_child_that_cannot_be_made_holds_up_nobody():
    told = Told(spec("a"), spec("b"))
    told.ends("a")
    assert told.child("a").state == "waiting"
    assert told.child("b").state == "running"


# ---- the nine cells of restart type and way of ending


@pytest.mark.parametrize("restart", ["permanent", "transient", "temporary"])
@pytest.mark.parametrize("ending", ["normal", "asked to stop", "crashed"])
def test_restart_types(restart, ending):
    told = Told(spec("a", restart=restart))
    if ending == "asked to stop":
        told.nursery.remove("a", told.now)
    told.ends("a", "crashed" if ending == "crashed" else "normal").passes(1)
    again = ending != "asked to stop" and (restart == "permanent" or (restart == "transient" and ending == "crashed"))
    assert told.launched() == (["a.1", "a.2"] if again else ["a.1"])
    assert (told.names() == []) == (ending == "asked to stop" or restart == "temporary")


def test_a_transient_child_that_ended_normally_stays_listed():
    assert Told(spec("a", restart="transient")).ends("a", "normal").child("a").state == "ended"


def test_only_the_crashed_one_is_started_again():
    told = Told(spec("a"), spec("b"), spec("c"))
    told.heard()
    assert told.ends("b").passes(1).launched() == ["b.2"]


def test_a_temporary_bystander_is_not_touched():
    told = Told(spec("a"), spec("b", restart="temporary"))
    told.ends("a").passes(1)
    assert (told.child("b").state, told.child("b").incarnation) == ("running", 1)


# ---- back-off, quarantine, escalation


def test_a_crashed_child_waits_before_it_starts_again():
    told = Told(spec("a"))
    told.ends("a").heard()
    assert told.passes(0.499).launched() == []
    assert told.passes(0.001).launched() == ["a.2"]


def test_the_fifth_crash_puts_a_leaf_into_quarantine_and_says_so_once():
    told = Told(spec("a")).crashes("a", 4)
    told.heard()
    told.ends("a")
    assert told.heard() == [Note("a", "child_quarantined", "ValueError: wrong")]
    assert told.child("a").state == "quarantined"
    assert told.passes(599).heard() == []


def test_a_quarantined_child_gets_one_try_every_ten_minutes():
    told = Told(spec("a")).crashes("a", 5)
    told.heard()
    assert told.passes(600).launched() == ["a.6"]
    told.ends("a")
    assert told.child("a").state == "quarantined"
    assert told.passes(600).launched() == ["a.7"]


def test_a_quarantined_child_that_is_replaced_gets_its_try_at_once():
    told = Told(spec("a"), spec("b")).crashes("a", 5)
    told.heard()
    told.nursery.replace(spec("a"), told.now)
    assert told.passes(0).launched() == ["a.6"]
    assert (told.child("a").crashes, told.child("b").incarnation) == (0, 1)


def test_a_quarantined_child_that_is_removed_is_gone_at_once():
    told = Told(spec("a"), spec("b")).crashes("a", 5)
    told.nursery.remove("a", told.now)
    assert [state.name for state in told.nursery.states()] == ["b"]
    assert told.passes(2000).did("ask_stop") == []


def test_a_child_that_is_stable_after_quarantine_has_recovered():
    told = Told(spec("a")).crashes("a", 5).passes(600)
    told.heard()
    told.answers_for(620)
    assert [note.code for note in told.heard(Note)] == ["child_recovered"]
    assert told.child("a").crashes == 0


def test_a_leaf_never_escalates():
    told = Told(spec("a"))
    for _ in range(50):
        told.ends("a").passes(601)
    assert told.heard(Fatal) == []


def test_the_third_crash_of_a_core_child_within_a_minute_escalates():
    told = Told(spec("a", core=True)).crashes("a", 2)
    assert told.heard(Fatal) == []
    told.ends("a")
    assert told.heard(Fatal) == [Fatal("core_crashed", "a: ValueError: wrong")]


def test_a_core_child_that_crashes_seldom_does_not_escalate():
    told = Told(spec("a", core=True))
    for _ in range(20):
        told.ends("a").answers_for(35)
    assert told.heard(Fatal) == []
    assert told.child("a").incarnation == 21


def test_one_childs_crashes_are_not_counted_for_another():
    told = Told(spec("a", core=True), spec("b", core=True))
    told.crashes("a", 2).crashes("b", 2)
    assert told.heard(Fatal) == []


# ---- stop


def test_children_stop_one_after_the_other_in_reverse_order():
    told = Told(spec("a"), spec("b"))
    told.nursery.stop_all(None, told.now)
    assert told.passes(0).did("ask_stop") == ["b"]
    assert told.ends("b", "normal").did("ask_stop") == ["a"]
    told.ends("a", "normal")
    assert told.nursery.finished
    assert told.nursery.clean


def test_neighbours_of_one_kind_stop_together():
    told = Told(spec("a"), spec("b1", kind="bus"), spec("b2", kind="bus"), spec("c"))
    told.nursery.stop_all(None, told.now)
    assert told.passes(0).did("ask_stop") == ["c"]
    assert told.ends("c", "normal").did("ask_stop") == ["b2", "b1"]
    assert told.ends("b1", "normal").did("ask_stop") == []
    assert told.ends("b2", "normal").did("ask_stop") == ["a"]


def test_a_child_that_joins_later_stops_with_its_kind():
    told = Told(spec("b1", kind="bus"), spec("c"))
    told.nursery.add(spec("b2", kind="bus"), told.now)
    assert told.names() == ["b1", "b2", "c"]


def test_a_child_over_its_deadline_is_closed_from_outside_then_given_up_and_the_others_still_stop():
    told = Told(spec("a"), spec("b", stop_deadline_s=3.0))
    told.nursery.stop_all(None, told.now)
    told.heard()
    assert told.passes(2.999).did("close_held") == []
    assert told.passes(0.001).did("close_held") == ["b"]
    assert told.passes(GRACE_S).heard(Handle) == [Handle("fence", "b", 1), Handle("ask_stop", "a", 1)]
    told.ends("a", "normal")
    assert told.nursery.finished
    assert not told.nursery.clean


def test_nobody_is_started_again_while_all_stop():
    told = Told(spec("a"), spec("b"), spec("c"))
    told.ends("a")
    told.nursery.stop_all(None, told.now)
    told.heard()
    told.ends("c", "crashed").ends("b", "crashed").passes(100)
    assert told.nursery.finished
    assert told.launched() == []


def test_a_child_added_while_all_stop_is_not_started():
    told = Told(spec("a"))
    told.nursery.stop_all(None, told.now)
    told.nursery.add(spec("b"), told.now)
    told.ends("a", "normal").heard(Launch)
    assert told.nursery.finished


def test_stopping_nobody_is_finished_at_once():
    told = Told()
    told.nursery.stop_all(None, told.now)
    assert told.nursery.finished


# ---- changes while running


def test_a_removed_child_ends_and_is_forgotten():
    told = Told(spec("a"), spec("b"))
    told.nursery.remove("a", told.now)
    assert told.passes(0).did("ask_stop") == ["a"]
    told.ends("a", "normal")
    assert told.names() == ["b"]


def test_a_replaced_child_keeps_its_place_and_starts_when_the_old_one_has_ended():
    told = Told(spec("a"), spec("b"))
    told.heard()
    told.nursery.replace(spec("a", part="new"), told.now)
    assert told.passes(0.5).launched() == []
    assert told.ends("a", "normal").launched() == ["a.2"]
    assert told.names() == ["a", "b"]


def test_a_replaced_child_starts_without_the_crashes_of_the_old_one():
    told = Told(spec("a")).crashes("a", 5)
    told.nursery.replace(spec("a", part="new"), told.now)
    told.passes(0)
    assert (told.child("a").state, told.child("a").crashes) == ("running", 0)


def test_a_name_that_comes_back_gets_a_number_of_its_own():
    told = Told(spec("a"))
    told.nursery.remove("a", told.now)
    told.ends("a", "normal")
    told.nursery.add(spec("a"), told.now)
    assert told.passes(0).child("a").incarnation == 2


def test_a_child_removed_and_added_again_at_once_starts_after_the_old_one():
    told = Told(spec("a"))
    told.heard()
    told.nursery.remove("a", told.now)
    told.nursery.add(spec("a", part=2), told.now)
    assert told.passes(0).launched() == []
    assert told.ends("a", "normal").launched() == ["a.2"]


def test_a_child_added_and_removed_while_the_old_one_leaves_is_gone():
    told = Told(spec("a"))
    told.nursery.replace(spec("a"), told.now)
    told.nursery.remove("a", told.now)
    told.heard()
    told.ends("a", "normal").passes(5)
    assert (told.names(), told.launched()) == ([], [])


def test_a_waiting_child_is_removed_at_once():
    told = Told(spec("a")).ends("a")
    told.nursery.remove("a", told.now)
    told.heard()
    assert (told.names(), told.passes(5).launched()) == ([], [])


# ---- signs of life


def test_a_child_that_answers_lives_on():
    told = Told(spec("a")).answers_for(3600)
    assert set(told.did("beat")) == {"a"}
    assert told.child("a").state == "running"


def test_core_children_are_asked_more_often():
    told = Told(spec("a", core=True), spec("b")).answers_for(20)
    beats = told.did("beat")
    assert (beats.count("a"), beats.count("b")) == (10, 2)


def test_a_silent_child_has_what_it_holds_closed_and_may_come_back():
    told = Told(spec("a", stuck_s=30)).passes(10)
    assert told.passes(29.9).did("close_held") == []
    assert told.passes(0.1).did("close_held") == ["a"]
    assert told.child("a").state == "stuck"
    told.nursery.answered(BeatAnswered("a", 1, 5), told.now)
    assert (told.child("a").state, told.child("a").depth) == ("running", 5)


def test_a_silent_child_that_then_crashes_is_started_again():
    told = Told(spec("a")).passes(40)
    told.heard()
    assert told.ends("a", "normal").passes(1).launched() == ["a.2"]


def test_a_stuck_leaf_is_abandoned_fenced_reported_and_replaced():
    told = Told(spec("a")).passes(40)
    told.heard()
    told.passes(GRACE_S)
    assert told.heard(Handle) == [Handle("fence", "a", 1)]
    assert told.nursery.abandoned() == ("a (incarnation 1)",)
    assert told.passes(0.5).launched() == ["a.2"]


def test_the_late_ending_of_an_abandoned_life_does_not_touch_the_new_one():
    told = Told(spec("a")).passes(40 + GRACE_S)
    told.ends("a", incarnation=1)
    assert told.child("a").state == "waiting"
    told.passes(0.5).ends("a", incarnation=1)
    assert (told.child("a").state, told.child("a").incarnation) == ("running", 2)
    assert told.nursery.abandoned() == ()


def test_an_exclusive_owner_gets_no_second_life_while_the_first_hangs():
    told = Told(spec("a", exclusive=True)).passes(40 + GRACE_S)
    told.heard()
    assert told.passes(3600).launched() == []
    assert told.child("a").state == "abandoned"
    assert told.ends("a", "normal").passes(0.5).launched() == ["a.2"]


def test_removing_and_adding_does_not_get_round_that():
    told = Told(spec("a", exclusive=True)).passes(40 + GRACE_S)
    told.heard()
    told.nursery.remove("a", told.now)
    told.nursery.add(spec("a", exclusive=True, part=2), told.now)
    assert told.passes(3600).launched() == []
    assert told.ends("a", "crashed", incarnation=1).passes(0.5).launched() == ["a.2"]


def test_a_stuck_core_child_is_fatal():
    told = Told(spec("a", core=True)).passes(2 + 30 + GRACE_S)
    assert [fatal.code for fatal in told.heard(Fatal)] == ["core_stuck"]


def test_too_many_abandoned_threads_are_fatal():
    told = Told(*(spec(f"a{number}") for number in range(MOST_ABANDONED + 1))).passes(40 + GRACE_S)
    assert [fatal.code for fatal in told.heard(Fatal)] == ["too_many_abandoned"]


def test_an_answer_of_an_older_life_does_not_count():
    told = Told(spec("a")).ends("a").passes(1)
    told.nursery.answered(BeatAnswered("a", 1, 9), told.now)
    assert told.child("a").depth == 0


def test_a_beat_that_is_late_is_not_asked_for_twice():
    told = Told(spec("a")).passes(39)
    assert told.did("beat") == ["a"]


def test_a_stuck_child_that_leaves_is_given_up_at_its_deadline():
    told = Told(spec("a")).passes(40)
    told.nursery.remove("a", told.now)
    told.passes(2 + GRACE_S)
    assert (told.names(), told.nursery.abandoned()) == ([], ("a (incarnation 1)",))


def test_nor_does_an_owner_in_between_that_was_not_exclusive():
    told = Told(spec("a", exclusive=True)).passes(40 + GRACE_S)
    told.nursery.replace(spec("a"), told.now)
    told.passes(1)
    told.nursery.replace(spec("a", exclusive=True), told.now)
    told.heard()
    assert told.ends("a", "normal", incarnation=2).passes(3600).launched() == []
    assert told.ends("a", "normal", incarnation=1).passes(0.5).launched() == ["a.3"]


def test_a_deadline_lost_to_rounding_does_not_keep_the_supervisor_turning():
    for step in range(2000):
        told = Told()
        told.now = 1000.0 + step * 0.0137
        told.nursery.add(spec("a", stuck_s=30), told.now)
        told.passes(60)
        assert told.child("a").incarnation == 2
