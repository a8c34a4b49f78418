"""Requests: what a request can get wrong whatever it is about, and why it is not answered now."""

from __future__ import annotations

from runtime.code.code import N_, Advice, Code

_AGAIN = N_("Load the page again, and repeat what you did.")
_FILL = N_("Fill this in.")
_SMALLER = N_("Send less at once.")

CODES = (
    Code("bad_request", refusal=Advice(N_("The server does not understand this request."), _AGAIN)),
    Code("method_not_allowed", refusal=Advice(N_("This cannot be done here."), _AGAIN), status=405),
    Code("timeout", refusal=Advice(N_("The request came in too slowly."), _AGAIN), status=408),
    Code("too_large", refusal=Advice(N_("This is too large."), _SMALLER), status=413),
    Code("too_long", refusal=Advice(N_("This span is too long."), N_("Choose a shorter one."))),
    Code(
        "https_only",
        refusal=Advice(N_("The server speaks HTTPS only."), N_("Begin the address of the page with https://.")),
    ),
    Code(
        "unknown_host",
        refusal=Advice(
            N_("The server does not know this name as its own."),
            N_("Use its address, or name it among the hosts in its settings."),
        ),
    ),
    Code(
        "bad_host",
        refusal=Advice(N_("The server does not know this name as its own."), N_("Use its address.")),
    ),
    Code(
        "not_found",
        refusal=Advice(N_("This is not there any more."), N_("Load the page again.")),
        status=404,
        fault_status=404,
    ),
    Code("missing_parameter", refusal=Advice(N_("This is missing."), _FILL)),
    Code(
        "number_wrong",
        refusal=Advice(N_("This is no number, or has too many decimals."), N_("At most three decimals.")),
    ),
    Code("quantity_unknown", refusal=Advice(N_("There is no such measure here."), N_("Choose one from the list."))),
    Code("moment_wrong", refusal=Advice(N_("This is no date and time."), N_("Choose a date and a time."))),
    Code("moment_ahead", refusal=Advice(N_("This lies in the future."), N_("Choose a time that has passed."))),
    Code("day_wrong", refusal=Advice(N_("This is no date."), N_("Choose a date."))),
    Code("span_empty", refusal=Advice(N_("The end does not lie after the beginning."), N_("Choose a later end."))),
    Code("out_of_range", refusal=Advice(N_("This number is too small or too large."), N_("Choose another one."))),
    Code("field_unknown", refusal=Advice(N_("The server does not know this field."), N_("Load the page again."))),
    Code(
        "body_wrong",
        refusal=Advice(N_("The request cannot be read."), N_("Load the page again and repeat your change.")),
    ),
    Code(
        "starting",
        refusal=Advice(N_("The server is just being started."), N_("Try again in a few seconds.")),
        status=503,
    ),
    Code(
        "busy",
        refusal=Advice(N_("Other requests wait for devices already."), N_("Try again in a few seconds.")),
        status=503,
    ),
    Code("no_reply", refusal=Advice(N_("No answer came in time."), N_("Try again in a few seconds.")), status=503),
    Code(
        "owner_restarted",
        trouble=Advice(N_("A part of the server was restarted."), N_("Values come back by themselves.")),
        status=503,
    ),
    Code("bad_parameter"),
    Code(
        "message_failed",
        refusal=Advice(N_("The server could not do this; nothing was changed."), N_("Its log says why.")),
    ),
)
