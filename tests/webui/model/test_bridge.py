from dataclasses import replace

from tests.webui.stage import stage


def test_what_was_switched_is_shown_so_before_its_actor_has_followed(store):
    site = stage(store)
    assert site.bridge.device(1).state == "on"
    gateway = site.installation.gateways[0]
    site.installation = replace(site.installation, gateways=(replace(gateway, on=False),))
    assert site.bridge.gateway(1).state == "off" and site.bridge.device(1).state == "off"


def test_what_was_switched_on_is_not_known_until_it_is_read(store):
    site = stage(store)
    site.publishes(1, state="off")
    assert site.bridge.device(1).state == "unknown"


def test_a_new_name_is_shown_at_once(store):
    site = stage(store)
    devices = (replace(site.installation.devices[0], name="Boiler"), *site.installation.devices[1:])
    site.installation = replace(site.installation, devices=devices)
    assert site.bridge.device(1).name == "Boiler"


def test_a_model_is_called_by_its_number_else_by_its_title(store):
    site = stage(store)
    spec = site.installation.devices[0]
    assert site.bridge.model_name(replace(spec, number="4 120 45")) == "4 120 45"
    assert site.bridge.model_name(replace(spec, model="of-a-lost-package")) == "of-a-lost-package"
