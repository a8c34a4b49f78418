"""Our client's codec reads what our server answers, and each odd request gets its exception."""

import pytest

from runtime.core.modbus.identification import Identification, is_whole, pdu_of, read_identification
from runtime.core.modbus.identityanswer import answer_identification

OURS = Identification("Wattkeeper", "wattkeeper", "0.2.0", "Wattkeeper energy web server", "Energies by Remote ID")


def test_the_client_reads_what_the_server_is():
    def ask(request):
        answer = answer_identification(pdu_of(request), OURS)
        assert is_whole(answer)
        return answer[3:]

    assert read_identification(247, ask) == OURS


@pytest.mark.parametrize(
    ("pdu", "answer"),
    [
        ("2b", "ab01"),
        ("2b0d0100", "ab01"),
        ("2b0e", "ab03"),
        ("2b0e0000", "ab03"),
        ("2b0e0500", "ab03"),
        ("2b0e010000", "ab03"),
        ("2b0e0407", "ab02"),
        ("2b0e0402", "2b0e048200000102" + "05" + b"0.2.0".hex()),
        ("2b0e0102", "2b0e018200000102" + "05" + b"0.2.0".hex()),
    ],
)
def test_each_request_gets_its_answer(pdu, answer):
    assert answer_identification(bytes.fromhex(pdu), OURS).hex() == answer


def test_a_stream_begins_anew_at_an_object_that_there_is_none_of():
    assert answer_identification(bytes.fromhex("2b0e0199"), OURS)[6] == 3
    assert answer_identification(bytes.fromhex("2b0e0200"), OURS)[6] == 5


def test_long_texts_still_fit_into_one_answer():
    long = Identification(*["é" * 500] * 5)
    assert is_whole(answer_identification(bytes.fromhex("2b0e0300"), long))
