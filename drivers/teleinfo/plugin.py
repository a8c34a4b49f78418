"""What the plugin offers: two schemes and two kinds of meters."""

from __future__ import annotations

from drivers.api import NETWORK, Family, Scheme, hookimpl
from drivers.teleinfo.feeds import PORT, network_tic, serial_tic
from drivers.teleinfo.framer import UNIT
from drivers.teleinfo.models import IDS, PROTOCOL, make_historique, make_standard


@hookimpl
def gateways() -> tuple[Scheme, ...]:
    alone = (UNIT, UNIT)
    return (
        Scheme("tic", "Téléinfo", "tic:///dev/ttyUSB0", serial_tic, PROTOCOL, is_heard=True, units=alone),
        Scheme(
            "tic+tcp", "Téléinfo over TCP", f"tic+tcp://192.168.1.40:{PORT}", network_tic, PROTOCOL,
            is_heard=True, form=NETWORK, default_port=PORT, units=alone,
        ),
    )  # fmt: skip


@hookimpl
def families() -> list[Family]:
    makers = (make_historique, make_standard)
    examples = tuple(make({}) for make in makers)
    return [Family("teleinfo", "Meters with téléinfo", examples, dict(zip(IDS, makers, strict=True)))]
