from __future__ import annotations

import pytest

from tests.webui.front.stage import GET, Door, answer_of
from webui.front.http.limits import Limits

POST = b"POST /x HTTP/1.1\r\nHost: localhost\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"
MOST = Limits().body_bytes


def test_a_body_arrives_whole_however_it_is_cut(door: Door) -> None:
    with door.connect() as client:
        for piece in (b"Content-Length: 10\r\n\r\n", b"0123", b"456789"):
            client.sendall(POST + piece if piece.startswith(b"C") else piece)
        told = answer_of(client).json
    assert (told["body"], told["CONTENT_LENGTH"]) == ("0123456789", "10")


def test_chunks_reach_the_pages_as_one_body_with_one_length(door: Door) -> None:
    told = door.ask(CHUNKED + b"4\r\nabcd\r\n3;name=value\r\nefg\r\n0\r\nTrailer: x\r\n\r\n").json
    assert told["body"] == "abcdefg"
    assert told["CONTENT_LENGTH"] == "7"
    assert "HTTP_TRANSFER_ENCODING" not in told and "HTTP_TRAILER" not in told


def test_a_large_body_goes_through_a_file_unchanged(door: Door) -> None:
    body = bytes(range(1, 256)) * 4000
    with door.connect() as client:
        client.sendall(POST + b"Content-Length: %d\r\n\r\n" % len(body) + body)
        assert answer_of(client).json["body"].encode("latin-1") == body


def test_a_gigabyte_is_refused_before_it_is_sent(door: Door) -> None:
    with door.connect() as client:
        client.sendall(POST + b"Content-Length: 1000000000\r\nExpect: 100-continue\r\n\r\n")
        assert answer_of(client).status == 413


def test_a_gigabyte_that_does_not_say_so_is_refused_at_the_limit(door: Door) -> None:
    sent = 0
    with door.connect() as client:
        client.sendall(CHUNKED)
        try:
            while sent < 1 << 30:
                sent += client.send(b"10000\r\n" + bytes(0x10000) + b"\r\n")
        except OSError:
            pass
    assert sent < MOST + (16 << 20)  # what the kernel's buffers take


def test_who_asks_first_is_told_to_go_on(door: Door) -> None:
    with door.connect() as client:
        client.sendall(POST + b"Content-Length: 4\r\nExpect: 100-continue\r\n\r\n")
        assert client.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.sendall(b"abcd")
        told = answer_of(client).json
    assert told["body"] == "abcd" and "HTTP_EXPECT" not in told


@pytest.mark.parametrize(
    "chunks",
    [
        b"g\r\nabcd\r\n0\r\n\r\n",
        b"-4\r\nabcd\r\n0\r\n\r\n",
        b"+4\r\nabcd\r\n0\r\n\r\n",
        b"0x4\r\nabcd\r\n0\r\n\r\n",
        b"\r\n\r\n",
        b"4\r\nabcdXX0\r\n\r\n",
        b"4 abcd\r\n0\r\n\r\n",
        b"f" * 40 + b"\r\nabcd\r\n",
        b"4;" + b"x" * 300_000 + b"\r\nabcd\r\n0\r\n\r\n",
        b"0\r\n" + b"X: y\r\n" * 60_000 + b"\r\n",
    ],
)
def test_chunks_that_do_not_add_up_end_the_connection(door: Door, chunks: bytes) -> None:
    assert door.statuses(CHUNKED + chunks + GET) in ([400], [431])
