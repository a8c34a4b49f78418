"""What actors say to each other: events are past tense, commands imperative; each tells who to whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from runtime.core.device.command import CommandRequest
from runtime.core.device.permit import Permit
from runtime.core.energy.counterlimits import CounterFacts
from runtime.core.poll.schedule import LIVE
from runtime.core.source.query import Query
from runtime.errors import check_event


@dataclass(frozen=True, slots=True)
class Begin:
    """Open what you own. Actor -> itself, from on_start."""


@dataclass(frozen=True, slots=True)
class Minute:
    """The coarse tick. Timers -> whoever asked."""

    now_ts: int


@dataclass(frozen=True, slots=True)
class PollBlock:
    """One request of the plan, due each ``period_s``, 0 = as often as the bus can; or frames that come unasked."""

    device: int
    block: int  # the gateway's number for it, the same as long as the gateway lives
    request: Query
    period_s: float
    timeout_s: float = 1.0  # at most; the bus learns how long its answers take
    rank: int = LIVE


@dataclass(frozen=True, slots=True)
class PlanChanged:
    """What to poll from now on, replacing the plan before. Gateway -> its bus."""

    incarnation: int  # of the gateway
    blocks: tuple[PollBlock, ...]


@dataclass(frozen=True, slots=True)
class PlanWanted:
    """I have no plan. A bus that has just begun -> its gateway."""


@dataclass(frozen=True, slots=True)
class CallerCame:
    """Who opens the connection itself is there: try the link at once. The server that it called -> its bus."""


@dataclass(frozen=True, slots=True)
class BlocksDue:
    """Read these (device, block) before all others, the edge of a slot has passed. Gateway -> its bus."""

    incarnation: int
    blocks: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class WatchDevices:
    """Somebody looks at these: read them more often for a while. Web -> their gateway."""

    devices: tuple[int, ...]
    for_s: float = 30.0


@dataclass(frozen=True, slots=True)
class BlockRead:
    """One block answered. Bus -> its gateway."""

    device: int
    block: int
    ts_ms: int  # UTC, middle of the transaction
    took_ms: int
    payload: bytes  # exactly what was asked, as its decoder takes it: registers, big-endian, or a frame
    incarnation: int = 0  # that of the plan
    suspect: bool = False  # it may be the answer to an earlier request


@dataclass(frozen=True, slots=True)
class BlockDoubted:
    """What was read last of a block may have been the answer to another request. Bus -> its gateway."""

    device: int
    block: int
    incarnation: int = 0  # that of the plan


@dataclass(frozen=True, slots=True)
class BlockFailed:
    """One block did not answer, or not properly. Bus -> its gateway."""

    device: int
    block: int
    ts_ms: int
    code: str
    detail: str
    incarnation: int = 0  # that of the plan


@dataclass(frozen=True, slots=True)
class LinkChanged:
    """The connection of a bus came or went. Bus -> its gateway."""

    ts_ms: int
    up: bool
    code: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class SampleClosed:
    """One device, one slot. Gateway -> recorder.

    schema     quantities and statistics of the columns, ("active_power_w", "mean"), …
    columns_n  one count of the quantity's step each; None = nothing was read
    quality    Quality of each column
    counters   quantity -> the readings the ledger needs, oldest first: (UTC ms, raw index in steps).
               Normally the last before the start, what looked odd inside, the last before and the first after the end.
    poll_ms    how often the counters are read, 0 = not known; an edge between readings further apart is estimated
    rescaled_ms  UTC ms when a parameter that scales the counters changed (CT ratio), 0 = it did not
    doubt      Quality that the energy of the slot has at best: its time may be wrong
    facts      what the device's map says of each counter
    resumed    UTC ms of readings before which the line was silent
    base       by what its counters are read, name -> how it is; {} = not known
    steady     UTC ms of readings before which others were left out that climbed alike
    begun_ms   UTC ms of the first reading, in the first sample since sampling began; 0 = it is a later one
    turned_ms  by how much the clock was put back since the sample before, 0 = it was not
    is_open    the slot is not over, but who sampled it has ended: only what its counters showed until then is told
    """

    device: int
    start_ts: int
    end_ts: int
    schema: tuple[tuple[str, str], ...]
    columns_n: tuple[int | None, ...]
    quality: tuple[int, ...]
    counters: dict[str, tuple[tuple[int, int], ...]]
    poll_ms: int = 0
    rescaled_ms: int = 0
    doubt: int = 0
    facts: Mapping[str, CounterFacts] = field(default_factory=dict)
    resumed: tuple[int, ...] = ()
    steady: tuple[int, ...] = ()
    base: Mapping[str, str] = field(default_factory=dict)
    begun_ms: int = 0
    turned_ms: int = 0
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class EventReported:
    """Something worth keeping happened. Anyone -> recorder. ``subject`` is "device.3", "gateway.1", "server"."""

    ts_ms: int
    subject: str
    code: str
    detail: str = ""

    def __post_init__(self) -> None:
        check_event(self.code)


@dataclass(frozen=True, slots=True)
class KeepRecords:
    """Keep these records, and events that tell of it, in one transaction. Whoever owns them -> recorder.

    records  (kind, key, record) each; None as record deletes it
    reply    filled with True once it is on disk, or with a StoreError; None when nobody waits
    """

    records: tuple[tuple[str, str | int, Any], ...]
    events: tuple[EventReported, ...] = ()
    reply: Any = None


@dataclass(frozen=True, slots=True)
class Perform:
    """Read now, ahead of polling. Anyone -> a bus; the reply box gets bytes or a DriverError. Writes are refused."""

    request: Query
    timeout_s: float
    deadline: float  # monotonic; dropped before the wire when it has passed
    reply: Any  # pykka ThreadingFuture, filled once


@dataclass(frozen=True, slots=True)
class PassThrough:
    """Read or write this for another master, behind commands and in turn with polls. Modbus server -> a bus.

    As ``Perform``; refused with exception_6 where too many wait, with what the line refuses otherwise.
    master  whose turn it is, by its address
    permit  without one nothing is written
    """

    master: str
    request: Query
    timeout_s: float
    deadline: float
    reply: Any
    permit: Permit | None = None


@dataclass(frozen=True, slots=True)
class Command:
    """Tell a device something. Web -> its gateway; answered with the ``Outcome`` of the wish.

    Refused with command_unknown, command_value, device_off, gateway_off, map_provisional, model_other, request_reused.
    deadline  monotonic; by then it is answered, whatever became of it
    routine   given again and again by a rule: neither an event nor remembered
    """

    wish: CommandRequest
    deadline: float
    reply: Any
    routine: bool = False


@dataclass(frozen=True, slots=True)
class WriteNow:
    """Write and read back at once, ahead of polling; without ``writes`` only read. Gateway -> its bus: ``Written``.

    serial    the gateway's number for it
    permit    without one nothing is written
    deadline  monotonic; nothing is written after it
    """

    serial: int
    writes: tuple[Query, ...]
    reads: tuple[Query, ...]
    permit: Permit | None
    timeout_s: float
    deadline: float
    incarnation: int  # of the gateway


@dataclass(frozen=True, slots=True)
class Written:
    """What became of ``WriteNow``. Bus -> its gateway.

    sent    writes that went to the wire, whatever came back
    code    why not all of them were acknowledged, "" = they were
    refused  the device or our own rules said no: it did not happen
    payloads  one for each read, None = no answer
    """

    serial: int
    incarnation: int
    ts_ms: int
    sent: int
    payloads: tuple[bytes | None, ...]
    code: str = ""
    detail: str = ""
    refused: bool = False
