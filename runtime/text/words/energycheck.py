"""Words of the page "Is my energy right?": what was seen, what it means, what to do."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from runtime.text.words import N_, Advice

# remark of core/energy/confidence.py -> what it says, what to do
REMARKS: Mapping[str, Advice] = MappingProxyType(
    {
        "not_read": Advice(N_("No index was read yet."), N_("Look at the state of the device first.")),
        "display_never": Advice(
            N_("Nobody has compared it with the meter's display yet."),
            N_("Stand before the meter once, and type the index that it shows."),
        ),
        "display_fits": Advice(N_("The display of the meter shows what we read."), ""),
        "display_differs": Advice(
            N_("The display of the meter shows something else than we read."), N_("See the check of the display below.")
        ),
        "power_fits": Advice(N_("Power and index agree."), ""),
        "power_differs": Advice(
            N_("Power and index disagree for a while."),
            N_("See power against index below: it names what can be wrong."),
        ),
        "index_fits": Advice(N_("The energy booked is the way that the index went."), ""),
        "rest_unexplained": Advice(
            N_("The index went another way than the energy booked, and nothing explains it."),
            N_("Run the check of the database, and compare with the display."),
        ),
        "estimated_much": Advice(
            N_("A large part of this period is estimated."), N_("See when the meter was not read, and why.")
        ),
        "jump_doubtful": Advice(
            N_("For a jump of the index more was booked than can have been used."),
            N_("Take it back with a correction: its time and energy stand below."),
        ),
        "energy_impossible": Advice(
            N_("Energy was booked that cannot have been used."), N_("It stands below: take it back there.")
        ),
        "parts_exceed": Advice(
            N_("The other meters count more than this one."),
            N_("One of them is not behind it, or one has a wrong scale."),
        ),
    }
)

# kind of core/phantom/phantom.py -> what was booked, why it cannot be
PHANTOMS: Mapping[str, Advice] = MappingProxyType(
    {
        "rolled_over": Advice(
            N_("A fall of the index was taken for a roll-over, and more was booked than can have passed."),
            N_("The meter was exchanged or misread. Nothing of it was used."),
        ),
        "reset": Advice(
            N_("The index at which another meter began was booked as energy."),
            N_("That meter counted it elsewhere, or before."),
        ),
        "returned": Advice(
            N_("A single reading was taken for the return of the earlier meter."),
            N_("It was misread: the index went on as before."),
        ),
        "jumped": Advice(
            N_("The index jumped by more than can have passed in that time."),
            N_("It was misread, or shown by another meter."),
        ),
        "edited": Advice(
            N_("The device was edited, and the difference of two indexes was booked as energy."),
            N_("The index before the edit and the one after it have nothing to do with each other."),
        ),
        "reported_twice": Advice(
            N_("An exchange of the meter was reported, and guessed once more from the index."),
            N_("What was booked for the guess was not used."),
        ),
        "negative": Advice(
            N_("Energy below zero was booked for a counter that cannot give back."),
            N_("The index falls, and each fall was taken for a roll-over."),
        ),
    }
)

# result of core/energy/displaycheck.py -> what follows, what to do; {factor}, {transformer} and {other} are filled in
RESULTS: Mapping[str, Advice] = MappingProxyType(
    {
        "fits": Advice(N_("It fits: the display and our reading show the same index."), N_("Nothing is to be done.")),
        "too_small": Advice(
            N_("The index is still too small to say anything."), N_("Check again when the meter has counted more.")
        ),
        "other_counter": Advice(
            N_("The display shows another counter of this meter: {other}."),
            N_("Page the display on to the right counter. If it is the right one, import and export are exchanged."),
        ),
        "other_meter": Advice(
            N_("The display shows the index of another meter: {other}."),
            N_("You stand before that meter, or two addresses are exchanged."),
        ),
        "scale": Advice(N_("The display shows {factor} what we read."), N_("A scale is wrong by a power of ten.")),
        "phases": Advice(
            N_("The display shows {factor} what we read."),
            N_("One phase is read of three, or three of one: compare the model."),
        ),
        "ratio": Advice(
            N_("The display shows {factor} what we read: the ratio of a current transformer ({transformer})."),
            N_("Set the ratio in the meter, or in our settings, but only in one of them."),
        ),
        "differs": Advice(
            N_("The display shows something else, and not by a factor."),
            N_("Read the display again. If it stays so, another meter answers at this address."),
        ),
    }
)

# which scale, where a factor is between both: by whether power agreed with our index then
WHICH_SCALE: Mapping[str, str] = MappingProxyType(
    {
        "fits": N_("Our power agrees with our index: the scale of the whole device is wrong, its power as well."),
        "differs": N_("Our power does not agree with our index: the scale of the energy register alone is wrong."),
        "": N_("Power says nothing yet: compare it with the display as well, to know which scale it is."),
    }
)

# kind of core/energy/powerwitness.py -> what it can be; {factor} is filled in
STRETCHES: Mapping[str, str] = MappingProxyType(
    {
        "sign": N_("Power flows the other way than the index counts: a current transformer is turned, or Supply is."),
        "no_index": N_(
            "Power flows and the index stands still: it counts another circuit, or the wrong register is read."
        ),
        "no_power": N_(
            "The index climbs and power is zero: a current transformer is not connected, or the wrong register."
        ),
        "scale": N_(
            "The index counts {factor} what power makes over time: one of both scales is wrong by a power of ten."
        ),
        "phases": N_(
            "The index counts {factor} what power makes over time: one reads a single phase, the other all three."
        ),
        "ratio": N_(
            "The index counts {factor} what power makes over time: a transformer's ratio is in one of them only."
        ),
        "unnamed": N_("The index counts {factor} what power makes over time."),
    }
)

# event code of a jump -> in a word
JUMPS: Mapping[str, str] = MappingProxyType(
    {
        "counter_exchanged": N_("Another meter"),
        "counter_reset": N_("Reset"),
        "counter_rolled_over": N_("Rolled over"),
        "counter_returned": N_("Came back"),
        "counter_rescaled": N_("New scale"),
        "counter_fell_back": N_("Fell back"),
        "counter_falling": N_("Falls"),
        "meter_replaced": N_("Replaced by hand"),
    }
)
OTHER_JUMP = N_("Jump")

STATES: Mapping[str, str] = MappingProxyType(
    {"fits": N_("agrees"), "differs": N_("disagrees"), "too_little": N_("too little to compare")}
)
