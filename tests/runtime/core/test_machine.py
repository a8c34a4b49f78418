import pytest

from runtime.core.machine import (
    ClockSetting,
    NetworkSetting,
    clock_faults,
    network_faults,
    read_pairs,
    read_terse,
)


def faults(**changed):
    setting = {"method": "manual", "address": "192.168.1.100/24", "gateway": "192.168.1.1", "dns": ("9.9.9.9",)}
    return list(network_faults(NetworkSetting(**{**setting, **changed})))


def test_a_fixed_address_with_mask_gateway_and_dns_is_fine():
    assert faults() == []
    assert faults(gateway="", dns=()) == []


@pytest.mark.parametrize(
    ("changed", "field", "code"),
    [
        ({"address": "192.168.1.300/24"}, "address", "ip_address_wrong"),
        ({"address": "192.168.1.100"}, "address", "netmask_wrong"),
        ({"address": "192.168.1.100/31"}, "address", "netmask_wrong"),
        ({"address": "192.168.1.255/24"}, "address", "ip_address_not_a_host"),
        ({"address": "127.0.0.1/8"}, "address", "ip_address_not_a_host"),
        ({"gateway": "192.168.2.1"}, "gateway", "gateway_elsewhere"),
        ({"gateway": "192.168.1.100"}, "gateway", "gateway_elsewhere"),
        ({"gateway": "router"}, "gateway", "ip_address_wrong"),
        ({"dns": ("9.9.9.9", "one")}, "dns", "ip_address_wrong"),
        ({"dns": ("9.9.9.9", "1.1.1.1", "8.8.8.8")}, "dns", "dns_too_many"),
        ({"method": "magic"}, "method", "network_method_wrong"),
    ],
)
def test_what_cannot_be_names_its_field(changed, field, code):
    assert faults(**changed) == [(field, code)]


def test_dhcp_needs_no_address_and_may_name_its_dns():
    assert list(network_faults(NetworkSetting("auto", dns=("9.9.9.9",)))) == []


@pytest.mark.parametrize("server", ["", "10.0.0.1", "pool.ntp.example", "fr.pool.example."])
def test_a_time_server_has_an_address_or_a_name(server):
    assert list(clock_faults(ClockSetting(True, server))) == []


@pytest.mark.parametrize("server", ["-x", "a b", "x;reboot", "a..b", "é"])
def test_anything_else_is_no_time_server(server):
    assert list(clock_faults(ClockSetting(True, server))) == [("server", "host_name_wrong")]


def test_terse_fields_may_hold_colons():
    assert read_terse(r"My\: wire:0098:a\\b:") == ["My: wire", "0098", r"a\b", ""]


def test_numbered_keys_are_gathered_and_empty_ones_left_out():
    lines = ["IP4.DNS[1]:10.0.0.1", "IP4.DNS[2]:9.9.9.9", "IP4.GATEWAY:", "GENERAL.HWADDR:4E:6D:2C"]
    assert read_pairs(lines, ":") == {"IP4.DNS": ["10.0.0.1", "9.9.9.9"], "GENERAL.HWADDR": ["4E:6D:2C"]}
