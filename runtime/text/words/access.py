"""Access: logging in, users, tokens, the first set-up."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from runtime.text.words import N_, Advice

REFUSALS: Mapping[str, Advice] = MappingProxyType(
    {
        "login_failed": Advice(
            N_("PIN or PUK is not right."), N_("Try again. After a few wrong tries the pauses grow.")
        ),
        "login_slowed": Advice(N_("There were too many wrong tries."), N_("Wait a moment, then try again.")),
        "login_busy": Advice(N_("Other logins are being checked."), N_("Try again in a few seconds.")),
        "puk_needed": Advice(N_("This browser is not known."), N_("Log in with PIN and PUK.")),
        "login_needed": Advice(N_("You are not logged in, or no longer."), N_("Log in and try again.")),
        "not_allowed": Advice(N_("You may not do this."), N_("Ask an administrator to give you the right to it.")),
        "pin_again": Advice(N_("Give your PIN again."), N_("It was given more than 15 minutes ago.")),
        "pin_wrong": Advice(N_("The PIN is not right."), N_("After five wrong tries you are logged out.")),
        "csrf_wrong": Advice(N_("This page is out of date."), N_("Load the page again and repeat your change.")),
        "origin_wrong": Advice(
            N_("The request did not come from a page of this server."), N_("Open the server's own page and try there.")
        ),
        "set_up_needed": Advice(N_("This server is not set up yet."), N_("Open its page and choose the first codes.")),
        "set_up_already": Advice(N_("This server is set up already."), N_("Log in with your PIN and PUK.")),
        "set_up_from_afar": Advice(
            N_("A server is set up from its own network."),
            N_("Use a computer or phone in the same network as the server."),
        ),
        "pin_form": Advice(N_("A PIN has 5 digits."), ""),
        "pin_factory": Advice(N_("This PIN is printed in the manual."), N_("Choose another one.")),
        "pin_easy": Advice(N_("This PIN is too easy to guess."), N_("Choose another one.")),
        "pin_used": Advice(N_("Another user has this PIN."), N_("Choose another one.")),
        "puk_form": Advice(N_("A PUK has 14 digits."), ""),
        "puk_factory": Advice(N_("This PUK is printed in the manual."), N_("Choose another one.")),
        "puk_easy": Advice(N_("This PUK is too easy to guess."), N_("Choose another one, or let one be suggested.")),
        "codes_incomplete": Advice(N_("PIN and PUK belong together."), N_("Give both, or neither.")),
        "user_unknown": Advice(N_("There is no such user."), N_("Load the page again.")),
        "user_name_form": Advice(N_("A name has 1 to 40 characters."), ""),
        "user_name_taken": Advice(N_("Another user has this name."), N_("Choose another one.")),
        "user_too_many": Advice(N_("There are 100 users already."), N_("Remove one that is not needed any more.")),
        "last_administrator": Advice(
            N_("Somebody must be able to change users."), N_("Give another user that right first.")
        ),
        "own_rights": Advice(N_("Nobody changes his own rights."), N_("Ask another administrator to do it.")),
        "token_unknown": Advice(N_("There is no such token."), N_("Load the page again.")),
        "token_name_form": Advice(N_("A name has 1 to 40 characters."), ""),
        "token_too_many": Advice(N_("There are 100 tokens already."), N_("Remove one that is not needed any more.")),
        "rights_form": Advice(N_("These rights are not known."), N_("Load the page again.")),
    }
)
EVENTS: Mapping[str, str] = MappingProxyType(
    {
        "login_succeeded": N_("Somebody logged in"),
        "login_failed": N_("A login failed"),
        "logged_out": N_("Somebody logged out"),
        "locked": N_("Somebody locked the access of a browser"),
        "browser_forgotten": N_("A known browser needs the PUK again"),
        "user_added": N_("A user was added"),
        "user_changed": N_("A user was changed"),
        "user_removed": N_("A user was removed"),
        "token_added": N_("A token for a program was made"),
        "token_removed": N_("A token for a program was removed"),
        "set_up_done": N_("The server was set up"),
        "access_reset": N_("The administrator was given new codes at the machine"),
        "access_key_foreign": N_("The codes were made on another machine and open nothing here"),
    }
)
