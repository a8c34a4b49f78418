"""ALM-4: a breaker that trips, a tap that leaks, an unplugged gateway: one alarm, one mail and one all-clear each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.drivers.outlets.mailserver import Mailbox, mail_server
from tests.spec.mailing import send_mail
from tests.spec.workshop import STILL, Workshop, workshop

START_TS = 1_773_223_080  # 2026-03-11 10:58 in Paris
PLAYED = Path(__file__).with_name("faults.toml")
FULL_MIN = 62.0  # the rest of the hour, and one that is full
STEP_S = 300.0  # the tap drips all the time: few looks at it will do


@pytest.fixture(scope="module")
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, mailbox: Mailbox) -> Iterator[Workshop]:
    folder = tmp_path_factory.mktemp("faults")
    with (
        pytest.MonkeyPatch.context() as patch,
        mail_server(mailbox) as port,
        workshop(folder, ts=START_TS, speed=STILL, played=PLAYED) as made,
    ):
        patch.setattr("actors.alarm.consumption.LOOK_S", 0.2)
        patch.setattr("runtime.core.alarm.alarms.CLEAR_S", 1.0)
        made.start()
        send_mail(made, port, ("state_change", "measure_threshold", "communication"))
        made.eventually(lambda: made.device("Transformer breaker")["state"] == "on")
        yield made


def arrives(shop: Workshop, mailbox: Mailbox, subject: str) -> None:
    """As the next mail."""
    number = len(mailbox.mails)
    assert shop.eventually(lambda: len(mailbox.mails) > number)
    assert mailbox.mails[number][2]["Subject"] == f"Workshop: {subject}"


def alarms(shop: Workshop, kind: str) -> list[Any]:
    return list(shop.get(f"/alarms?state=all&kind={kind}"))


def test_a_breaker_that_trips(shop: Workshop, mailbox: Mailbox) -> None:
    shop.outside.happens("Transformer breaker", set={"breaker_state": "tripped"})
    arrives(shop, mailbox, "Alarm: Tripped – Transformer breaker")
    shop.outside.happens("Transformer breaker", set={"breaker_state": "closed"})
    arrives(shop, mailbox, "All clear: Tripped – Transformer breaker")
    (alarm,) = alarms(shop, "tripped")
    assert (alarm["name"], alarm["times"]) == ("Transformer breaker", 1)


def test_a_tap_that_leaks(shop: Workshop, mailbox: Mailbox) -> None:
    tap = {"name": "Tap", "kind": "leak", "fluid": "water", "device": shop.id_of("Water main"), "hours": 3}
    shop.ask("/budgets", "POST", tap)
    shop.passes(FULL_MIN, STEP_S)
    assert alarms(shop, "leak") == [], "two hours are not three"
    number = len(mailbox.mails)
    shop.passes(FULL_MIN + 60, STEP_S)
    assert shop.eventually(lambda: len(mailbox.mails) > number)
    assert mailbox.mails[number][2]["Subject"] == "Workshop: Alarm: It never stops flowing – Water main"
    shop.outside.stand_still(True)
    shop.passes(FULL_MIN + 180, STEP_S)
    assert shop.eventually(lambda: len(mailbox.mails) > number + 1)
    assert mailbox.mails[number + 1][2]["Subject"] == "Workshop: All clear: It never stops flowing – Water main"
    shop.outside.stand_still(False)
    (alarm,) = alarms(shop, "leak")
    assert (alarm["name"], alarm["times"]) == ("Water main", 1)


def test_a_gateway_that_is_unplugged(shop: Workshop, mailbox: Mailbox) -> None:
    number = len(mailbox.mails)
    shop.outside.fault("Hall", "unplugged")
    arrives(shop, mailbox, "Alarm: The gateway does not answer – Hall")
    shop.outside.calm()
    arrives(shop, mailbox, "All clear: The gateway does not answer – Hall")
    (alarm,) = alarms(shop, "gateway_silent")
    assert alarm["times"] == 1 and alarms(shop, "device_silent") == []
    assert len(mailbox.mails) == number + 2
