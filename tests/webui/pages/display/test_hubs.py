"""The two hubs and the pages of the set-up behind them."""

from __future__ import annotations

import re

import pytest

from runtime.core.site.installation import BoardSpec, LoadSpec
from runtime.store.env import Store
from runtime.text.language import LANGUAGES
from tests.webui.stage import Stage, stage
from webui.http.caller import Caller

PATHS = (
    "/setup",
    "/setup/gateways",
    "/setup/gateways/new",
    "/setup/gateways/1",
    "/setup/devices/new",
    "/setup/devices/new?gateway=1&unit=7&model=abb-b23",
    "/setup/devices/1",
    "/setup/devices/1?new=1",
    "/setup/loads",
    "/setup/loads/1",
    "/setup/groups",
    "/setup/groups/1",
    "/setup/boards",
    "/setup/sample-rate",
    "/setup/scan",
    "/setup/scan?gateway=1",
    "/setup/transfer",
    "/setup/changes",
    "/server",
)
EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


@pytest.mark.parametrize("code", ["en", "fr", "de"])
def test_every_page_of_the_set_up_shows_in_every_language(site: Stage, code: str) -> None:
    for path in PATHS:
        answer = site.get(path, cookie=f"language={code}")
        assert answer.status == 200, path
        assert f'<html lang="{LANGUAGES[code].at("Europe/Paris").tag}"' in answer.text


def test_none_has_inline_script_or_style(site: Stage) -> None:
    for path in PATHS:
        text = site.get(path).text
        assert not re.search(r"<style| style=| on[a-z]+=|<script>|https?://|src=\"//", text), path


def test_names_with_markup_are_shown_and_not_obeyed(store: Store) -> None:
    site = stage(
        store,
        site=EVIL,
        loads=(LoadSpec(1, EVIL),),
        boards=(BoardSpec(1, EVIL, EVIL),),
    )
    site.publishes(1, name=EVIL)
    for path in PATHS:
        text = site.get(path).text
        assert "<script>alert" not in text and "<img src=x" not in text, path


def test_without_anything_each_page_leads_on(store: Store) -> None:
    empty = stage(store, devices=0, gateways=0, loads=(), groups=(), boards=())
    for path in ("/setup/gateways", "/setup/devices/new", "/setup/scan"):
        assert 'href="/setup/gateways/new"' in empty.get(path).text
    assert "No load yet" in empty.get("/setup/loads").text
    assert "No measure group yet" in empty.get("/setup/groups").text
    assert "No panel board yet" in empty.get("/setup/boards").text


def test_what_is_not_there_is_said_to_be_missing(site: Stage) -> None:
    for path in ("/setup/gateways/99", "/setup/devices/99", "/setup/loads/99", "/setup/groups/99"):
        assert site.get(path).status == 404, path


def test_whoever_may_only_see_is_offered_nothing_to_change(site: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    guest = Caller("guest", 3, frozenset({("home", "see"), ("system_configuration", "see")}))
    monkeypatch.setattr("webui.pages.frame.shell.caller", lambda: guest)
    for path in ("/setup/gateways/1", "/setup/devices/1", "/setup/loads", "/setup/groups/1", "/setup/sample-rate"):
        text = site.get(path).text
        assert "data-act=" not in text and 'type="submit"' not in re.sub(
            r"<dialog.*?</dialog>", "", text, flags=re.S
        ), path


def test_a_predefined_load_can_be_disabled_only(store: Store) -> None:
    loads = (LoadSpec(1, "Heating", predefined="heating"), LoadSpec(2, "Own"), LoadSpec(3, "Old", on=False))
    text = stage(store, loads=loads).get("/setup/loads").text
    assert text.count("data-kept") == 1
    assert re.search(r'data-act="DELETE" data-path="/api/v1/loads/3"', text)
    assert not re.search(r'data-act="DELETE" data-path="/api/v1/loads/1"', text)


def test_no_ninth_load_of_ones_own_is_offered(store: Store) -> None:
    own = tuple(LoadSpec(id, f"Load {id}") for id in range(1, 9))
    assert "disabled title" not in stage(store, loads=own[:7]).get("/setup/loads").text
    assert "disabled title" in stage(store, loads=own).get("/setup/loads").text


def test_an_edition_tells_how_full_it_is(store: Store) -> None:
    assert "<progress" not in stage(store).get("/setup/gateways").text
    assert "3 / 10" in stage(store, edition="10").get("/setup/gateways").text
    assert "This edition is full" in stage(store, devices=10, edition="10").get("/setup/devices/new").text


def test_a_device_of_an_unconfirmed_model_asks_to_be_confirmed(site: Stage) -> None:
    assert "This looks right" not in site.get("/setup/devices/1").text
    site.publishes(1, trust="provisional")
    assert "This looks right" in site.get("/setup/devices/1").text


def test_a_new_device_is_given_the_first_free_address(site: Stage) -> None:
    taken = {device.unit for device in site.installation.devices_of(1)}
    free = next(unit for unit in range(1, 248) if unit not in taken)
    assert re.search(rf'name="unit"[^>]* value="{free}"', site.get("/setup/devices/new?gateway=1").text)


def test_255_devices_stand_on_one_page_that_is_light(store: Store) -> None:
    answer = stage(store, devices=255, gateways=8).get("/setup/gateways")
    assert answer.text.count("<tr data-state") == 255
    assert len(answer.body) < 400_000
