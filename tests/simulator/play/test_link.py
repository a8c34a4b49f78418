"""Links between EMS modules act by themselves."""

from simulator.play.site import Site
from simulator.scenario.models import Models
from simulator.scenario.scenario import parse_scenario

T = 1_780_000_000_000
MODELS = Models()
SCENARIO = """
[[gateway]]
name = "Bus"
listen = "tcp://127.0.0.1:0"
[[device]]
name = "Interface"
gateway = "Bus"
unit = 100
model = "legrand-414940"
links = [{event = "Breaker", action = "Pump", does = "open"}, {event = "Breaker", does = "close"}]
[[device]]
name = "Breaker"
gateway = "Bus"
unit = 5
model = "legrand-414929"
[[device]]
name = "Pump"
gateway = "Bus"
unit = 6
model = "legrand-414931"
shows = {contactor_state = "closed"}
"""


def site():
    return Site(parse_scenario(SCENARIO, "small.toml", MODELS), MODELS)


def test_the_interface_tells_its_links():
    shown = site().devices["Interface"].values(T)
    told = {
        what: shown[f"link_1_{what}"] for what in ("state", "event_unit", "event_function", "action_unit", "action")
    }
    assert told == {"state": 1, "event_unit": 5, "event_function": 2, "action_unit": 6, "action": 1}
    assert shown["link_1_action_function"] == 3
    assert (shown["link_2_state"], shown["link_3_state"]) == (2, 0)


def test_a_trip_opens_what_is_linked_to_it():
    devices = site().devices
    devices["Breaker"].happen("breaker_state", 2, T)
    assert devices["Pump"].panel.get("contactor_state") == 0


def test_a_reset_does_nothing():
    devices = site().devices
    devices["Breaker"].happen("breaker_state", 1, T)
    assert devices["Pump"].panel.get("contactor_state") == 1
