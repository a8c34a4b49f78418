"""What all pages share: templates in the visitor's language, the frame around the content, the page for errors."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import bottle
import jinja2
from babel.dates import format_datetime

from runtime.core.installation import Installation
from runtime.core.timegrid import local, offset_s
from webui import wording
from webui.bridge import Bridge
from webui.figures import decimal, figure, money, scaled
from webui.language import Language, chosen, load_languages
from webui.staticfile import StaticFiles

TEMPLATES = Path(__file__).parent.parent / "templates"
N_ = wording.N_
NAVIGATION = (  # (path, icon, msgid)
    ("/", "home", N_("Home")),
    ("/devices", "board", N_("My panel board")),
    ("/consumptions", "chart", N_("Consumptions")),
    ("/gateways", "gateway", N_("Gateways")),
    ("/system", "system", N_("System")),
)


class Shell:
    """Renders templates; one environment for each language."""

    def __init__(self, bridge: Bridge, files: StaticFiles) -> None:
        self._bridge = bridge
        self._files = files
        self._languages = load_languages()
        self._environments = {code: self._environment(language) for code, language in self._languages.items()}

    def page(self, template: str, **values: Any) -> str:
        """HTML of ``template`` for this request's visitor."""
        request = bottle.request
        language = self.language()
        zone, now_ts = self._bridge.zone, self._bridge.clock.now_ts()
        theme = request.get_cookie("theme", "")
        return (
            self._environments[language.code]
            .get_template(template)
            .render(
                site=self._bridge.installation().site,
                zone=zone.key,
                now=local(now_ts, zone),
                now_ms=self._bridge.clock.now_ms(),
                offset_s=offset_s(now_ts, zone),
                language=language,
                languages=self._languages.values(),
                priced=priced_fluids(self._bridge.installation()),
                theme=theme if theme in ("light", "dark") else "",
                path=request.path,
                here=request.fullpath + (f"?{request.query_string}" if request.query_string else ""),
                navigation=NAVIGATION,
                version=self._bridge.version,
                **values,
            )
        )

    def error_page(self, status: int, code: str, reference: str) -> str:
        advice = wording.ERROR_PAGES.get(status, wording.ERROR_PAGES[500] if status >= 500 else wording.BAD_REQUEST)
        return self.page("error.html", status=status, advice=advice, reference=reference)

    def language(self) -> Language:
        request = bottle.request
        return chosen(self._languages, request.get_cookie("language", ""), request.get_header("Accept-Language", ""))

    def _environment(self, language: Language) -> jinja2.Environment:
        environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(TEMPLATES),
            autoescape=True,
            extensions=["jinja2.ext.i18n"],
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        environment.install_gettext_translations(language.catalogue, newstyle=True)  # type: ignore[attr-defined]
        code = language.code
        environment.filters["translated"] = lambda word: language.catalogue.gettext(
            wording.STATE_VALUES.get(word, word)
        )
        environment.filters["figure"] = lambda n, quantity: figure(quantity, n, code)
        environment.filters["scaled"] = lambda value, unit: scaled(value, unit, code)
        environment.filters["decimal"] = lambda value, decimals: decimal(value, decimals, code)
        environment.filters["money"] = lambda cost_p: money(cost_p, self._bridge.installation().currency, code)
        environment.filters["moment"] = lambda at: format_datetime(at, "medium", locale=code)
        environment.globals.update(
            static=self._files.url,
            states=wording.STATES,
            qualities=wording.QUALITIES,
            fluids=wording.FLUIDS,
            periods=wording.PERIODS,
            child_states=wording.CHILD_STATES,
            event_words=wording.EVENTS,
            state_values=wording.STATE_VALUES,
            advice_for=wording.advice_for,
            translated_troubles=lambda: _translated_troubles(language),
        )
        return environment


def priced_fluids(installation: Installation) -> tuple[str, ...]:
    """The kinds of consumption that cost something here: those with tariffs."""
    fluids = {tariff.fluid for tariff in (*installation.tariffs, *installation.former_tariffs)}
    return tuple(fluid for fluid in wording.FLUIDS if fluid in fluids)


def _translated_troubles(language: Language) -> dict[str, list[str]]:
    """Code -> [what is wrong, what to do]; "" for codes that the table does not have."""
    translate = language.catalogue.gettext
    table = {**wording.TROUBLES, "": wording.UNKNOWN_TROUBLE}
    return {code: [translate(advice.what), translate(advice.todo)] for code, advice in table.items()}
