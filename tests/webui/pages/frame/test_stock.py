"""Applications that share what no site changes."""

from __future__ import annotations

from dataclasses import replace

from runtime.text.language import LANGUAGES
from tests.webui.stage import Stage
from tests.webui.stock import CompiledTemplates
from webui.app import build
from webui.pages.frame.stock import Stock


def test_what_one_application_compiled_and_read_serves_the_next_with_its_own_site(site: Stage) -> None:
    kept = CompiledTemplates()
    stock = Stock(compiled=kept)
    site.app = build(site.bridge, stock=stock)
    first = site.get("/devices", accept_language="fr").text
    compiled, read = dict(kept.compiled), stock.catalogues.of(LANGUAGES["fr"])
    other = replace(site.installation, site="Other works")
    site.app = build(replace(site.bridge, installation=lambda: other), stock=stock)
    assert site.get("/devices", accept_language="fr").text == first.replace("Test works", "Other works")
    assert kept.compiled == compiled and stock.catalogues.of(LANGUAGES["fr"]) is read


def test_without_a_shared_one_each_application_has_its_own() -> None:
    assert Stock().catalogues is not Stock().catalogues and Stock().compiled is None
