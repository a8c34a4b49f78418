"""The program itself: its parts, its clock, how it is started."""

from __future__ import annotations

from runtime.code.code import N_, Advice, Code

CODES = (
    Code("clock_unknown", event=N_("The server does not know the time; samples wait")),
    Code("clock_given_up", event=N_("The time stayed unknown; samples are kept and marked")),
    Code("clock_trusted", event=N_("The time is known again")),
    Code(
        "clock_put_back",
        event=N_("The clock was put back: energy is counted on, and what was recorded ahead lies in its place"),
    ),
    Code("safe_mode_begun", event=N_("Safe mode: the last starts failed, no device is read")),
    Code("safe_mode_left", event=N_("The server left safe mode")),
    Code(
        "safe_mode",
        refusal=Advice(
            N_("The server is in safe mode and reads no device."),
            N_("Read devices again by the button on top of each page."),
        ),
        status=409,
    ),
    Code("child_stuck", event=N_("This part of the program does not answer")),
    Code("child_woke", event=N_("This part of the program answers again")),
    Code("child_quarantined", event=N_("This part of the program crashed too often and rests")),
    Code("child_recovered", event=N_("This part of the program runs steadily again")),
    Code("child_abandoned", event=N_("This part of the program hangs and was given up")),
    Code("actor_crashed", status=500),
    Code("commit_failed", status=500),
    Code("loop_ended", status=500),
    Code("loop_silent", status=500),
    Code("child_spec", status=500),
    Code("stop_from_inside", status=500),
    Code("code_unknown", status=500),
    Code("http_address"),
    Code("http_version"),
)
