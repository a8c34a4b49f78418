from runtime.text.timezones import offered_zones


def test_zones_are_named_after_places_and_read_as_people_write_them():
    zones = dict(offered_zones())
    assert zones["America/St_Johns"] == "America/St Johns"
    assert "Etc/GMT+3" not in zones and "UTC" not in zones


def test_the_zone_that_a_site_has_is_among_them_whatever_it_is():
    assert ("Etc/GMT+3", "Etc/GMT+3") in offered_zones("Etc/GMT+3")
