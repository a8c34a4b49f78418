"""Access: logging in, users, tokens, the first set-up."""

from __future__ import annotations

from runtime.code.code import N_, Advice, Code

CODES = (
    Code(
        "login_failed",
        event=N_("A login failed"),
        refusal=Advice(N_("PIN or PUK is not right."), N_("Try again. After a few wrong tries the pauses grow.")),
        status=401,
    ),
    Code(
        "login_slowed",
        refusal=Advice(N_("There were too many wrong tries."), N_("Wait a moment, then try again.")),
        status=429,
    ),
    Code(
        "login_busy",
        refusal=Advice(N_("Other logins are being checked."), N_("Try again in a few seconds.")),
        status=503,
    ),
    Code("puk_needed", refusal=Advice(N_("This browser is not known."), N_("Log in with PIN and PUK.")), status=401),
    Code(
        "login_needed",
        refusal=Advice(N_("You are not logged in, or no longer."), N_("Log in and try again.")),
        status=401,
    ),
    Code(
        "not_allowed",
        refusal=Advice(N_("You may not do this."), N_("Ask an administrator to give you the right to it.")),
        status=403,
    ),
    Code(
        "pin_again",
        refusal=Advice(N_("Give your PIN again."), N_("It was given more than 15 minutes ago.")),
        status=403,
    ),
    Code(
        "pin_wrong",
        refusal=Advice(N_("The PIN is not right."), N_("After five wrong tries you are logged out.")),
        status=403,
        field="pin",
    ),
    Code(
        "csrf_wrong",
        refusal=Advice(N_("This page is out of date."), N_("Load the page again and repeat your change.")),
        status=403,
    ),
    Code(
        "origin_wrong",
        refusal=Advice(
            N_("The request did not come from a page of this server."), N_("Open the server's own page and try there.")
        ),
        status=403,
    ),
    Code(
        "set_up_needed",
        refusal=Advice(N_("This server is not set up yet."), N_("Open its page and choose the first codes.")),
        status=401,
    ),
    Code(
        "set_up_already",
        refusal=Advice(N_("This server is set up already."), N_("Log in with your PIN and PUK.")),
        status=409,
    ),
    Code(
        "set_up_from_afar",
        refusal=Advice(
            N_("A server is set up from its own network."),
            N_("Use a computer or phone in the same network as the server."),
        ),
        status=403,
    ),
    Code("pin_form", refusal=Advice(N_("A PIN has 5 digits."), ""), field="pin"),
    Code(
        "pin_factory", refusal=Advice(N_("This PIN is printed in the manual."), N_("Choose another one.")), field="pin"
    ),
    Code("pin_easy", refusal=Advice(N_("This PIN is too easy to guess."), N_("Choose another one.")), field="pin"),
    Code("pin_used", refusal=Advice(N_("Another user has this PIN."), N_("Choose another one.")), field="pin"),
    Code("puk_form", refusal=Advice(N_("A PUK has 14 digits."), ""), field="puk"),
    Code(
        "puk_factory", refusal=Advice(N_("This PUK is printed in the manual."), N_("Choose another one.")), field="puk"
    ),
    Code(
        "puk_easy",
        refusal=Advice(N_("This PUK is too easy to guess."), N_("Choose another one, or let one be suggested.")),
        field="puk",
    ),
    Code(
        "codes_incomplete",
        refusal=Advice(N_("PIN and PUK belong together."), N_("Give both, or neither.")),
        field="puk",
    ),
    Code("user_unknown", refusal=Advice(N_("There is no such user."), N_("Load the page again.")), status=404),
    Code("user_name_form", refusal=Advice(N_("A name has 1 to 40 characters."), ""), field="name"),
    Code(
        "user_name_reserved",
        refusal=Advice(
            N_("This name could be taken for another's."),
            N_("Choose one of letters of one alphabet that means nobody else."),
        ),
        field="name",
    ),
    Code(
        "token_name_taken",
        refusal=Advice(N_("Another token has this name, or one that looks like it."), N_("Choose another one.")),
        field="name",
    ),
    Code(
        "user_name_taken",
        refusal=Advice(N_("Another user has this name, or one that looks like it."), N_("Choose another one.")),
        field="name",
    ),
    Code(
        "user_too_many",
        refusal=Advice(N_("There are 100 users already."), N_("Remove one that is not needed any more.")),
    ),
    Code(
        "last_administrator",
        refusal=Advice(N_("Somebody must be able to change users."), N_("Give another user that right first.")),
    ),
    Code(
        "own_rights",
        refusal=Advice(N_("Nobody changes his own rights."), N_("Ask another administrator to do it.")),
        status=403,
    ),
    Code("token_unknown", refusal=Advice(N_("There is no such token."), N_("Load the page again.")), status=404),
    Code("token_name_form", refusal=Advice(N_("A name has 1 to 40 characters."), ""), field="name"),
    Code(
        "token_too_many",
        refusal=Advice(N_("There are 100 tokens already."), N_("Remove one that is not needed any more.")),
    ),
    Code("rights_form", refusal=Advice(N_("These rights are not known."), N_("Load the page again."))),
    Code("login_succeeded", event=N_("Somebody logged in")),
    Code("logged_out", event=N_("Somebody logged out")),
    Code("locked", event=N_("Somebody locked the access of a browser")),
    Code("browser_forgotten", event=N_("A known browser needs the PUK again")),
    Code("user_added", event=N_("A user was added")),
    Code("user_changed", event=N_("A user was changed")),
    Code("user_removed", event=N_("A user was removed")),
    Code(
        "screen_page_wrong",
        refusal=Advice(
            N_("A public screen cannot show this page."),
            N_("Pages of devices, consumptions, curves, charging and alarms can be shown, each by its address."),
        ),
        status=400,
        field="pages",
    ),
    Code(
        "screen_unknown",
        refusal=Advice(N_("This display link is not valid, or no longer."), N_("Ask an administrator for a new one.")),
        status=401,
    ),
    Code("screen_added", event=N_("A display link for a public screen was made")),
    Code("screen_removed", event=N_("A display link was revoked")),
    Code("idle_time_changed", event=N_("How long live values keep a session open was changed")),
    Code("token_added", event=N_("A token for a program was made")),
    Code("token_removed", event=N_("A token for a program was removed")),
    Code("set_up_done", event=N_("The server was set up")),
    Code("access_reset", event=N_("The administrator was given new codes at the machine")),
    Code("access_key_foreign", event=N_("The codes were made on another machine and open nothing here")),
)
