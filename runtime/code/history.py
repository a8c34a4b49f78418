"""History: counters, samples, corrections, meters that are replaced."""

from __future__ import annotations

from runtime.code.code import N_, Advice, Code

CODES = (
    Code("index_negative", refusal=Advice(N_("An index is never below zero."), N_("Write what the meter shows."))),
    Code(
        "meter_unknown",
        refusal=Advice(
            N_("This device has no such counter."), N_("Choose a counter that the device has told at least once.")
        ),
        field="quantity",
    ),
    Code(
        "meter_index_wrong",
        refusal=Advice(
            N_("These indexes do not fit what was read."),
            N_("Compare the last index of the old meter and the first of the new one, and the time of the exchange."),
        ),
        field="last_index",
    ),
    Code(
        "meter_index_high",
        refusal=Advice(
            N_("This is more than the old meter can have counted."),
            N_("Compare the last index with the old meter. If it is right, confirm it."),
        ),
        status=409,
        field="last_index",
    ),
    Code(
        "correction_empty",
        refusal=Advice(
            N_("The correction changes nothing."), N_("Give an energy other than zero, and a time of up to 400 days.")
        ),
        field="energy",
    ),
    Code(
        "correction_negative",
        refusal=Advice(
            N_("The correction would take more than there is in a part of its time."),
            N_("Take less, or give the time in which that energy was counted: it is taken evenly from all of it."),
        ),
        field="energy",
    ),
    Code(
        "correction_unknown", refusal=Advice(N_("There is no such correction."), N_("Load the page again.")), status=404
    ),
    Code(
        "correction_taken_back",
        event=N_("A correction was taken back"),
        refusal=Advice(N_("This correction was taken back already."), N_("Make a new one if it should count again.")),
        status=409,
    ),
    Code(
        "phantom_unknown",
        refusal=Advice(
            N_("Nothing is booked wrongly there any more."), N_("It was taken back already. Load the page again.")
        ),
        status=404,
    ),
    Code("energy_impossible", event=N_("Energy was booked that cannot have been used: see Is my energy right?")),
    Code("index_checked", event=N_("The index of the meter's display was compared with ours")),
    Code(
        "index_not_read",
        refusal=Advice(
            N_("This counter was not read lately: there is nothing to compare with."),
            N_("See why the device does not answer, then check again."),
        ),
        status=409,
        field="index",
    ),
    Code("counter_rolled_over", event=N_("The counter passed its highest number and began anew")),
    Code("counter_reset", event=N_("The counter was reset")),
    Code("counter_exchanged", event=N_("The counter jumped: another meter seems to be there")),
    Code("counter_returned", event=N_("The counter came back to its earlier index")),
    Code("counter_glitch", event=N_("One reading of the counter was false and was left out")),
    Code("counter_dropped", event=N_("The counter went back a little; nothing was booked")),
    Code("counter_fell_back", event=N_("The counter is lower than it was and is counted on from there")),
    Code("counter_falling", event=N_("The counter falls, and its map does not say that it may; nothing is booked")),
    Code("counter_too_fast", event=N_("The counter climbs faster than its circuit can carry: check scale and rating")),
    Code("counter_unsettled", event=N_("The counter's readings do not agree with each other; nothing is booked")),
    Code("counter_stuck", event=N_("The counter stands still while power flows")),
    Code("counter_gap", event=N_("The counter was not read for a while; its energy was spread over that time")),
    Code("counter_rescaled", event=N_("The counter changed its scale; it is followed from its new index")),
    Code("counter_base_edited", event=N_("The device was edited: no energy lies between its index before and after")),
    Code("sample_before_1970", event=N_("A sample with a time before 1970 was refused")),
    Code("sample_from_future", event=N_("A sample from the future was refused")),
    Code("sample_without_slot", event=N_("A sample that fits no interval was refused")),
    Code("energy_corrected", event=N_("Energy was corrected by hand")),
    Code("meter_replaced", event=N_("The meter was replaced")),
)
