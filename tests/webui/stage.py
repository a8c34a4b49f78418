"""A site for the tests of the web: real views, a told clock, a store where every device takes the same each hour."""

from __future__ import annotations

import datetime
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import bottle

from actors.mailbox.reply import answer, refuse
from actors.message.device import Perform
from drivers.gateways.modbus import BUILT_IN
from runtime.core.access.access import Access, first_users
from runtime.core.decode.compiled import CompiledMap
from runtime.core.modbus.request import Request
from runtime.core.quantity.quality import Quality
from runtime.core.site.installation import BoardSpec, DeviceSpec, GatewaySpec, GroupSpec, Installation, LoadSpec
from runtime.core.source.scheme import by_name
from runtime.core.view import BusView, DeviceAge, DeviceView, GatewayView, RecorderView, Trouble
from runtime.errors import WattkeeperError
from runtime.store.env import Store
from runtime.store.export.downloads import Downloads
from runtime.store.history import History
from runtime.viewboard import Views
from tests.webui.stock import STOCK
from webui.app import build
from webui.http.caller import KEY, Caller
from webui.model.bridge import Bridge

SCHEMES = by_name(BUILT_IN)
ZONE = ZoneInfo("Europe/Paris")
WH_N = 1_000_001  # what every device takes each hour, in thousandths
NOW_TS = int(datetime.datetime(2026, 11, 20, 14, 30, tzinfo=ZONE).timestamp())
QUANTITIES = (
    "active_energy_import_wh", "reactive_energy_import_varh", "active_power_w", "active_power_l1_w",
    "active_power_l2_w", "active_power_l3_w", "reactive_power_var", "apparent_power_va", "power_factor",
    "voltage_l1_v", "voltage_l2_v", "voltage_l3_v", "voltage_l12_v", "voltage_l23_v", "voltage_l31_v",
    "current_l1_a", "current_l2_a", "current_l3_a", "current_n_a", "frequency_hz", "thd_voltage_l1_pct",
    "thd_voltage_l2_pct", "thd_voltage_l3_pct", "thd_current_l1_pct", "thd_current_l2_pct", "thd_current_l3_pct",
)  # fmt: skip
VALUES_N = (
    1_234_567_890, 98_765_432, 123_456, 41_152, 41_150, 41_154, 23_450, 126_000, 982, 23_012, 23_104, 22_987, 39_870,
    39_910, 39_790, 17_880, 17_810, 17_902, 410, 49_998, 210, 195, 230, 780, 810, 795,
)  # fmt: skip


class ToldClock:
    """Stands still until it is told."""

    def __init__(self, now_ts: int = NOW_TS) -> None:
        self.now = float(now_ts)

    def now_ms(self) -> int:
        return int(self.now * 1000)

    def now_ts(self) -> int:
        return int(self.now)

    def monotonic(self) -> float:
        return self.now

    def goes_on(self, seconds: float) -> None:
        self.now += seconds


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass
class Stage:
    """``get`` asks the application as waitress would."""

    installation: Installation
    history: History
    clock: ToldClock = field(default_factory=ToldClock)
    views: Views = field(default_factory=Views)
    map_of: Callable[[int], CompiledMap | None] = lambda id: None
    posted: list[tuple[str, object]] = field(default_factory=list)
    wire: Callable[[Request], bytes] | None = None  # what devices answer; None = no bus runs
    peers: Callable[[str, object], bool] | None = None  # actors that really run; None = what is posted is noted only
    caller: Caller | None = None  # who asks; None = somebody at the machine itself

    def __post_init__(self) -> None:
        self.bridge = Bridge(
            self.views,
            self.history,
            lambda: self.installation,
            self.clock,
            self._post,
            "0.1.0",
            self.map_of,
            schemes=lambda: SCHEMES,
            downloads=Downloads(Path("/nonexistent")),
        )

    @cached_property
    def app(self) -> bottle.Bottle:
        """Of ``bridge`` as it is when first asked."""
        return build(self.bridge, stock=STOCK)

    def _post(self, name: str, message: object) -> bool:
        self.posted.append((name, message))
        if self.peers is not None and not isinstance(message, Perform):
            return self.peers(name, message)
        if isinstance(message, Perform):
            if self.wire is None:
                return False
            try:
                answer(message.reply, self.wire(message.request))
            except WattkeeperError as error:
                refuse(message.reply, error)
        return True

    def send(self, method: str, path: str, value: Any = None, **headers: str) -> Answer:
        """With a JSON body, as the scripts of the pages do."""
        return self._ask(method, path, b"" if value is None else json.dumps(value).encode(), headers)

    def get(self, path: str, method: str = "GET", **headers: str) -> Answer:
        return self._ask(method, path, b"", headers)

    def _ask(self, method: str, path: str, content: bytes, headers: dict[str, str]) -> Answer:
        path, _, query = path.partition("?")
        environ = {
            "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80", "CONTENT_TYPE": "application/json", "CONTENT_LENGTH": str(len(content)),
            "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(content), "wsgi.errors": io.StringIO(),
            **{f"HTTP_{name.upper()}": value for name, value in headers.items()},
            **({KEY: self.caller} if self.caller else {}),
        }  # fmt: skip
        started: list[Any] = []
        parts = self.app(environ, lambda status, headers, exc_info=None: started.extend((status, headers)))
        body = b"".join(parts)
        if hasattr(parts, "close"):  # as whoever serves WSGI does
            parts.close()
        return Answer(int(started[0].split()[0]), dict(started[1]), body)

    def publishes(self, id: int = 1, **changes: Any) -> DeviceView:
        """A device's view as its gateway would publish it; what is not said is a three-phase meter at work."""
        spec = self.installation.device(id)
        assert spec is not None
        quantities = changes.pop("quantities", QUANTITIES)
        values_n = changes.pop("values_n", VALUES_N[: len(quantities)])
        view = DeviceView(
            **{
                "id": id,
                "name": spec.name,
                "gateway": spec.gateway,
                "state": "on",
                "quantities": quantities,
                "values_n": values_n,
                "ts_ms": (self.clock.now_ms() - 2000,) * len(quantities),
                "quality": (int(Quality.GOOD),) * len(quantities),
                "model": spec.model,
                "address": str(spec.unit),
            }
            | changes  # fmt: skip
        )
        self.views.publish(f"device.{id}", view)
        return view


def installation(devices: int = 3, gateways: int = 1, **changes: Any) -> Installation:
    return Installation(
        **{
            "version": 4,
            "site": "Test works",
            "gateways": tuple(GatewaySpec(id, f"Hall {id}", f"tcp://10.0.0.{id}:502") for id in range(1, gateways + 1)),
            "devices": tuple(
                DeviceSpec(id, f"Meter {id}", (id - 1) % gateways + 1, id % 247 + 1, "legrand-412045", load=id % 3)
                for id in range(1, devices + 1)
            ),
            "loads": (LoadSpec(1, "Heating"), LoadSpec(2, "Lighting")),
            "groups": (GroupSpec(1, "North"),),
            "boards": (BoardSpec(1, "TGBT"),),
        }
        | changes  # fmt: skip
    )


def stage(
    store: Store,
    devices: int = 3,
    gateways: int = 1,
    map_of: Callable[[int], CompiledMap | None] = lambda id: None,
    **changes: Any,
) -> Stage:
    """A site at work: all devices and gateways published, and the recorder."""
    made = Stage(installation(devices, gateways, **changes), History(store), map_of=map_of)
    made.views.publish("access", Access("done", {user.id: user for user in first_users()}))
    for spec in made.installation.devices:
        made.publishes(spec.id)
    for gateway in made.installation.gateways:
        of = tuple(device.id for device in made.installation.devices_of(gateway.id))
        made.views.publish(f"gateway.{gateway.id}", GatewayView(gateway.id, gateway.name, gateway.url, "on", of, 1.25))
        ages = tuple(DeviceAge(id, 2.41, 2.08) for id in of)
        bus = BusView(gateway.id, True, 12_345, {"no_answer": 3}, 61.4, 1.25, ages=ages)
        made.views.publish(f"bus.{gateway.id}", bus)
    made.views.publish("recorder", RecorderView(made.clock.now_ms() - 90_000, 420, 14))
    return made


def trouble(code: str = "no_answer", message: str = "no answer within 1.0 s") -> Trouble:
    return Trouble(code, message, NOW_TS * 1000 - 60_000)


def steady_lines(installation: Installation, days: int = 30) -> Iterator[str]:
    """History until now in which every device takes WH_N an hour."""
    start_ts = NOW_TS // 3600 * 3600 - days * 86_400
    for day in range(days):
        at_ts = start_ts + day * 86_400
        for device in installation.devices:
            first = day * 24
            indexes = {"active_energy_import_wh": [(first + hour) * WH_N for hour in range(25)]}
            yield json.dumps({"device": device.id, "start_ts": at_ts, "step_s": 3600, "indexes": indexes})
