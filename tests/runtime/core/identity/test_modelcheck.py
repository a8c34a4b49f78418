import pytest

from drivers.families.plugin import families
from runtime.core.identity.modelcheck import addresses_of, judge
from runtime.core.map.devicemap import parse_map

MAPS = {found.id: found for family in families() for found in family.maps}
SOCO = {("holding", 0xC350, 4): b"\0S\0O\0C\0O"}
HEAD = {"source": "by hand", "trust": "published"}


def meter(id, code, maker="ACME", at=0x10):
    rows = [{"quantity": "voltage_l1_v", "at": at, "type": "u16"}]
    probes = [{"at": 1, "type": "u16", "equals": [code]}] if code else []
    named = {"maker": maker} if maker else {}
    return parse_map({**HEAD, **named, "id": id, "title": f"{maker} {id}", "field": rows, "identify": probes}, file="")


ONE, TWO = meter("one", 1), meter("two", 2)
PLAIN, REBADGED = meter("plain", None, "Other", 0x20), meter("rebadged", None, "Other")
ALL = (ONE, TWO, PLAIN, REBADGED)


def answers(code):
    return {("holding", 1, 1): code if code is None else bytes([0, code])}


@pytest.mark.parametrize(
    ("configured", "code", "told"),
    [
        (ONE, 1, ("same", "")),
        (ONE, 2, ("other", "answers like ACME two")),
        (ONE, 7, ("other", "does not name itself as the model that is configured")),
        (ONE, None, ("unknown", "")),  # silent or refused: nothing is said
        (PLAIN, 2, ("other", "answers like ACME two")),
        (PLAIN, 7, ("unknown", "")),
        (REBADGED, 1, ("unknown", "")),  # the same registers under another name
    ],
)
def test_a_device_that_names_itself_otherwise_is_told(configured, code, told):
    verdict = judge(configured, ALL, answers(code))
    assert (verdict.finding, str(verdict)) == told


def test_a_short_number_of_another_maker_is_a_hint_and_the_own_name_missing_is_proof():
    assert not judge(PLAIN, ALL, answers(2)).sure
    assert judge(ONE, ALL, answers(2)).sure
    assert judge(MAPS["eastron-sdm630"], MAPS.values(), SOCO).sure


def test_a_map_that_somebody_made_for_his_device_is_not_doubted():
    assert judge(meter("own", None, "", 0x20), ALL, answers(2)).finding == "unknown"


def test_each_place_where_devices_name_themselves_is_read_once():
    assert addresses_of([ONE, TWO, PLAIN]) == (("holding", 1, 1),)
    assert addresses_of([MAPS["legrand-412045"]]) == ()  # any code will do: that tells nothing


@pytest.mark.parametrize("id", ["socomec-c550", "socomec-c702", "socomec-c650", "socomec-countis-e14"])
def test_a_device_of_socomec_is_what_it_says(id):
    assert judge(MAPS[id], MAPS.values(), SOCO).finding == "same"


@pytest.mark.parametrize("id", ["socomec-compat", "legrand-014669", "bticino-f3n200"])
def test_a_scheme_that_others_share_is_not_doubted(id):
    assert judge(MAPS[id], MAPS.values(), SOCO).finding == "unknown"


def test_a_nemo_behind_the_number_of_a_socomec_is_found_out():
    code = {("holding", 0x0300, 1): b"\x00\x10", ("holding", 0xC350, 4): None}
    assert str(judge(MAPS["abb-b23"], MAPS.values(), code)) == "answers like IME Nemo 96 HD"
    assert judge(MAPS["legrand-412045"], MAPS.values(), code).finding == "unknown"
