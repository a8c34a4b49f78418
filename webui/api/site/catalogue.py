"""The catalogue: families, catalogue numbers, kinds of devices, and what each asks an installer for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

import bottle

from runtime.core.map.devicemodel import DeviceModel
from runtime.core.map.labels import FAMILIES, CatalogueEntry, parameters_of
from runtime.core.map.offer import Offer
from webui.http.answer import json_answer
from webui.http.permission import Route, needs
from webui.model.bridge import Bridge

SEE = (("system_configuration", "see"),)
OF_FOLDER = "maps"  # family of kinds that no plugin offers: those of the folder of maps


class CatalogueApi:
    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/api/v1/catalogue", self.catalogue)

    @needs(*SEE)
    def catalogue(self) -> bottle.HTTPResponse:
        """``entries`` are what stands on labels; ``models`` all kinds, each of them selectable by itself too."""
        offer = self._bridge.offer()
        entries = offer.entries
        models = list(_models(offer))
        named = {model["family"] for model in models} | {entry.family for entry in entries.values()}
        titles = {**FAMILIES, **{family.id: family.title for family in offer.families}, OF_FOLDER: "Own maps"}
        return json_answer(
            {
                "families": [{"id": id, "title": title} for id, title in titles.items() if id in named],
                "entries": [_entry(entry, entries, offer) for entry in entries.values()],
                "models": models,
            }
        )


def _models(offer: Offer) -> Iterable[dict[str, Any]]:
    families = {found.id: family.id for family in offer.families for found in family.maps}
    listed = {entry.map for entry in offer.entries.values()}
    for found in offer.maps.values():
        yield _model(found, families.get(found.id, OF_FOLDER), found.id not in listed, found.id in offer.made)


def _model(found: DeviceModel, family: str, selectable: bool, made: bool) -> dict[str, Any]:
    return {
        "id": found.id,
        "title": found.title,
        "maker": found.maker,
        "models": list(found.models),
        "family": family,
        "trust": found.trust,
        "source": found.source,
        "selectable": selectable,
        "parameters": ["unit", *(["side"] if found.side_stride else []), *([] if made else ["supply"])],
        "shares_address": bool(found.side_stride),
        "quantities": list(found.measured),
    }


def _entry(entry: CatalogueEntry, entries: dict[str, CatalogueEntry], offer: Offer) -> dict[str, Any]:
    found = offer.maps.get(entry.map)
    return {
        "number": entry.number,
        "family": entry.family,
        "designation": entry.designation,
        "brand": entry.brand,
        "range": entry.range,
        "functions": list(entry.functions),
        "phases": entry.phases or None,
        "connection": entry.connection,
        "fluid": entry.fluid or None,
        "model": entry.map,
        "trust": found.trust if found else None,
        "parameters": list(entry.parameters),
        "asked": [{**asdict(each), "choices": list(each.choices)} for each in parameters_of(entry, entries)],
        "most": entry.most,
        "inputs": entry.inputs,
        "via": entry.via or None,
        "rated_a": entry.rated_a or None,
    }
