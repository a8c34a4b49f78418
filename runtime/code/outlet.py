"""Outlets: what keeps a message from being delivered, and what became of it."""

from __future__ import annotations

from runtime.code.code import N_, Advice, Code

_AGAIN = N_("It is tried again.")

CODES = (
    Code(
        "outlet_unreachable",
        refusal=Advice(
            N_("The server of the outlet cannot be reached."),
            N_("Check its name and port, and that this machine reaches the network it is in."),
        ),
        status=502,
    ),
    Code(
        "outlet_timeout",
        refusal=Advice(
            N_("The server of the outlet does not answer in time."),
            N_("Check port and encryption: a server that waits for TLS says nothing without it."),
        ),
        status=504,
    ),
    Code(
        "outlet_certificate",
        refusal=Advice(
            N_("The certificate of the outlet's server is not to be trusted."),
            N_("Use the name that its certificate is for; the machine must trust whoever signed it."),
        ),
        status=502,
    ),
    Code(
        "outlet_without_tls",
        refusal=Advice(
            N_("The server of the outlet offers no encryption."),
            N_("Choose another port or kind of encryption; without any only if everybody on the way may read it."),
        ),
        status=502,
    ),
    Code(
        "outlet_login",
        refusal=Advice(
            N_("The server of the outlet refuses the name, password or token."), N_("Type them again, then test.")
        ),
        status=502,
    ),
    Code(
        "outlet_secret_missing",
        refusal=Advice(
            N_("A password or token is missing, or it was sealed on another machine."), N_("Type it in again.")
        ),
        status=409,
    ),
    Code(
        "outlet_later",
        refusal=Advice(N_("The server of the outlet asks to come again later."), _AGAIN),
        status=502,
    ),
    Code(
        "outlet_mailbox_full",
        refusal=Advice(N_("The mailbox of the recipient is full."), N_("Make room in it.")),
        status=502,
    ),
    Code(
        "outlet_recipient",
        refusal=Advice(N_("The server of the outlet does not take messages for this recipient."), N_("Correct it.")),
        status=502,
    ),
    Code(
        "outlet_refused",
        refusal=Advice(N_("The server of the outlet refuses the message."), N_("Its own words say why.")),
        status=502,
    ),
    Code(
        "outlet_answer",
        refusal=Advice(
            N_("What answers there is no server of this kind."), N_("Check address, port and kind of encryption.")
        ),
        status=502,
    ),
    Code(
        "outlet_nobody",
        refusal=Advice(N_("Nobody has enlisted yet."), N_("Send the password to the bot first.")),
        status=409,
    ),
    Code(
        "outlet_kind_unknown",
        refusal=Advice(
            N_("No loaded plugin has outlets of this kind."), N_("Load its plugin, or choose another kind.")
        ),
        field="kind",
    ),
    Code("outlet_unknown", refusal=Advice(N_("There is no such outlet."), N_("Load the page again.")), status=404),
    Code(
        "outlet_setting_wrong",
        refusal=Advice(N_("A setting of the outlet is not right."), N_("Correct it.")),
    ),
    Code(
        "secret_short",
        refusal=Advice(
            N_("A password that strangers may guess has at least 8 characters."), N_("Choose a longer one.")
        ),
        field="password",
    ),
    Code(
        "chat_unknown",
        refusal=Advice(N_("Nobody of that number has enlisted."), N_("Load the page again.")),
        status=404,
    ),
    Code(
        "link_wrong",
        refusal=Advice(
            N_("This is no address of pages."), N_("Write it with http:// or https://, as one types it in a browser.")
        ),
        field="link",
    ),
    Code(
        "mail_address_wrong",
        refusal=Advice(N_("An e-mail address is not right."), N_("Write a comma between two addresses.")),
        field="recipients",
    ),
    Code(
        "recipients_missing",
        refusal=Advice(N_("It is not known whom to send it to."), N_("Write one e-mail address or several.")),
        field="recipients",
    ),
    Code("minute_wrong", refusal=Advice(N_("This is no time of the day."), N_("Write it like 22:30."))),
    Code(
        "rules_fight",
        refusal=Advice(
            N_("Two rules would fight over the same output."),
            N_("Change one of them: their hours, their values, or what they do."),
        ),
        field="command",
    ),
    Code(
        "frame_reversed",
        refusal=Advice(N_("The end is not after the start."), N_("An end of 00:00 is midnight.")),
        field="end",
    ),
    Code(
        "output_unknown",
        refusal=Advice(N_("The device has no such output that can be switched."), N_("Choose one of its outputs.")),
        field="command",
    ),
    Code(
        "rule_incomplete",
        refusal=Advice(N_("The rule does not say all that it needs."), N_("Fill in what is missing.")),
    ),
    Code(
        "rule_value",
        refusal=Advice(N_("The measure cannot have this value."), N_("Choose one of its states, or write a number.")),
        field="value",
    ),
    Code(
        "rule_sign",
        refusal=Advice(N_("It cannot be compared like that."), N_("Choose = or <>.")),
        field="sign",
    ),
    Code(
        "budget_wrong",
        refusal=Advice(N_("A budget or leak cannot be watched like that."), N_("Read what stands beside the field.")),
    ),
    Code("rule_acted", event=N_("A rule acted")),
    Code("rule_failed", event=N_("A rule could not act")),
    Code("message_refused", event=N_("A message was refused by the server of its outlet and dropped")),
    Code("message_expired", event=N_("A message could not be delivered for a week and was dropped")),
    Code("chat_enlisted", event=N_("Somebody enlisted for messages by the password")),
    Code("chat_guessed", event=N_("Somebody sent a wrong password to the bot")),
    Code("outlet_secret_set", event=N_("A password or token of an outlet was set")),
)
