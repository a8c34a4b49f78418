"""What the plugin offers: the scheme of stations that call in, and the one kind of device that they are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from drivers.api import CodedModel, Family, Scheme, hookimpl, load_map
from drivers.ocpp.line import ocpp_line
from runtime.core.decode.compiled import compile_map
from runtime.core.ocpp.identity import MOST_CONNECTORS, SCHEME, url_of

MAP = Path(__file__).with_name("charge-point.toml")
MAKER = "Open Charge Alliance"


@hookimpl
def gateways() -> tuple[Scheme, ...]:
    return (
        Scheme(
            SCHEME, "OCPP", url_of("CP-1"), ocpp_line, SCHEME, units=(1, MOST_CONNECTORS), called_in=ocpp_line,
        ),
    )  # fmt: skip


@hookimpl
def families() -> list[Family]:
    found = load_map(MAP, {})
    decoder = replace(compile_map(found), protocol=SCHEME)
    model = CodedModel(found.title, found.source, decoder, maker=MAKER, note=found.note)
    return [Family("ocpp", "Charging stations that call in", (model,))]
