"""Pulse counters that nobody asks: a box sends a line of text for each of its inputs, by itself, every few seconds.

    3;12045;1800;9E        input; pulses since it was made; ms between the last two, 0 = none; check

The check is the sum of all bytes before it, modulo 256, as two hexadecimal digits. The box does not exist. It stands
here for everything that is no Modbus: a scheme, what cuts its stream into frames, and a decoder. It imports from
``drivers.api`` alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from drivers.api import (
    NETWORK,
    Clock,
    CodedModel,
    ConfigError,
    DeviceSettings,
    Family,
    Fault,
    Feed,
    Frame,
    FrameDecoder,
    FrameKind,
    LineFramer,
    Scheme,
    hookimpl,
    network_feed,
)

PROTOCOL = "pulse-lines"
PORT = 4300
PERIOD_S = 10.0  # the box sends each input at least this often
LEAST_PER_KWH, MOST_PER_KWH = 1, 100_000


def read_line(line: bytes) -> Frame:
    """Raises ValueError for a line that is damaged: it never becomes a value."""
    body, separator, check = line.rpartition(b";")
    if not separator or check.upper() != check_of(body):
        raise ValueError(f"the check of {line[:40]!r} is wrong")
    unit, count, gap_ms = (int(part) for part in body.split(b";"))
    return Frame(unit, "", b"%d;%d" % (count, gap_ms))


def check_of(body: bytes) -> bytes:
    return b"%02X" % (sum(body + b";") % 256)


def make_feed(url: str, clock: Clock) -> Feed:
    return network_feed(url, clock, lambda: LineFramer(read_line), port=PORT)


@dataclass(frozen=True)
class Pulses:
    """What a frame says of a meter with so many pulses for a kWh. Equal ones are one: a reload starts nobody anew."""

    per_kwh: int

    def __call__(self, payload: bytes, settings: DeviceSettings) -> tuple[int | None, ...]:
        """Energy in 0.001 Wh, and power in 0.1 W by the time between the last two pulses."""
        count, gap_ms = (int(part) for part in payload.split(b";"))
        power_n = round(36_000_000_000 / (self.per_kwh * gap_ms)) if gap_ms else 0
        return count * 1_000_000 // self.per_kwh, power_n


def make_model(parameters: Mapping[str, str | int | float], id: str = "pulse-box") -> CodedModel:
    """The meter at one input; ``per_kwh``: its pulses for a kWh. Raises ConfigError."""
    per_kwh = parameters.get("per_kwh", 1000)
    if not isinstance(per_kwh, int) or not LEAST_PER_KWH <= per_kwh <= MOST_PER_KWH:
        told = f"{per_kwh!r} is no number of pulses from {LEAST_PER_KWH} to {MOST_PER_KWH}"
        raise ConfigError([Fault("parameters", "per_kwh", told, "it stands on the meter")])
    frame = FrameKind("", ("active_energy_import_wh", "active_power_w"), Pulses(per_kwh), PERIOD_S, "energy")
    decoder = FrameDecoder(id, PROTOCOL, "field", (frame,))
    return CodedModel("Meter at a pulse box", "docs/examples/pulses", decoder)


@hookimpl
def gateways() -> list[Scheme]:
    box = Scheme(
        "pulses", "Pulse box", f"pulses://192.168.1.40:{PORT}", make_feed, PROTOCOL,
        is_heard=True, form=NETWORK, default_port=PORT, units=(1, 16),
    )  # fmt: skip
    return [box]


@hookimpl
def families() -> list[Family]:
    example = make_model({})
    return [Family("pulse-box", "Pulse boxes", (example,), {example.id: make_model})]
