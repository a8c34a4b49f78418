from __future__ import annotations

from dataclasses import replace

import bottle

from tests.webui.stage import Stage
from tests.webui.stock import STOCK
from webui.app import build


def _demo(site: Stage) -> bottle.Bottle:
    site.app = build(replace(site.bridge, demo=True), stock=STOCK)
    return site.app


def test_the_styleguide_stands_in_the_demo_alone(site: Stage) -> None:
    assert site.get("/styleguide").status == 404
    _demo(site)
    text = site.get("/styleguide").text
    assert text.count("<tr data-state") == 255
    assert "<code>state-on</code>" in text


def test_it_plays_what_forms_can_hear(site: Stage) -> None:
    _demo(site)
    statuses = {kind: site.get(f"/styleguide/{kind}", "POST").status for kind in ("saved", "stale", "faults", "other")}
    assert statuses == {"saved": 200, "stale": 409, "faults": 400, "other": 404}
    fault = site.get("/styleguide/faults", "POST").json["error"]["faults"][0]
    assert fault.keys() == {"field", "code", "message", "hint"}
