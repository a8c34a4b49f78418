"""Who may come in, and how guessing becomes slow for one name at one address, and for nobody else."""

import base64
from http import HTTPStatus

import pytest

from drivers.ocpp.admission import Admission, read_basic

PASSWORDS = {"CP-1": "a" * 32, "CP-2": "b" * 32, "CP-3": ""}
HERE, THERE = "10.0.0.9", "10.0.0.10"


def basic(name, password):
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


@pytest.fixture
def admission():
    return Admission(lambda identity: PASSWORDS.get(identity, ""))


def test_a_station_with_its_own_name_and_password_comes_in(admission):
    assert admission.judge("/ocpp/CP-1", basic("CP-1", "a" * 32), HERE, 0) == ("CP-1", HTTPStatus.SWITCHING_PROTOCOLS)


@pytest.mark.parametrize(
    ("path", "name", "password", "status"),
    [
        ("/ocpp/CP-1", "CP-1", "b" * 32, HTTPStatus.UNAUTHORIZED),
        ("/ocpp/CP-1", "CP-2", "b" * 32, HTTPStatus.UNAUTHORIZED),
        ("/ocpp/CP-2", "CP-1", "a" * 32, HTTPStatus.UNAUTHORIZED),
        ("/ocpp/CP-3", "CP-3", "", HTTPStatus.UNAUTHORIZED),  # it has no password yet
        ("/ocpp/CP-3", "CP-3", "0" * 32, HTTPStatus.UNAUTHORIZED),
        ("/ocpp/CP-9", "CP-9", "a" * 32, HTTPStatus.UNAUTHORIZED),
        ("/ocpp/", "", "", HTTPStatus.NOT_FOUND),
        ("/", "CP-1", "a" * 32, HTTPStatus.NOT_FOUND),
        ("/ocpp/../CP-1", "CP-1", "a" * 32, HTTPStatus.NOT_FOUND),
    ],
)
def test_whoever_else_is_refused(admission, path, name, password, status):
    assert admission.judge(path, basic(name, password), HERE, 0) == ("", status)


def test_guessing_becomes_slow_for_that_name_there_and_for_nobody_else(admission):
    seen = [admission.judge("/ocpp/CP-1", basic("CP-1", "x"), HERE, 0)[1] for _ in range(6)]
    assert seen == [HTTPStatus.UNAUTHORIZED] * 4 + [HTTPStatus.TOO_MANY_REQUESTS] * 2
    assert admission.judge("/ocpp/CP-1", basic("CP-1", "a" * 32), HERE, 0)[1] == HTTPStatus.TOO_MANY_REQUESTS
    assert admission.judge("/ocpp/CP-2", basic("CP-2", "b" * 32), HERE, 0)[0] == "CP-2"
    assert admission.judge("/ocpp/CP-1", basic("CP-1", "a" * 32), THERE, 0)[0] == "CP-1"
    assert admission.judge("/ocpp/CP-1", basic("CP-1", "a" * 32), HERE, 60_000)[0] == "CP-1"


@pytest.mark.parametrize("header", ["", "Basic", "Basic !!!", "Bearer eHg6eQ==", "Basic /w==", "Basic eA=="])
def test_what_is_no_basic_authorization_names_nobody(header):
    assert read_basic(header)[1] == ""
