"""Guessing is slowed down; the owner is not kept out."""

import pytest

from runtime.core.access.delays import FREE, LONGEST_S, Delays, key_of, net_of, pause_s, pin_key

NOW = 1_780_000_000_000


def wait_after(wrong, delays=None):
    """How long an address waits after so many wrong tries, each as soon as it may."""
    delays, now = Delays() if delays is None else delays, NOW
    for _ in range(wrong):
        while wait := delays.charge(key_of("10.0.0.1"), now):
            now += wait
    return delays.charge(key_of("10.0.0.1"), now)


def test_the_first_tries_are_free_then_pauses_grow_to_a_minute():
    assert [pause_s(wrong) for wrong in range(11)] == [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60]
    assert pause_s(10_000) == LONGEST_S
    assert [wait_after(wrong) for wrong in (1, 3, 4, 5, 9)] == [0, 0, 1000, 2000, 32_000]


def test_many_tries_at_the_same_moment_gain_nothing():
    delays = Delays()
    assert sum(delays.charge(key_of("10.0.0.1"), NOW) == 0 for n in range(100)) == FREE + 1


def test_who_knows_a_pin_keeps_its_owner_out_from_nowhere():
    delays = Delays()
    for n in range(50):
        delays.charge(key_of(f"10.0.1.{n}"), NOW)
    assert delays.charge(key_of("10.9.9.9"), NOW) == 0


def test_a_browser_that_somebody_was_right_at_waits_for_no_stranger_even_at_their_address():
    delays = Delays()
    for n in range(500):
        delays.charge(key_of(f"10.0.{n // 250}.{n % 250}"), NOW)
        delays.charge(key_of("10.0.0.1"), NOW)
    assert delays.charge(key_of("10.0.0.1"), NOW) > 0
    assert delays.charge(key_of("10.0.0.1", "hash of its key"), NOW) == 0


def test_pins_at_a_browser_are_slowed_for_each_user_and_forgiven_by_his_own_alone():
    delays, both = Delays(), [pin_key(1), pin_key(2)]
    for _ in range(4):
        assert delays.pin_wait_ms(both, NOW) == 0
        delays.pin_was_wrong(both, NOW)
    assert delays.pin_wait_ms([pin_key(1)], NOW) == delays.pin_wait_ms([pin_key(2)], NOW) == 1000
    delays.pin_was_right(pin_key(2))
    assert delays.pin_wait_ms([pin_key(2)], NOW) == 0
    assert delays.pin_wait_ms(both, NOW) == 1000


def test_addresses_that_failed_share_one_pace():
    delays, taken, now = Delays(), 0, NOW
    for second in range(3600):
        for place in range(200):
            if place % 20 == second % 20:
                taken += delays.charge(key_of(f"10.1.0.{place}"), now) == 0
        now += 1000
    assert taken < 200 + 20 + 3600


def test_the_owner_at_a_known_address_waits_for_nobody():
    delays = Delays()
    delays.was_right(key_of("10.9.9.9"), "10.9.9.9", NOW - 1000)
    for n in range(1000):
        delays.charge(key_of(f"10.1.{n // 250}.{n % 250}"), NOW)
    assert delays.charge(key_of("10.9.9.9"), NOW) == 0


def test_the_owner_at_a_new_address_gets_in_beside_those_who_failed():
    delays = Delays()
    for n in range(30):
        delays.charge(key_of(f"10.1.0.{n % 10}"), NOW)
    assert delays.charge(key_of("10.1.0.1"), NOW) > 0
    assert delays.charge(key_of("10.9.9.9"), NOW) == 0


def test_the_right_codes_forgive_the_wrong_ones_before():
    delays = Delays()
    for _ in range(FREE):
        assert delays.charge(key_of("10.0.0.1"), NOW) == 0
    delays.was_right(key_of("10.0.0.1"), "10.0.0.1", NOW)
    assert delays.wrong_from("10.0.0.1", NOW) == 0


def test_a_try_that_was_not_looked_at_does_not_count():
    delays = Delays()
    for _ in range(100):
        assert delays.charge(key_of("10.0.0.1"), NOW) == 0
        delays.give_back(key_of("10.0.0.1"))
    assert delays.wrong_from("10.0.0.1", NOW) == 0


def test_nobody_is_locked_out_for_good():
    delays = Delays()
    now = NOW
    for _ in range(50):
        now += delays.charge(key_of("10.0.0.1"), now)
    assert 0 < delays.charge(key_of("10.0.0.1"), now) <= LONGEST_S * 1000
    assert delays.charge(key_of("10.0.0.1"), now + 3_601_000) == 0


def test_pauses_survive_a_restart():
    before, after = Delays(), Delays()
    wait_after(9, before)
    for key, record in before.changes():
        after.load(key, record)
    assert before.charge(key_of("10.0.0.1"), NOW) == after.charge(key_of("10.0.0.1"), NOW) > 1000
    assert dict(before.changes()) == {}


@pytest.mark.parametrize("step_ms", [-86_400_000 * 365, 86_400_000 * 365])
def test_a_clock_that_steps_keeps_nobody_out(step_ms):
    delays = Delays()
    for n in range(200):
        delays.charge(key_of("10.0.0.1"), NOW)
        delays.charge(key_of(f"10.2.0.{n}"), NOW)
    assert delays.charge(key_of("10.0.0.1"), NOW + step_ms) <= LONGEST_S * 1000
    assert delays.charge(key_of("10.0.0.1"), NOW + step_ms + 61_000) == 0


def test_what_was_quiet_for_long_is_forgotten_and_the_rest_is_bounded():
    delays = Delays()
    delays.charge(key_of("10.0.0.1"), NOW)
    delays.forget_old(NOW + 86_400_000)
    assert len(delays) == 0
    for n in range(21_000):
        delays.load(f"a:{n}", (1, NOW + n, 0, 0))
    delays.forget_old(NOW + 21_000)
    assert len(delays) == 20_000


def test_a_whole_ipv6_network_counts_as_one_address():
    assert net_of("2001:db8:1:2::5") == net_of("2001:db8:1:2:ffff::9%eth0") == "2001:db8:1:2::/64"
    assert net_of("::ffff:10.0.0.1") == net_of("10.0.0.1") == "10.0.0.1"
    assert net_of("nonsense") == "unknown"
