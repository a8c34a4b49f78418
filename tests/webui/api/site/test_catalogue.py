import pytest

from runtime.store.env import open_store
from tests.webui.api.described import checked
from tests.webui.edited import PLUGINS, EditedSite

PATH = "/api/v1/catalogue"


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    store = open_store(tmp_path_factory.mktemp("catalogue"))
    yield checked(EditedSite(store).get(PATH), PATH).json
    store.close()


def test_every_model_and_number_that_is_offered_is_listed_in_a_family_that_is_listed(told):
    assert {model["id"] for model in told["models"]} == set(PLUGINS.maps)
    assert len(told["entries"]) == sum(len(family.entries) for family in PLUGINS.families)
    families = {family["id"] for family in told["families"]}
    assert {each["family"] for each in (*told["models"], *told["entries"])} <= families


def test_a_number_tells_what_its_installer_is_asked_for(told):
    generic = next(entry for entry in told["entries"] if entry["model"] == "generic-modbus-meter")
    asked = {each["name"]: each for each in generic["asked"]}
    assert asked["function"]["choices"] == ["3", "4"]
    assert asked["unit"] == {"name": "unit", "required": True, "least": 0, "most": 255, "choices": [], "default": ""}


def test_each_number_is_read_by_a_model_that_there_is(told):
    models = {model["id"] for model in told["models"]}
    assert {entry["model"] for entry in told["entries"]} <= models


@pytest.mark.parametrize(
    ("maker", "name", "model"),
    [
        ("KEBA", "BMW i Wallbox", "keba-p30"),
        ("Wallbe", "Eco 2.0", "wallbe-eco"),
        ("ABB", "Terra AC W11", "abb-terra-ac"),
    ],
)
def test_a_model_tells_its_maker_and_the_names_it_is_sold_by(told, maker, name, model):
    assert [each["id"] for each in told["models"] if each["maker"] == maker and name in each["models"]] == [model]


def test_a_model_with_two_sides_at_one_address_asks_for_one(told):
    asks = {model["id"]: model["parameters"] for model in told["models"]}
    assert asks["abl-em4"] == ["unit", "side", "supply"]
    assert asks["keba-p30"] == ["unit", "supply"]
