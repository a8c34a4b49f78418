"""What people ask to be done to history is done once, in its turn, and answered."""

from __future__ import annotations

from dataclasses import replace

import pytest

from actors.mailbox.reply import new_reply, wait_for
from actors.message.history import CancelRecompute, Correct, Recompute, ReplaceMeter, TakeBackCorrection
from runtime.core.clock import timegrid
from runtime.core.tariff.rules import RuleSpec
from runtime.core.tariff.tariffs import Price, TariffSpec
from runtime.errors import WattkeeperError
from runtime.store.energy.corrections import all_corrections
from runtime.store.history import History
from runtime.store.sample.rows import Rows
from tests.actors.recorder.test_recorder import SITE, Scene
from tests.runtime.store.site import ENERGY, PARIS, STEP_S, T0, bins_as_stored, bins_from_rows, index_n, sample

PAID = replace(SITE, tariffs=(TariffSpec(1, "All", prices=(Price(1, 100_000),), unpriced=2),), rules=(RuleSpec(1, 1),))
TODAY = timegrid.day_of(T0, PARIS)


@pytest.fixture
def scene(tmp_path):
    scene = Scene(tmp_path / "store")
    for slot in range(3):
        scene.stage.clock.advance(STEP_S)
        scene.tell(*(sample(device, T0 + slot * STEP_S) for device in (1, 2)))
    yield scene
    scene.recorder.on_end()
    scene.store.close()


def asked(scene, message):
    scene.tell(message)
    return wait_for(message.reply, 0)


def cost_p(scene):
    date = timegrid.local(T0, PARIS).date()
    chart = History(scene.store).consumption(PAID, of="total", fluid="electricity", period="day", date=date, zone=PARIS)
    return chart.cost_p


def recompute(first, last):
    return Recompute(first, last, "Ada", new_reply())


def test_a_recomputation_goes_on_by_itself_and_tells_how_far_it_is(scene):
    scene.stage.views.publish("installation", PAID)
    assert cost_p(scene) is None
    assert asked(scene, recompute(TODAY - 3, TODAY)) is True
    view = scene.stage.views.get("recompute")
    assert (view.done, view.days, view.state) == (4, 4, "done")
    assert cost_p(scene) > 0
    scene.wait(2)
    assert "costs_recomputed" in scene.codes()


def test_a_recomputation_can_be_cancelled_and_only_one_is_at_work(scene):
    scene.stage.views.publish("installation", PAID)
    second = recompute(TODAY, TODAY)
    scene.tell(recompute(TODAY - 400, TODAY), second, CancelRecompute())
    view = scene.stage.views.get("recompute")
    assert view.state == "cancelled" and view.done < view.days
    with pytest.raises(WattkeeperError, match="another recomputation"):
        wait_for(second.reply, 0)
    assert asked(scene, recompute(TODAY, TODAY)) is True


def test_24_what_was_answered_with_no_reply_was_not_done(scene):
    order = Correct(1, ENERGY, T0, T0 + 600, 500, "Ada", "a bad day", new_reply())
    with pytest.raises(WattkeeperError, match="no reply"):
        wait_for(order.reply, 0)
    scene.tell(order)
    assert all_corrections(scene.store) == ()
    again = Correct(1, ENERGY, T0, T0 + 600, 500, "Ada", "a bad day", new_reply())
    assert asked(scene, again).id == 1


def test_24_a_meter_replaced_after_90_days_of_silence_is_booked_by_hours(scene):
    site = replace(PAID, interval_s=60)
    scene.stage.views.publish("installation", site)
    at_ms = (T0 + 90 * 86_400 + 300) * 1000
    order = ReplaceMeter(1, ENERGY, at_ms, index_n(1, at_ms), 5_000, "Ada", new_reply())
    assert asked(scene, order) == 0
    with scene.store.reading() as txn:
        lengths = [row.interval_s for row in Rows(scene.store).scan_device(txn, 1, T0, at_ms // 1000)]
    assert 90 * 24 <= len(lengths) <= 91 * 24 + 2 * 60 and lengths.count(3600) > 89 * 24
    assert bins_as_stored(scene.store) == bins_from_rows(scene.store)


def test_a_recomputation_of_nothing_is_refused(scene):
    with pytest.raises(WattkeeperError) as refused:
        asked(scene, recompute(TODAY, TODAY - 1))
    assert refused.value.code == "recompute_empty"


def test_corrections_are_made_and_taken_back(scene):
    order = Correct(1, ENERGY, T0, T0 + 600, 500, "Ada", "a bad day", new_reply())
    made = asked(scene, order)
    assert all_corrections(scene.store) == (made,)
    undone = asked(scene, TakeBackCorrection(made.id, "Bob", new_reply()))
    assert undone.taken_back_by == "Bob"
    with pytest.raises(WattkeeperError):
        asked(scene, TakeBackCorrection(77, "Bob", new_reply()))
    assert scene.codes()[:2] == ["correction_taken_back", "energy_corrected"]


def test_an_exchange_waits_for_what_was_measured_before(scene):
    scene.stage.clock.advance(STEP_S)
    scene.tell(sample(1, T0 + 3 * STEP_S))  # device 2 is late
    at_ms = (T0 + 4 * STEP_S + 60) * 1000
    order = ReplaceMeter(1, ENERGY, at_ms, index_n(1, at_ms), 0, "Ada", new_reply())
    assert asked(scene, order) == 0
    assert (T0 + 3 * STEP_S, 1) in scene.rows()
    wrong = ReplaceMeter(1, ENERGY, at_ms + 1000, 10**12, 0, "Ada", new_reply())
    with pytest.raises(WattkeeperError) as refused:
        asked(scene, wrong)
    assert refused.value.code == "meter_index_high"
    confirmed = replace(wrong, confirmed=True, reply=new_reply())
    assert asked(scene, confirmed) == 0
