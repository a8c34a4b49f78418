"""What was opened or closed between two looks."""

from __future__ import annotations

from runtime.core.alarm.switching import Switching
from runtime.core.site.installation import DeviceSpec, Installation
from runtime.core.view import DEVICE_VIEWS, DeviceView
from runtime.viewboard import Views

SITE = Installation(devices=(DeviceSpec(1, "Oven", 1, 1, "m"), DeviceSpec(2, "Gate", 1, 2, "m")))
OPEN, CLOSED, TRIPPED = 0, 1, 2


class Scene:
    def __init__(self) -> None:
        self.views, self.switching = Views(), Switching()

    def look(self, id: int, n: int | None, quantity: str = "breaker_state") -> list[tuple[int, str]]:
        view = DeviceView(id, "D", 1, "on", (quantity,), (n,), (0,), (0,))
        self.views.publish(DEVICE_VIEWS.of(id), view)
        return self.switching.look(SITE, self.views)


def test_how_it_is_at_first_is_no_change_and_each_change_is_one() -> None:
    scene = Scene()
    assert scene.look(1, CLOSED) == []
    assert scene.look(1, OPEN) == [(1, "breaker_opened")]
    assert scene.look(1, OPEN) == []
    assert scene.look(2, OPEN, "control_state") == []
    assert scene.look(2, CLOSED, "control_state") == [(2, "contact_closed")]


def test_a_trip_is_an_alarm_and_no_switching() -> None:
    scene = Scene()
    scene.look(1, CLOSED)
    assert scene.look(1, TRIPPED) == []
    assert scene.look(1, CLOSED) == [(1, "breaker_closed")]


def test_what_nobody_could_read_is_compared_with_how_it_was() -> None:
    scene = Scene()
    scene.look(1, CLOSED)
    assert scene.look(1, None) == []
    assert scene.look(1, CLOSED) == []
    scene.look(1, None)
    assert scene.look(1, OPEN) == [(1, "breaker_opened")]


def test_other_registers_begin_anew() -> None:
    scene = Scene()
    scene.look(1, CLOSED)
    assert scene.look(1, OPEN, "contactor_state") == []
