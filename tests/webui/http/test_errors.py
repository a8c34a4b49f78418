from __future__ import annotations

import errno
import logging

import pytest

from runtime.errors import InvariantBroken, StoreError
from tests.webui.stage import Stage


class Broken:
    """A history that has a bug."""

    def consumption(self, *args: object, **kwargs: object) -> None:
        raise RuntimeError("history fell over")


def _broken(site: Stage) -> Stage:
    return Stage(site.installation, Broken(), site.clock, site.views)  # type: ignore[arg-type]


def test_a_bug_becomes_a_friendly_page_with_a_reference_that_the_log_has(
    site: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        answer = _broken(site).get("/")
    assert answer.status == 500
    assert "history fell over" not in answer.text and "Traceback" not in answer.text
    record = caplog.records[0]
    assert record.exc_info and str(record.args[-1]) in answer.text  # type: ignore[index]


def test_a_bug_in_the_api_has_the_error_shape(site: Stage) -> None:
    answer = _broken(site).get("/api/v1/consumption")
    assert answer.status == 500
    assert answer.json["error"]["code"] == "internal"
    assert answer.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (StoreError("store_full", "no room"), 503, "store_full"),
        (OSError(errno.ENOSPC, "No space left on device"), 503, "store_full"),
        (OSError(errno.EROFS, "Read-only file system"), 503, "store_unwritable"),
        (InvariantBroken("code_unknown", "a bug"), 500, "internal"),
        (OSError(errno.EBADF, "Bad file descriptor"), 500, "internal"),
    ],
)
def test_a_bad_day_with_a_name_is_told_by_it_and_a_bug_is_a_bug(
    site: Stage, error: Exception, status: int, code: str
) -> None:
    def fails() -> str:
        raise error

    site.app.route("/api/v1/fails", "GET", fails, permissions=())
    answer = site.get("/api/v1/fails")
    assert (answer.status, answer.json["error"]["code"]) == (status, code)


def test_an_unknown_address_is_json_in_the_api_and_a_page_elsewhere(site: Stage) -> None:
    assert site.get("/api/v1/nowhere").json == {
        "error": {"code": "not_found", "message": "There is nothing at this address."}
    }
    page = site.get("/nowhere")
    assert page.status == 404 and "<h1>This page does not exist.</h1>" in page.text


def test_a_wrong_method_is_refused(site: Stage) -> None:
    answer = site.get("/api/v1/devices", method="DELETE")
    assert (answer.status, answer.json["error"]["code"]) == (405, "method_not_allowed")


@pytest.mark.parametrize("path", ["/devices/99", "/api/v1/devices/99", "/api/v1/devices/99/live", "/api/v1/gateways/9"])
def test_what_there_is_not_is_not_found(site: Stage, path: str) -> None:
    assert site.get(path).status == 404


@pytest.mark.parametrize("path", ["/api/v1/devices/x", "/devices/-1", "/api/v1/devices/" + "9" * 400])
def test_ids_that_are_none_are_not_found(site: Stage, path: str) -> None:
    assert site.get(path).status == 404
