"""An electrician commissions a switchboard: sections 7.16.1 and 7.16.2 of the manual, step by step, in any language."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Locator, Page, expect

from runtime.core.access.codes import FACTORY
from runtime.text.language import LANGUAGES, Catalogues
from tests.browser.switchboard import Site

CATALOGUES = Catalogues()


def _no_picture(_name: str) -> None:
    """For those who only want to see that it works."""


@dataclass
class Electrician:
    """Knows the pages by their words. ``picture`` is called by name where the manual shows one."""

    page: Page
    site: Site
    language: str
    picture: Callable[[str], None] = _no_picture
    gateway: int = field(default=0)

    def say(self, sentence: str, **values: object) -> str:
        said = CATALOGUES.of(LANGUAGES[self.language]).gettext(sentence)
        return said % values if values else said

    def go(self, path: str) -> None:
        self.page.goto(self.site.url + path)

    def button(self, words: str, within: Locator | None = None) -> Locator:
        return (within or self.page.locator("main")).get_by_role("button", name=self.say(words), exact=True)

    def link(self, words: str, within: Locator | None = None) -> Locator:
        return (within or self.page.locator("main")).get_by_role("link", name=self.say(words), exact=True)

    def fill(self, name: str, value: object) -> None:
        self.page.locator(f'main [name="{name}"]:visible').fill(str(value))

    def choose(self, name: str, value: object) -> None:
        """One of a list, or one of several buttons side by side."""
        control = self.page.locator(f'main select[name="{name}"]:visible')
        if control.count():
            control.select_option(str(value))
        else:
            self.page.locator(f'main label:has(input[name="{name}"][value="{value}"])').click()

    def save(self, words: str = "Save") -> None:
        self.button(words).click()

    def api(self, path: str) -> Any:
        return self.page.request.get(f"{self.site.url}/api/v1/{path}").json()

    def told(self, sentence: str, **values: object) -> None:
        expect(self.page.get_by_text(self.say(sentence, **values)).first).to_be_visible()

    # ---- 7.16: the way in

    def logs_in(self) -> None:
        pin, puk = FACTORY["greenUp"]
        self.go("/login")
        self.picture("login")
        self.page.locator("#pin").fill(pin)
        self.page.locator("#enter").click()
        self.page.locator("#puk").fill(puk)
        self.page.locator("#enter").click()
        expect(self.page).to_have_url(self.site.url + "/")
        self.picture("home-empty")

    def opens_the_configuration(self) -> None:
        self.page.locator('nav a[href="/setup"]:visible').first.click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text(self.say("System configuration"))
        self.picture("system-configuration")
        self.page.locator('main a[href="/setup/gateways"]').first.click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text(self.say("Gateways and devices"))

    # ---- 7.16.1.1: the Local gateway

    def names_the_local_gateway(self) -> None:
        local = self.page.locator("section.gateway-group").filter(has_text="127.0.0.1")
        self.link("Settings", local).click()
        expect(self.page.locator("#f-local")).not_to_be_editable()
        expect(self.button("Delete")).to_have_count(0)
        self.fill("name", "Own port")
        self.fill("description", "Cabinet A")
        self.save()
        self.told("Gateway saved.")
        self.switches("off")

    def switches(self, to: str) -> None:
        if to == "off":
            self.button("Turn off").click()
            self.button("Turn off", self.page.locator("dialog[open]")).click()
        else:
            self.button("Turn on").click()
        self.told("Turned off." if to == "off" else "Turned on.")
        expect(self.page.locator(f"main .status.{to}").first).to_be_visible()

    # ---- 7.16.1.2: a physical gateway

    def adds_the_gateway(self) -> None:
        self.go("/setup/gateways")
        self.link("Add a gateway").first.click()
        self.fill("-host", "127.0.0.1")
        self.fill("-port", self.site.port)
        self.fill("name", "Switchboard")
        self.fill("description", "Behind the main door")
        self.picture("gateway-new")
        self.save()
        self.told("Gateway saved.")
        self.gateway = int(self.page.url.rsplit("/", 1)[1].partition("?")[0])
        self.button("Test").click()
        expect(self.page.locator("[data-result] .notice.good")).to_be_visible(timeout=20_000)
        self.picture("gateway-tested")

    # ---- 7.15.1.3: devices

    def adds(self, search: str, picture: str = "", **fields: object) -> None:
        """Family and model by a few letters; then only what the model asks for; saved, and tested by itself."""
        self.go(f"/setup/devices/new?gateway={self.gateway}")
        if picture:
            expect(self.page.locator("#families button").first).to_be_visible()
            self.picture(f"{picture}-family")
        self.page.locator("#find-model").fill(search)
        first = self.page.locator("#model-list button").first
        expect(first).to_contain_text(search, ignore_case=True)
        first.click()
        for name, value in fields.items():
            control = self.page.locator(f'main [name="{name}"]:visible')
            kind = control.first.evaluate("at => at.type") if control.count() else "radio"
            if kind in ("radio", "select-one"):
                self.choose(name, value)
            else:
                self.fill(name, value)
        if picture:
            self.picture(f"{picture}-parameters")
        self.save("Save and test")

    def sees_its_values(self, picture: str = "") -> None:
        expect(self.page.locator("[data-result] .notice.good")).to_be_visible(timeout=20_000)
        if picture:
            self.picture(picture)

    def looks_through_a_family(self) -> None:
        self.go(f"/setup/devices/new?gateway={self.gateway}")
        self.page.locator("#families .option").first.click()
        expect(self.page.locator("#model-list .option").first).to_be_visible()

    def adds_devices_of_each_kind(self) -> None:
        self.looks_through_a_family()
        self.adds("4 120 53", "device", unit=5, name="Incomer")
        self.sees_its_values("device-tested")
        expect(self.page.locator(".result dd").first).to_have_text(re.compile(r"\d"))
        self.adds("4 149 19", unit=11, supply="downstream", name="Lighting")
        self.sees_its_values()
        pulses = {"parameters.concentrator": "4 120 65", "parameters.weight": 10}
        self.adds("Water counter", "pulse", unit=30, position=3, name="Water main", **pulses)
        self.sees_its_values()
        self.adds("DPX³ 630 electronic", unit=7, supply="upstream", name="Breaker")
        self.sees_its_values()
        self.adds_a_station_with_two_sides()
        self.adds("0 590 00", unit=41, phase=3, name="Visitors")
        self.sees_its_values()
        generic = {"function": 3, "register": "2000", "words": 4, "factor": "0.1", "unit": "kWh"}
        told = {f"parameters.{name}": value for name, value in generic.items()}
        self.adds("generic", unit=50, name="Other make", **told)
        self.sees_its_values()

    def adds_a_station_with_two_sides(self) -> None:
        self.adds("0 590 32", "station", unit=40, side="left", phase=1, name="Car park left")
        dialog = self.page.locator("#other-side")
        expect(dialog).to_be_visible()
        self.picture("station-other-side")
        dialog.locator('[name="name"]').fill("Car park right")
        dialog.locator('label:has(input[name="phase"][value="2"])').click()
        self.button("Save", dialog).click()
        self.told("The other side is set up.")
        self.sees_its_values()

    def is_refused_an_address_that_is_taken(self) -> None:
        self.adds("4 120 45", unit=5, name="Workshop")
        fault = self.page.locator('.entry[data-field="unit"] .fault')
        expect(fault).not_to_be_empty()
        expect(self.page.locator('main [name="unit"]')).to_be_focused()
        self.picture("device-refused")
        self.fill("unit", "")
        self.save("Save and test")
        expect(fault).to_contain_text(self.say("This is missing."))
        self.fill("unit", 6)
        self.save("Save and test")
        self.sees_its_values()

    # ---- 7.16.1.4 and 7.16.1.5: advanced options, EQ device, on and off, delete

    def device(self, name: str) -> None:
        self.go("/setup/gateways")
        self.page.get_by_role("link", name=name, exact=True).click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text(name)

    def sets_advanced_options(self) -> None:
        self.device("Lighting")
        self.page.locator('label:has(input[name="excluded"])').click()
        self.picture("device-advanced")
        self.save()
        self.told("Device saved.")
        self.device("Breaker")
        self.page.locator('label:has(input[name="exclude_alerts"])').click()
        self.save()
        self.told("Device saved.")

    def names_the_eq_device(self) -> None:
        self.go(f"/setup/gateways/{self.gateway}")
        self.page.locator('[name="eq_device"]').select_option(label="Incomer")
        self.save()
        self.told("Gateway saved.")

    def confirms_what_the_display_shows(self) -> None:
        self.device("Water main")
        self.button("This looks right").click()
        self.told("The values of this model were confirmed here.")

    def switches_a_device_off_and_on(self) -> None:
        self.device("Workshop")
        self.switches("off")
        self.button("Turn on").click()
        self.told("Turned on.")

    def erases_a_device_but_not_a_gateway_with_devices(self) -> None:
        self.device("Workshop")
        self.button("Delete").click()
        self.picture("erase")
        self.button("Erase", self.page.locator("dialog[open]")).click()
        self.told("Device erased.")
        self.go(f"/setup/gateways/{self.gateway}")
        expect(self.button("Delete")).to_be_disabled()

    def erases_a_gateway_without_devices(self) -> None:
        self.go("/setup/gateways/new")
        self.fill("-host", "127.0.0.1")
        self.fill("-port", int(self.site.port) + 1)  # two lines to one gateway would be refused
        self.fill("name", "Annex")
        self.save()
        self.told("Gateway saved.")
        self.button("Delete").click()
        self.button("Erase", self.page.locator("dialog[open]")).click()
        self.told("Gateway erased.")
        assert "Annex" not in {gateway["name"] for gateway in self.api("gateways")}

    # ---- 7.16.2: panel boards, loads, measure groups

    def adds_to(self, kind: str, add: str, name: str, description: str = "") -> None:
        self.go(f"/setup/{kind}")
        self.button(add).first.click()
        dialog = self.page.locator("dialog#edit")
        dialog.locator('[name="name"]').fill(name)
        if description:
            dialog.locator('[name="description"]').fill(description)
        self.picture(f"{kind}-new")
        self.button("Save", dialog).click()
        expect(self.row(name)).to_be_visible()

    def row(self, name: str) -> Locator:
        return self.page.locator("main tr").filter(has=self.page.get_by_role("rowheader", name=name))

    def assigns(self, kind: str, name: str, *devices: str) -> None:
        self.go(f"/setup/{kind}")
        self.row(name).locator("a").last.click()
        for device in devices:
            self.page.locator("main tr").filter(has_text=device).locator("label.check").click()
        self.picture(f"{kind}-members")
        self.save()
        expect(self.row(name)).to_contain_text(str(len(devices)))

    def gives_a_panel_board(self) -> None:
        self.adds_to("boards", "Add a panel board", "Ground floor", "Beside the entrance")
        self.go(f"/setup/gateways/{self.gateway}")
        self.page.locator('[name="board"]').select_option(label="Ground floor")
        self.save()
        self.told("Gateway saved.")

    def gives_loads(self) -> None:
        self.adds_to("loads", "Add a load", "Compressor")
        self.assigns("loads", "Compressor", "Other make")

    def disables_a_predefined_load(self) -> None:
        """A predefined one can be disabled and enabled again; nobody offers to erase it."""
        self.go("/setup/loads")
        row = self.page.locator("main tr", has=self.page.locator("[data-kept]")).first
        name = row.locator("[data-remove]").get_attribute("data-name") or ""
        row.locator("[data-remove]").click()
        dialog = self.page.locator("dialog[open]")
        expect(self.button("Erase", dialog)).to_have_count(0)
        self.button("Disable", dialog).click()
        expect(self.row(name)).to_contain_text(self.say("Disabled"))
        self.button("Enable", self.row(name)).click()
        expect(self.row(name)).to_contain_text(self.say("Enabled"))

    def gives_measure_groups(self) -> None:
        self.adds_to("groups", "Add a measure group", "Tenants", "What is billed on")
        self.assigns("groups", "Tenants", "Incomer", "Lighting")
        self.row("Tenants").locator("[data-remove]").click()
        self.picture("disable-or-erase")
        self.button("Disable", self.page.locator("dialog[open]")).click()
        expect(self.row("Tenants")).to_contain_text(self.say("Disabled"))
        self.button("Enable", self.row("Tenants")).click()
        expect(self.row("Tenants")).to_contain_text(self.say("Enabled"))

    def erases_a_measure_group(self) -> None:
        self.adds_to("groups", "Add a measure group", "For a day")
        self.row("For a day").locator("[data-remove]").click()
        self.button("Erase", self.page.locator("dialog[open]")).click()
        expect(self.row("For a day")).to_have_count(0)
        assert "For a day" not in {group["name"] for group in self.api("groups")}

    def finds_it_kept(self) -> None:
        """What the pages said is what the server has."""
        ids = {kind: {each["name"]: each["id"] for each in self.api(kind)} for kind in ("boards", "loads", "groups")}
        kept = {device["name"]: device for device in self.api("devices")}
        assert kept["Other make"]["load"] == ids["loads"]["Compressor"]
        assert all(kept[name]["groups"] == [ids["groups"]["Tenants"]] for name in ("Incomer", "Lighting"))
        assert self.api(f"gateways/{self.gateway}")["board"] == ids["boards"]["Ground floor"]
        assert "Workshop" not in kept

    def sees_all_of_it_at_work(self) -> None:
        self.go("/setup/gateways")
        expect(self.page.locator("main .status.communication_error")).to_have_count(0)
        self.picture("gateways")
        self.go("/devices")
        self.picture("panel-board")


def commission(electrician: Electrician) -> None:
    """All of it, in the order of the manual."""
    electrician.logs_in()
    electrician.opens_the_configuration()
    electrician.names_the_local_gateway()
    electrician.adds_the_gateway()
    electrician.adds_devices_of_each_kind()
    electrician.is_refused_an_address_that_is_taken()
    electrician.sets_advanced_options()
    electrician.names_the_eq_device()
    electrician.confirms_what_the_display_shows()
    electrician.switches_a_device_off_and_on()
    electrician.erases_a_device_but_not_a_gateway_with_devices()
    electrician.erases_a_gateway_without_devices()
    electrician.gives_a_panel_board()
    electrician.gives_loads()
    electrician.disables_a_predefined_load()
    electrician.gives_measure_groups()
    electrician.erases_a_measure_group()
    electrician.finds_it_kept()
    electrician.sees_all_of_it_at_work()
