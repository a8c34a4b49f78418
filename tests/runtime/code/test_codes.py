"""Each code stands once; what bears another is refused at once; answers and pages take what the table says."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator

import pytest

from actors.message.device import EventReported
from runtime.code.code import Advice, Code
from runtime.code.codes import AREAS, CODES, REPEATED, field_of, is_error, is_event, status_of
from runtime.core.resource.reference import IN_USE
from runtime.core.site.resources import RESOURCES
from runtime.errors import ConfigError, DriverError, Fault, InvariantBroken, Refused, StoreError, WattkeeperError
from runtime.store.env import open_store
from runtime.store.object.events import add_event
from runtime.text.eventwords import REPEATED as REPEATED_WORDS
from runtime.text.language import LANGUAGES, Catalogues
from tests.sources import PRODUCT, ROOT, nodes, paths
from webui.front.http.refusal import Refused as FrontRefused
from webui.http.errors import RequestRefused

FRENCH = Catalogues().of(LANGUAGES["fr"])
WORDLESS = {  # for the log and the command line: no page shows them
    "actor_crashed", "bad_parameter", "child_spec", "code_unknown", "commit_failed", "http_address", "http_version",
    "kind_unknown", "loop_ended", "loop_silent", "stop_from_inside", "store_locked", "store_missing", "store_older",
}  # fmt: skip


MADE_WITH = {  # whoever bears a code -> where it stands among the arguments
    "WattkeeperError": 0, "DriverError": 0, "LinkDown": 0, "NoAnswer": 0, "BadAnswer": 0, "StoreError": 0,
    "AccessDenied": 0, "InvariantBroken": 0, "Fault": 4, "RequestRefused": 1, "EventReported": 2, "add_event": 4,
    "DeliveryFailed": 0,
}  # fmt: skip
COMPOSED = {"medium_failed", "verify_failed", "backup_failed", "id_taken"}  # of the name of a job, of a field
SOURCES = [path for top in PRODUCT if top != "simulator" for path in paths(top) if path.parent != ROOT / "runtime/code"]


def written_codes() -> Iterator[str]:
    """Codes that stand as they are where an error, a fault or an event is made."""
    for node in (node for source in SOURCES for node in nodes(source)):
        place = MADE_WITH.get(getattr(node.func, "id", "")) if isinstance(node, ast.Call) else None
        if place is not None:
            given = [*node.args[place : place + 1], *(word.value for word in node.keywords if word.arg == "code")]
            yield from (each.value for each in given if isinstance(each, ast.Constant))


def sentences(code: Code) -> list[str]:
    advice = [text for each in (code.refusal, code.trouble) if each for text in (each.what, each.todo)]
    return [text for text in (code.event, code.fault, *advice) if text]


def test_each_code_stands_once_in_one_area():
    assert {
        id: count for id, count in Counter(code.id for area in AREAS for code in area.CODES).items() if count > 1
    } == {}
    files = {path.stem for path in (ROOT / "runtime/code").glob("*.py")} - {"__init__", "code", "codes"}
    assert {area.__name__.rpartition(".")[2] for area in AREAS} == files


@pytest.mark.parametrize("code", CODES.values(), ids=lambda code: code.id)
def test_a_code_is_well_formed(code):
    assert re.fullmatch(r"[a-z]+(_[a-z0-9]+)*", code.id) and not code.id.endswith(REPEATED)
    assert 400 <= code.status < 600 and code.fault_status in (404, 409, 422)
    assert all(
        text.endswith(".") for each in (code.refusal, code.trouble) if each for text in (each.what, each.todo) if text
    )
    assert not code.event.endswith(".")
    assert not [text for text in sentences(code) if FRENCH.gettext(text) == text]


def test_every_code_that_is_written_stands_in_the_table_and_every_other_is_written_somewhere():
    written = set(written_codes())
    assert {"link_lost", "meter_unknown", "name_taken", "store_newer", "medium_set"} <= written | {"name_taken"}
    assert {code for code in written if not (is_error(code) or is_event(code))} == set()
    texts = [source.read_text(encoding="utf-8") for source in SOURCES]
    unused = {id for id in CODES if not any(f'"{id}"' in text for text in texts)}
    assert {id for id in unused if not id.startswith("exception_")} - COMPOSED == set()


def test_only_what_no_page_shows_has_no_words():
    silent = {code.id for code in CODES.values() if not sentences(code)}
    assert {code for code in silent if not code.startswith("exception_")} == WORDLESS


@pytest.mark.parametrize(
    "make",
    [
        lambda code: WattkeeperError(code, "sentence"),
        lambda code: StoreError(code, "sentence"),
        lambda code: DriverError(code, "sentence"),
        lambda code: Fault("file", "key", "sentence", code=code),
        lambda code: RequestRefused(400, code, "sentence"),
        lambda code: FrontRefused(400, code, "sentence"),
        lambda code: EventReported(1, "server", code),
    ],
)
def test_what_bears_a_code_that_stands_nowhere_is_refused_where_it_is_made(make):
    with pytest.raises(InvariantBroken, match="'counter_doubled'") as refused:
        make("counter_doubled")
    assert refused.value.code == "code_unknown"
    make("medium_missing")  # is both


def test_an_event_is_kept_only_under_the_code_of_an_event(tmp_path):
    store = open_store(tmp_path)
    with store.writing() as txn:
        with pytest.raises(InvariantBroken):
            add_event(store, txn, 1, "server", "store_locked")
        add_event(store, txn, 1, "server", "store_restored")
    store.close()


def test_an_event_that_happens_again_and_again_bears_its_own_code():
    assert is_event("communication_error_flaps") and is_event("communication_error_calmed")
    assert not is_event("no_answer_flaps") and not is_error("communication_error_flaps")
    assert set(REPEATED) == set(REPEATED_WORDS)


def test_every_modbus_exception_has_a_code():
    assert {Refused(number, "refused").code for number in range(1, 256)} <= CODES.keys()


def test_every_configured_thing_that_may_be_missing_has_its_words():
    refused = {IN_USE.code, *(resource.unknown for resource in RESOURCES), *(f"{key}_taken" for key in ("id", "name"))}
    refused |= {each.held.code for resource in RESOURCES for each in resource.references if each.held}
    assert all(CODES[code].refusal for code in refused)


def test_an_answer_takes_status_and_field_from_the_table():
    assert [status_of(code) for code in ("puk_needed", "correction_unknown", "version_stale", "store_full")] == [
        401, 404, 409, 503
    ]  # fmt: skip
    assert (field_of("meter_unknown"), field_of("pin_easy"), field_of("store_full")) == ("quantity", "pin", "")
    assert CODES["undo_unfit"].fault_status == 409 and CODES["name_taken"].fault_status == 422


def test_a_list_of_faults_bears_the_code_of_its_first():
    faults = [Fault("file", "key", "sentence", code=code) for code in ("name_taken", "missing")]
    assert ConfigError(faults).code == "name_taken"


def test_the_words_of_a_code_are_one_sentence_and_what_to_do():
    assert CODES["busy"].refusal == Advice("Other requests wait for devices already.", "Try again in a few seconds.")
