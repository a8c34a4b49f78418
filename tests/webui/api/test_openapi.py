"""The description is held against the routes and against what they really answer."""

from __future__ import annotations

import re

import jsonschema
import pytest

from runtime.core.site.resources import RESOURCES
from runtime.store.env import Store
from tests.webui.api.described import DOCUMENT, operation, validator
from tests.webui.api.device.test_test import at_work
from tests.webui.api.device.test_trace import seen
from tests.webui.api.site.test_tariff import RULES, TARIFFS
from tests.webui.stage import Stage, stage, trouble

ASKED = (
    "/api/v1/health", "/api/v1/live", "/api/v1/live?quantities=main", "/api/v1/devices", "/api/v1/devices/1",
    "/api/v1/devices/1/live", "/api/v1/gateways", "/api/v1/gateways/1", "/api/v1/gateways/1/trace", "/api/v1/loads",
    "/api/v1/groups", "/api/v1/tariffs", "/api/v1/rules", "/api/v1/meters",
    "/api/v1/consumption?of=device:1&period=month&date=2026-11-18", "/api/v1/consumption/loads?period=year",
    "/api/v1/consumption?period=decade&fluid=gas", "/api/v1/consumption/devices",
    "/api/v1/consumption?of=group:1/load:1", "/api/v1/consumption/loads?of=group:1",
    "/api/v1/consumption/groups?of=load:1&period=month", "/api/v1/consumption/fluids",
    "/api/v1/samples?device=1&quantity=active_power_w", "/api/v1/curves?series=1:active_power_w,2:voltage_l1_v",
    "/api/v1/events?limit=5", "/api/v1/system",
    "/api/v1/openapi.json", "/api/v1/machine", "/api/v1/modbus-server",
    "/api/v1/modbus-server/objects", "/api/v1/modbus_servers", "/api/v1/ocpp", "/api/v1/ocpp_servers",
    "/api/v1/charging_circuits", "/api/v1/charging_stations", "/api/v1/charging", "/api/v1/charging/stations",
    "/api/v1/charging/decisions", "/api/v1/charging/sessions", "/api/v1/charging/statement?date=2026-11-30",
    "/api/v1/corrections?device=1", "/api/v1/recompute", "/api/v1/archive",
    "/api/v1/archive/medium", "/api/v1/retention?months=6", "/api/v1/rules/gaps", "/api/v1/session",
    "/api/v1/users", "/api/v1/users/1",
    "/api/v1/tokens", "/api/v1/sessions", "/api/v1/browsers", "/api/v1/loads/1", "/api/v1/groups/1", "/api/v1/boards",
    "/api/v1/boards/1", "/api/v1/settings", "/api/v1/catalogue", "/api/v1/audit", "/api/v1/certificate",
    "/api/v1/gateways/1/scan", "/api/v1/devices/1/commands", "/api/v1/maps",
    "/api/v1/devices/1/energy-check?with=others", "/api/v1/energy-check",
    "/api/v1/alarms?state=all", "/api/v1/alarms/summary", "/api/v1/maintenance",
    "/api/v1/supply_contracts", "/api/v1/thresholds",
    "/api/v1/outlets", "/api/v1/alerts", "/api/v1/outbox",
    "/api/v1/automations", "/api/v1/automation-states", "/api/v1/budgets",
    "/api/v1/automations", "/api/v1/automation-states",
    "/api/v1/downloads",
)  # fmt: skip

ELSEWHERE = {
    "idleTime",
    "screen",
    "screens",
    "tariff",
    "rule",
    "threshold",
    "outlet",
    "alert",
    "automation",
    "budget",
    "rehearsal",
    "own_map",
    "eqCheck",
    "modbus_server",
    "ocpp_server",
    "servers",
    "gateway_remote_objects",
    "charging_circuit",
    "charging_station",
    "supply_contract",
    "showDownload",
    "fetchDownload",
}  # of a site that has them: test_tariff, test_own_meter and so on
NO_JSON = ("/api/v1/installation", "/api/v1/alarms.csv", "/api/v1/modbus-server/table",
           "/api/v1/charging/sessions.csv", "/api/v1/charging/statement.csv")  # fmt: skip

POSTED = ("/api/v1/gateways/1/test", "/api/v1/devices/1/test")


def test_it_is_an_openapi_3_1_document_with_valid_schemas() -> None:
    assert DOCUMENT["openapi"].startswith("3.1.")
    assert {"title", "version"} <= DOCUMENT["info"].keys()
    for schema in DOCUMENT["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)
    ids = [operation["operationId"] for path in DOCUMENT["paths"].values() for operation in path.values()]
    assert len(ids) == len(set(ids))


def test_it_lists_exactly_the_routes_of_the_api(site: Stage) -> None:
    routed = {
        (re.sub(r"<(\w+)(?::\w+)?>", r"{\1}", route.rule), route.method.lower())
        for route in site.app.routes
        if route.rule.startswith("/api/")
    }
    described = {(path, method) for path, operations in DOCUMENT["paths"].items() for method in operations}
    assert described == routed


STATUSES = {
    "get": {"200", "404"}, "patch": {"200", "400", "404", "409", "422", "503"},
    "delete": {"200", "404", "409", "422", "503"},
}  # fmt: skip


@pytest.mark.parametrize("resource", RESOURCES.edited, ids=lambda resource: resource.word)
def test_every_resource_is_described_as_its_row_says(resource) -> None:
    many, one = (DOCUMENT["paths"][f"/api/v1/{resource.plural}{end}"] for end in ("", "/{id}"))
    assert many["get"]["responses"].keys() == {"200"}
    assert many["post"]["responses"].keys() == {"201", "400", "422", "503"}
    assert {method: set(operation["responses"]) for method, operation in one.items()} == STATUSES
    reference = one["patch"]["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    edited = DOCUMENT["components"]["schemas"][reference.rpartition("/")[2]]["properties"].keys()
    given = resource.keys.keys() - {"id", *resource.fixed}
    assert given - edited <= {"fluid"} and edited <= given  # a rule's fluid tells tariffs of one name apart, in files


def test_every_described_get_is_asked_here() -> None:
    asked = {operation(path)["operationId"] for path in (*ASKED, *NO_JSON)}
    described = DOCUMENT["paths"].values()
    asked |= ELSEWHERE
    assert asked == {operations["get"]["operationId"] for operations in described if "get" in operations}


@pytest.mark.parametrize("path", ASKED)
def test_answers_are_as_described(site: Stage, path: str) -> None:
    site.publishes(2, state="communication_error", trouble=trouble())
    seen(site)
    answer = site.get(path)
    assert answer.status == 200
    schema = operation(path)["responses"]["200"]["content"]["application/json"]["schema"]
    validator(schema).validate(answer.json)


@pytest.mark.parametrize("path", ["/api/v1/tariffs", "/api/v1/rules", "/api/v1/consumption?period=day"])
def test_answers_with_tariffs_are_as_described(store: Store, path: str) -> None:
    answer = stage(store, tariffs=TARIFFS, rules=RULES).get(path)
    schema = operation(path)["responses"]["200"]["content"]["application/json"]["schema"]
    assert answer.json
    validator(schema).validate(answer.json)


@pytest.mark.parametrize("path", POSTED)
@pytest.mark.parametrize("there", [True, False])
def test_answers_to_posts_are_as_described(store: Store, path: str, there: bool) -> None:
    site = at_work(store) if there else stage(store)
    schema = operation(path, "post")["responses"]["200"]["content"]["application/json"]["schema"]
    answer = site.get(path, "POST")
    assert answer.json["ok"] is there
    validator(schema).validate(answer.json)


@pytest.mark.parametrize(
    "path",
    ["/api/v1/devices/9999", "/api/v1/consumption?of=nonsense", "/api/v1/samples", "/api/v1/consumption?of=load:77"],
)
def test_refusals_are_as_described(site: Stage, path: str) -> None:
    answer = site.get(path)
    responses = operation(path)["responses"]
    validator(responses[str(answer.status)]["content"]["application/json"]["schema"]).validate(answer.json)


def test_it_is_served(site: Stage) -> None:
    assert site.get("/api/v1/openapi.json").json == DOCUMENT
