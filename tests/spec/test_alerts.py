"""ALM-1 to ALM-4: over real Modbus and SMTP one fault is one mail, its end is another; a restart repeats neither."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tests.bench.table import Row, tell
from tests.drivers.outlets.mailserver import Mailbox, mail_server
from tests.spec.mailing import LINK, send_mail
from tests.spec.workshop import Workshop, workshop

START_TS = 1_773_223_080  # 2026-03-11 10:58 in Paris
GOAL_S = 5.0


@pytest.fixture(scope="module")
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, mailbox: Mailbox) -> Iterator[Workshop]:
    with (
        pytest.MonkeyPatch.context() as patch,
        mail_server(mailbox) as port,
        workshop(tmp_path_factory.mktemp("alerts"), ts=START_TS) as made,
    ):
        patch.setattr("runtime.core.alarm.alarms.CLEAR_S", 1.0)
        made.start()
        send_mail(made, port, ("measure_threshold", "communication"))
        yield made


def subjects(mailbox: Mailbox) -> list[str]:
    return [mail["Subject"] for _, _, mail in mailbox.mails]


def test_from_a_measure_that_passes_to_an_accepted_mail(shop: Workshop, mailbox: Mailbox) -> None:
    shop.eventually(lambda: shop.device("Main")["state"] == "on")
    began = time.monotonic()
    threshold = {"name": "Grid", "device": shop.id_of("Main"), "quantity": "frequency_hz", "value": 40}
    shop.ask("/thresholds", "POST", threshold)
    shop.eventually(lambda: mailbox.mails)
    took_s = time.monotonic() - began
    ((sender, recipients, mail),) = mailbox.mails
    assert (sender, recipients) == ("box@example.org", ["anna@example.org"])
    assert mail["Subject"] == "Workshop: Alarm: Threshold passed – Main"
    text = mail.get_body(("plain",)).get_content()
    assert "Frequency" in text and f"{LINK}/alarms" in text
    tell(
        Row(
            "from an event to a mail that its server has accepted",
            f"<= {GOAL_S:g} s",
            f"{took_s:.1f} s",
            took_s <= GOAL_S,
        )
    )


def test_its_end_is_one_more(shop: Workshop, mailbox: Mailbox) -> None:
    shop.ask("/thresholds/1", "DELETE")
    shop.eventually(lambda: len(mailbox.mails) == 2)
    assert subjects(mailbox)[1] == "Workshop: All clear: Threshold passed – Main"


def test_an_unplugged_gateway_is_one_mail_for_all_behind_it_and_one_when_it_is_back(
    shop: Workshop, mailbox: Mailbox
) -> None:
    shop.outside.fault("Switch room", "unplugged")
    shop.eventually(lambda: len(mailbox.mails) == 3)
    assert subjects(mailbox)[2] == "Workshop: Alarm: The gateway does not answer – Switch room"
    shop.stop()
    shop.start()
    shop.eventually(lambda: shop.get("/alarms/summary")["active"] == 1)
    shop.outside.calm()
    shop.eventually(lambda: len(mailbox.mails) == 4)
    assert subjects(mailbox)[3] == "Workshop: All clear: The gateway does not answer – Switch room"
    assert len({mail["Message-ID"] for _, _, mail in mailbox.mails}) == 4


def test_what_a_server_refuses_for_now_waits_with_the_reason_and_arrives(shop: Workshop, mailbox: Mailbox) -> None:
    mailbox.at_rcpt["anna@example.org"] = "452 4.2.2 mailbox full"
    threshold = {"name": "Grid", "device": shop.id_of("Main"), "quantity": "frequency_hz", "value": 41}
    shop.ask("/thresholds", "POST", threshold)

    def waiting() -> list[dict[str, object]]:
        return [each for each in shop.get("/outbox")[0]["waiting"] if each["error"]]

    (message,) = shop.eventually(waiting)
    assert message["error"]["code"] == "outlet_mailbox_full"
    del mailbox.at_rcpt["anna@example.org"]
    shop.eventually(lambda: len(mailbox.mails) == 5)
    assert shop.eventually(lambda: not shop.get("/outbox")[0]["waiting"])
