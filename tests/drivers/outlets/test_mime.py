"""Mails as bytes: whatever the letter says, heads are heads and lines are short."""

from __future__ import annotations

from email import message_from_bytes, policy

from hypothesis import given
from hypothesis import strategies as st

from drivers.outlets.mime import compose_mail, encode_words, format_date
from runtime.core.alert.letter import Letter

TEXT = st.text(max_size=300)


@given(TEXT, TEXT)
def test_no_text_makes_a_line_of_the_head_or_loses_a_letter(subject, text):
    mail = compose_mail(Letter("1.2.3", subject, text, "<p></p>", {}, 0), "a@example.org", "b@example.org")
    head, _, _ = mail.partition(b"\r\n\r\n")
    names = [line.split(b":")[0] for line in head.split(b"\r\n") if not line.startswith(b" ")]
    assert names == [
        b"From",
        b"To",
        b"Subject",
        b"Date",
        b"Message-ID",
        b"Auto-Submitted",
        b"MIME-Version",
        b"Content-Type",
    ]
    assert max(map(len, mail.split(b"\r\n"))) <= 100 and b"\n" not in mail.replace(b"\r\n", b"")
    parsed = message_from_bytes(mail, policy=policy.default)
    plain = next(parsed.iter_parts())
    assert plain.get_payload(decode=True).decode() == text.encode("utf-8", "replace").decode()


def test_a_plain_subject_stays_readable_and_another_is_encoded_word_by_word():
    assert encode_words("Tripped") == "Tripped"
    assert encode_words("a\r\nBcc: x") != "a\r\nBcc: x" and "\r\nBcc" not in encode_words("a\r\nBcc: x")
    assert all(line.startswith("=?utf-8?b?") for line in encode_words("é" * 200).split("\r\n "))


def test_a_date_is_in_english_whatever_the_machine_speaks():
    assert format_date(1_780_000_000) == "Thu, 28 May 2026 20:26:40 +0000"
