"""Home and Gateways, whose parts a script asks for again and again."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from runtime.core.view import Trouble
from tests.webui.stage import Stage
from webui.http.caller import Caller


def test_today_stands_beside_the_day_before_until_this_time(site: Stage) -> None:
    page = site.get("/").text
    assert re.search(r"<b>42\.00</b><i>kWh today", page)  # 3 devices × 14 hours
    assert "43.50 kWh the day before until this time" in page


@pytest.mark.parametrize(("path", "part"), [("/", "/live/home"), ("/gateways", "/live/gateways")])
def test_a_part_is_what_the_page_shows(site: Stage, path: str, part: str) -> None:
    answer = site.get(part)
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.text.strip() and answer.text.strip() in site.get(path).text
    assert f'data-live="{part}"' in site.get(path).text


@pytest.mark.parametrize("part", ["/live/home", "/live/gateways"])
def test_who_has_the_part_gets_it_only_when_it_changes(site: Stage, part: str) -> None:
    tag = site.get(part).headers["Etag"]
    same = site.get(part, if_none_match=tag)
    assert (same.status, same.body, same.headers["Etag"]) == (304, b"", tag)
    view = site.bridge.gateway(1)
    assert view is not None
    trouble = Trouble("link_down", "no route", 0)
    site.views.publish(f"gateway.{view.id}", replace(view, state="communication_error", trouble=trouble))
    after = site.get(part, if_none_match=tag)
    assert after.status == 200 and "communication_error" in after.text


def test_another_language_is_another_part(site: Stage) -> None:
    tag = site.get("/live/home").headers["Etag"]
    french = site.get("/live/home", if_none_match=tag, cookie="language=fr")
    assert french.status == 200 and "aujourd" in french.text


def test_who_may_not_see_consumptions_is_told_none(site: Stage) -> None:
    site.caller = Caller("somebody", rights=frozenset({("home", "see")}))
    assert "kWh" not in site.get("/live/home").text
    assert "kWh" not in site.get("/").text
