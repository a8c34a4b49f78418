from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path

import pytest

from runtime.core.tariff.tariffs import Price, TariffSpec
from runtime.store.energy.importer import import_history
from runtime.store.env import Store, open_store
from runtime.text.language import LANGUAGES
from tests.webui.api.site.test_tariff import RULES, TARIFFS
from tests.webui.stage import Stage, stage, steady_lines, trouble
from tests.webui.stock import STOCK
from webui.app import routes
from webui.http.permission import PAGES, PUBLIC, VERBS, Route, needs
from webui.pages.frame.shell import Shell

PAGE_PATHS = (
    "/",
    "/devices",
    "/devices/1",
    "/consumptions",
    "/consumptions/details",
    "/consumptions/tariffs",
    "/energy-check",
    "/devices/1/energy-check",
    "/gateways",
    "/gateways/1/trace",
    "/system",
    "/users",
    "/users/new",
    "/users/1",
    "/tokens",
    "/access",
    "/login",
    "/logout",
    "/confirm",
    "/setup",
    "/server",
)


def _routes(site: Stage) -> list[Route]:
    return list(routes(site.bridge, Shell(site.bridge, STOCK), STOCK.files))


def test_every_route_declares_who_may_call_it(site: Stage) -> None:
    without = [route.path for route in _routes(site) if not route.permissions]
    assert not without
    pairs = {pair for route in _routes(site) for pair in route.permissions}
    assert all(pair == PUBLIC or (pair[0] in PAGES and pair[1] in VERBS) for pair in pairs)


def test_a_pair_that_nobody_can_hold_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="no such permission"):
        needs(("kitchen", "see"))


def test_only_health_description_assets_language_login_and_the_door_of_screens_need_no_login(site: Stage) -> None:
    public = {(route.method, route.rule) for route in site.app.routes if PUBLIC in route.config.get("permissions", ())}
    assert public == {
        ("GET", "/api/v1/health"), ("GET", "/api/v1/openapi.json"), ("GET", "/static/<revision>/<name:path>"),
        ("GET", "/favicon.ico"), ("GET", "/manifest.webmanifest"), ("GET", "/language/<code>"), ("GET", "/login"),
        ("POST", "/login"),
        ("GET", "/welcome"), ("POST", "/api/v1/session"), ("POST", "/api/v1/setup"),
        ("GET", "/screen"), ("GET", "/api/v1/screen"), ("POST", "/api/v1/screen"),  # the key of a display link opens it
    }  # fmt: skip


@pytest.mark.parametrize("path", PAGE_PATHS)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_page_shows_in_every_language(site: Stage, path: str, language: str) -> None:
    answer = site.get(path, cookie=f"language={language}")
    assert answer.status == 200
    assert f'<html lang="{LANGUAGES[language].at("Europe/Paris").tag}"' in answer.text


@pytest.mark.parametrize("path", [*PAGE_PATHS, "/nowhere", "/api/v1/health", "/api/v1/nowhere"])
def test_every_answer_carries_the_guards(site: Stage, path: str) -> None:
    headers = site.get(path).headers
    assert headers["Content-Security-Policy"].startswith("default-src 'self';")
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Cross-Origin-Opener-Policy"] == headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]


@pytest.mark.parametrize("path", PAGE_PATHS)
def test_no_page_has_inline_script_or_style_or_loads_from_elsewhere(site: Stage, path: str) -> None:
    text = site.get(path).text
    assert "<style" not in text and " style=" not in text and " onclick=" not in text
    assert "<script>" not in text
    assert "http://" not in text and "https://" not in text and 'src="//' not in text


@pytest.mark.parametrize("path", PAGE_PATHS)
def test_a_name_with_markup_is_shown_and_not_obeyed(store: Store, path: str) -> None:
    evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
    site = stage(store, site=evil)
    site.publishes(1, name=evil)
    text = site.get(path).text
    assert "<script>alert" not in text and "<img src=x" not in text
    assert "&lt;script&gt;alert(1)" in text


def test_without_devices_the_panel_board_says_what_to_do(store: Store) -> None:
    empty = stage(store, devices=0, gateways=0)
    assert 'href="/setup/scan"' in empty.get("/devices").text
    assert 'href="/setup/gateways/new"' in empty.get("/gateways").text
    assert "Let us read your first meter" in empty.get("/").text


def test_without_tariffs_nothing_is_said_of_money(site: Stage) -> None:
    assert 'data-priced=""' in site.get("/").text and "€" not in site.get("/").text
    assert "No tariff yet" in site.get("/consumptions/tariffs").text


def test_with_tariffs_the_pages_know_what_costs_and_what_holds_now(store: Store) -> None:
    former = TariffSpec(4, "Old gas", "gas", prices=(Price(8, 1),), unpriced=9)
    site = stage(store, tariffs=TARIFFS, rules=RULES, former_tariffs=(former,))
    text = site.get("/consumptions/tariffs").text
    assert 'data-priced="electricity gas water"' in text
    assert "Now: Peak" in text and "Now: Off-peak" not in text
    assert '"4": {"colour": "", "name": "Old gas"}' in text


def test_the_home_page_tells_the_cost_of_today_and_of_the_day_before_until_this_time(tmp_path: Path) -> None:
    with closing(open_store(tmp_path)) as store:
        site = stage(store, tariffs=TARIFFS, rules=RULES)
        import_history(store, steady_lines(site.installation, days=3), site.installation)
        english, french = (site.get("/", cookie=f"language={code}").text for code in ("en", "fr"))
    assert re.search(r'"cost">€\d+\.\d\d today', english) and re.search(r"43\.50 kWh · €\d+\.\d\d", english)
    assert re.search(r'"cost">\d+,\d\d\s€ aujourd', french)


def test_a_device_in_trouble_shows_its_cause_and_what_to_do(site: Stage) -> None:
    site.publishes(2, state="communication_error", trouble=trouble("exception_2", "illegal data address"))
    english = site.get("/devices/2").text
    french = site.get("/devices/2", cookie="language=fr").text
    assert "does not have the registers" in english and "model chosen" in english
    assert "pas les registres demandés" in french


def test_old_values_are_marked_as_old(site: Stage) -> None:
    site.clock.goes_on(31)
    assert 'class="cell whole stale"' in site.get("/devices/1").text


def test_old_values_are_marked_as_old_on_the_panel_board(site: Stage) -> None:
    assert 'class="card stale"' not in site.get("/devices").text
    site.clock.goes_on(31)
    assert 'class="card stale"' in site.get("/devices").text


def test_the_gateways_page_tells_how_old_values_get(site: Stage) -> None:
    text = site.get("/gateways").text
    assert "≤ 2.4 s" in text and "≤ 2.1 s" in text and "Meter 1" in text


def test_an_unconfirmed_model_is_marked(site: Stage) -> None:
    site.publishes(1, trust="provisional")
    assert "unconfirmed" in site.get("/devices/1").text


def test_the_language_is_remembered_and_leads_back_to_this_server_only(site: Stage) -> None:
    answer = site.get("/language/fr?back=/devices")
    assert (answer.status, answer.headers["Location"]) == (303, "/devices")
    assert "language=fr" in answer.headers["Set-Cookie"]
    for elsewhere in ("//evil.example", "/%5Cevil.example", "https://evil.example", "/a%0d%0aX:1"):
        assert site.get(f"/language/fr?back={elsewhere}").headers["Location"] == "/"


def test_the_browser_s_wish_decides_until_a_language_was_picked(site: Stage) -> None:
    assert 'lang="fr"' in site.get("/", accept_language="de;q=0.9, fr-CH, en;q=0.1").text
    assert 'lang="en-GB"' in site.get("/", accept_language="fr", cookie="language=en").text
    assert 'lang="en-GB"' in site.get("/", accept_language="xx,;q=,q=q").text


def test_the_site_s_language_is_spoken_to_whoever_wishes_none_that_there_is(store: Store) -> None:
    site = stage(store, language="it")
    assert '<html lang="it"' in site.get("/", accept_language="ja").text
    assert '<html lang="fr"' in site.get("/", accept_language="ja, fr").text


def test_assets_are_kept_by_browsers_and_change_their_address_with_their_content(site: Stage) -> None:
    url = STOCK.files.url("css/token.css")
    answer = site.get(url)
    assert answer.status == 200 and "immutable" in answer.headers["Cache-Control"]
    assert site.get("/static/older/css/token.css").headers["Cache-Control"] == "no-cache"
    assert site.get("/static/x/../app.py").status == 404
    assert site.get("/static/x/..%2fapp.py").status == 404
