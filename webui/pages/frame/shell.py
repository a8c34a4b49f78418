"""What all pages share: templates in the visitor's language, the frame around the content, the page for errors."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import bottle

from actors.message.alarm import ALARMS_VIEW, AlarmsView
from runtime.core.accounting.gasfactor import factors_of
from runtime.core.clock.timegrid import local, offset_s
from runtime.core.site.installation import Installation
from runtime.core.site.sitezone import key_at
from runtime.core.view import SAFE_MODE_VIEW
from runtime.text import wording
from runtime.text.language import LANGUAGES, Language, chosen
from runtime.text.speech import Speech
from webui.http.caller import caller
from webui.http.cookies import plain_cookie
from webui.model.bridge import Bridge
from webui.pages.frame.environment import environment
from webui.pages.frame.navigation import NAVIGATION, allowed_entries
from webui.pages.frame.stock import Stock

HTML = "text/html; charset=utf-8"


class Shell:
    """Renders templates."""

    def __init__(self, bridge: Bridge, stock: Stock) -> None:
        self._bridge = bridge
        self._speech = Speech(stock.catalogues)
        self._templates = environment(self._speech, stock, lambda: bridge.installation().currency)
        self._templates.globals["gas_wh_per_m3"] = lambda: max(factors_of(bridge.installation()).values(), default=0)

    def page(self, template: str, **values: Any) -> str:
        """HTML of ``template`` for this request's visitor."""
        language = self.language()
        self._speech.speak(language)
        return self._templates.get_template(template).render(self._frame(language) | values)

    def part(self, template: str, block: str, **values: Any) -> bottle.HTTPResponse:
        """HTML of one block of ``template``, which imports its macros itself; 304 where the visitor has it.

        What it shows must follow from ``values``, the language and the rights of the caller.
        """
        language, who = self.language(), caller()
        tag = f'"{_digest((values, language.code, who.name, sorted(who.rights or ())))}"'
        if bottle.request.get_header("If-None-Match") == tag:
            return bottle.HTTPResponse(status=304, headers={"ETag": tag})
        self._speech.speak(language)
        shown = self._templates.get_template(template)
        context = shown.new_context(self._frame(language) | values)
        return bottle.HTTPResponse("".join(shown.blocks[block](context)), headers={"ETag": tag, "Content-Type": HTML})

    def error_page(self, status: int, code: str, reference: str) -> str:
        usual = wording.ERROR_PAGES.get(status, wording.ERROR_PAGES[500] if status >= 500 else wording.BAD_REQUEST)
        advice = wording.ACCESS.get(code, usual)
        return self.page("error.html", status=status, advice=advice, reference=reference)

    def explain(self, code: str) -> tuple[str, str]:
        """What is wrong and what to do, in the language of this request's visitor."""
        advice = wording.REFUSALS.get(code) or wording.advice_for(code)
        self._speech.speak(self.language())
        return self._speech.gettext(advice.what), self._speech.gettext(advice.todo) if advice.todo else ""

    def say(self, sentence: str) -> str:
        """In the language of this request's visitor."""
        self._speech.speak(self.language())
        return self._speech.gettext(sentence)

    def advices(self, table: Mapping[str, wording.Advice]) -> dict[str, list[str]]:
        """[what is wrong, what to do] of each, in the language of this request's visitor."""
        self._speech.speak(self.language())
        said = self._speech.gettext
        return {code: [said(advice.what), said(advice.todo) if advice.todo else ""] for code, advice in table.items()}

    def language(self) -> Language:
        request, default = bottle.request, self._bridge.installation().language
        spoken = chosen(plain_cookie("language"), request.get_header("Accept-Language", ""), default)
        return spoken.at(self._bridge.installation().zone)

    def _frame(self, language: Language) -> dict[str, Any]:
        """What base.html needs, and what every template may use."""
        request, bridge = bottle.request, self._bridge
        zone, now_ts = bridge.zone, bridge.clock.now_ts()
        theme = plain_cookie("theme")
        return {
            "site": bridge.installation().site,
            "zone": key_at(zone, now_ts),
            "now": local(now_ts, zone),
            "now_ms": bridge.clock.now_ms(),
            "offset_s": offset_s(now_ts, zone),
            "language": language,
            "languages": LANGUAGES.values(),
            "priced": priced_fluids(bridge.installation()),
            "theme": theme if theme in ("light", "dark") else "",
            "path": request.path,
            "here": request.fullpath + (f"?{request.query_string}" if request.query_string else ""),
            "navigation": allowed_entries(NAVIGATION),
            "may": caller().may,
            "who": caller().name,
            "csrf": caller().csrf,
            "on_screen": caller().screen is not None,
            "version": bridge.version,
            "alarms": len(bridge.views.get(ALARMS_VIEW, AlarmsView()).active),
            "safe_mode": bridge.views.get(SAFE_MODE_VIEW, None),
        }


def _digest(value: object) -> str:
    return hashlib.blake2s(repr(value).encode(), digest_size=9).hexdigest()


def priced_fluids(installation: Installation) -> tuple[str, ...]:
    """The kinds of consumption that cost something here: those with tariffs."""
    fluids = {tariff.fluid for tariff in (*installation.tariffs, *installation.former_tariffs)}
    return tuple(fluid for fluid in wording.FLUIDS if fluid in fluids)
