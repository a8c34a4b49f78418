"""The way back leads to pages of this server only."""

import pytest

from webui.http.returnpath import is_local, return_path


@pytest.mark.parametrize("path", ["/devices", "/devices/1?tab=energy", "/consumptions?of=device:1"])
def test_a_page_of_ours_is_taken(path):
    assert return_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "", "devices", "//evil.example", "/\\evil.example", "https://evil.example", "/a\r\nX: 1", "/é",
        "javascript:alert(1)",
        "/\t/evil.example", "/login?back=/login", "/logout", "/api/v1/session", "/language/fr?back=//evil.example",
    ],
)  # fmt: skip
def test_whatever_could_lead_elsewhere_is_not(path):
    assert return_path(path) == "/"


def test_what_looks_local_is_local():
    assert is_local("/login") and not is_local("//login")
