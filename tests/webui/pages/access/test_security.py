from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.webui.front.authority import DAY_S, Authority, pem_of, text
from tests.webui.stage import NOW_TS, Stage
from tests.webui.stock import STOCK
from webui.app import build
from webui.front.tls.certificate import Certificates


@pytest.fixture
def certificates(site: Stage, tmp_path: Path) -> Certificates:
    made = Certificates(tmp_path, lambda: (["box"], ["192.0.2.7"]), site.clock.now_ts)
    made.open()
    site.bridge = replace(site.bridge, certificates=made)
    site.app = build(site.bridge, stock=STOCK)
    return made


def test_without_https_the_page_says_how_to_switch_it_on(site: Stage) -> None:
    page = site.get("/server/security").text
    assert "HTTPS is off." in page and "--https" in page and "<form class" not in page


def test_the_fingerprint_can_be_compared(site: Stage, certificates: Certificates) -> None:
    page = site.get("/server/security").text
    parts = certificates.describe().fingerprint.split(":")
    assert all(f"<code>{':'.join(parts[at : at + 8])}</code>" in page for at in (0, 8, 16, 24))
    assert "made by this server" in page
    assert "box, 192.0.2.7" in page


def test_who_came_without_https_is_warned_before_a_key_is_entered(site: Stage, certificates: Certificates) -> None:
    assert "This page came without HTTPS." in site.get("/server/security").text


def test_a_certificate_from_elsewhere_that_ends_soon_is_said(site: Stage, certificates: Certificates) -> None:
    authority = Authority()
    leaf = authority.leaf(from_ts=NOW_TS - DAY_S, to_ts=NOW_TS + 20 * DAY_S)
    certificates.replace(text(leaf), pem_of(authority.key))
    page = site.get("/server/security").text
    assert "The certificate ends in 20 days." in page and "made by this server" not in page
    site.clock.goes_on(21 * DAY_S)
    assert "The certificate is no longer valid." in site.get("/server/security").text
