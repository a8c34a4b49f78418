"""Mail against real servers: by TLS, STARTTLS and plain, with login; what is refused, what hangs, whom not to trust."""

from __future__ import annotations

import time
from email.header import decode_header, make_header

import pytest

from drivers.outlets.mail import MAIL, MailOutlet
from runtime.core.alert.letter import Letter
from runtime.errors import DeliveryFailed
from tests.drivers.outlets.certificates import Authority
from tests.drivers.outlets.mailserver import PASSWORD, SAYS, USER, Mailbox, mail_server, scripted_server

LETTER = Letter(
    "12.1780000000000.1",
    "Usine: déclenché – Four n° 3 " + "très long " * 12,
    "Ligne\n.\nÉté",
    "<p>Été</p>",
    {},
    1_780_000_000,
)
TO = "anna@example.org"


@pytest.fixture
def authority(tmp_path, monkeypatch) -> Authority:
    made = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.file))
    return made


def outlet(port: int, encryption: str = "none", *, user: str = "", password: str = "", within_s: float = 20.0):
    settings = {
        "server": "localhost",
        "port": port,
        "encryption": encryption,
        "sender": "box@example.org",
        "user": user,
    }
    assert MAIL.problems(settings) == []
    return MailOutlet(settings, {"password": password}, time.monotonic, within_s=within_s)


def refused(port: int, encryption: str = "none", **given) -> DeliveryFailed:
    with pytest.raises(DeliveryFailed) as failed:
        outlet(port, encryption, **given).send(LETTER, TO)
    assert PASSWORD not in failed.value.message
    return failed.value


def test_by_tls_from_the_beginning_with_a_login(authority):
    box = Mailbox()
    with mail_server(box, tls=authority.context()) as port:
        outlet(port, "tls", user=USER, password=PASSWORD).send(LETTER, TO)
    ((sender, recipients, mail),) = box.mails
    assert (sender, recipients) == ("box@example.org", [TO])
    assert str(make_header(decode_header(mail["Subject"]))) == LETTER.subject
    assert mail["Message-ID"] == "<12.1780000000000.1@example.org>"
    assert mail["Date"] == "Thu, 28 May 2026 20:26:40 +0000"
    plain, html = mail.iter_parts()
    assert plain.get_content().replace("\r\n", "\n").rstrip("\n") == LETTER.text
    assert html.get_content_type() == "text/html" and html.get_content().rstrip("\n") == LETTER.html


def test_by_starttls(authority):
    box = Mailbox()
    with mail_server(box, starttls=authority.context()) as port:
        outlet(port, "starttls", user=USER, password=PASSWORD).send(LETTER, TO)
    assert len(box.mails) == 1


def test_plain_where_somebody_chose_that():
    box = Mailbox()
    with mail_server(box, login=False) as port:
        outlet(port).send(LETTER, TO)
    assert len(box.mails) == 1


def test_no_password_goes_to_a_server_without_the_encryption_that_was_chosen():
    box = Mailbox()
    with mail_server(box, login=False) as port:
        assert refused(port, "starttls", user=USER, password=PASSWORD).code == "outlet_without_tls"
        assert refused(port, "tls", user=USER, password=PASSWORD, within_s=2.0).code in (
            "outlet_answer",
            "outlet_timeout",
        )
    assert box.mails == []


def test_a_certificate_of_another_host_or_of_nobody_that_is_trusted(authority, tmp_path, monkeypatch):
    with mail_server(Mailbox(), tls=authority.context("elsewhere.example")) as port:
        assert refused(port, "tls", user=USER, password=PASSWORD).code == "outlet_certificate"
    (tmp_path / "other").mkdir()
    monkeypatch.setenv("SSL_CERT_FILE", str(Authority(tmp_path / "other").file))
    with mail_server(Mailbox(), tls=authority.context()) as port:
        error = refused(port, "tls", user=USER, password=PASSWORD)
    assert (error.code, error.is_final) == ("outlet_certificate", False)


def test_a_wrong_password_is_tried_again_until_somebody_mends_it(authority):
    with mail_server(Mailbox(), tls=authority.context()) as port:
        error = refused(port, "tls", user=USER, password="wrong")
    assert (error.code, error.is_final) == ("outlet_login", False) and error.message.startswith("535")


@pytest.mark.parametrize(
    ("answer", "code", "is_final"),
    [
        ("550 5.1.1 no such user", "outlet_recipient", True),
        ("553 not here", "outlet_recipient", True),
        ("450 4.2.0 greylisted", "outlet_later", False),
        ("452 4.2.2 mailbox full", "outlet_mailbox_full", False),
        ("552 5.2.2 over quota", "outlet_mailbox_full", False),
        ("530 5.7.0 log in first", "outlet_login", False),
    ],
)
def test_what_is_said_of_the_recipient(answer, code, is_final):
    box = Mailbox()
    box.at_rcpt[TO] = answer
    with mail_server(box, login=False) as port:
        error = refused(port)
    assert (error.code, error.is_final) == (code, is_final)
    assert answer[:3] in error.message and box.mails == []


@pytest.mark.parametrize(
    ("answer", "code", "is_final"),
    [("554 spam", "outlet_refused", True), ("451 try later", "outlet_later", False)],
)
def test_what_is_said_of_the_message(answer, code, is_final):
    box = Mailbox()
    box.at_data = answer
    with mail_server(box, login=False) as port:
        error = refused(port)
    assert (error.code, error.is_final) == (code, is_final)


@pytest.mark.parametrize("stage", range(len(SAYS)))
def test_a_server_that_hangs_at_any_stage_is_given_up_at_the_deadline(stage):
    with scripted_server(*SAYS[:stage]) as port:
        began = time.monotonic()
        assert refused(port, user=USER, password=PASSWORD, within_s=0.3).code == "outlet_timeout"
        assert time.monotonic() - began < 20


def test_one_that_gives_a_byte_now_and_then_gets_no_longer():
    with scripted_server(b"2", drips=True) as port:
        assert refused(port, within_s=0.4).code == "outlet_timeout"


def test_the_scripted_server_takes_a_mail_when_it_does_not_hang():
    with scripted_server(*SAYS) as port:
        outlet(port, user=USER, password=PASSWORD).send(LETTER, TO)


@pytest.mark.parametrize(
    "says", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"220" + b"x" * 70_000, b"\xff\xfe\r\n", b"220-\r\n" * 200]
)
def test_what_is_no_mail_server(says):
    with scripted_server(says) as port:
        assert refused(port, within_s=5.0).code == "outlet_answer"


def test_a_server_that_repeats_the_password_is_not_quoted():
    with scripted_server(*SAYS[:2], f"535 no: {PASSWORD}\r\n".encode()) as port:
        assert refused(port, user=USER, password=PASSWORD).code == "outlet_login"


def test_nobody_there():
    with scripted_server() as port:
        pass
    assert refused(port).code == "outlet_unreachable"


@pytest.mark.parametrize(
    ("settings", "wrong"),
    [
        ({"server": "smtp example"}, "server"), ({"sender": "me"}, "sender"), ({"port": 0}, "port"),
        ({"port": "465"}, "port"), ({"encryption": "ssl"}, "encryption"), ({"server": ""}, "server"),
        ({"server": "a\r\nb"}, "server"),
    ],
)  # fmt: skip
def test_settings_that_cannot_be(settings, wrong):
    good = {"server": "smtp.example.org", "sender": "a@example.org"}
    assert MAIL.problems(good) == []
    assert [name for name, _ in MAIL.problems({**good, **settings})] == [wrong]
