from runtime.core.device.sharedaddress import SHARED, Outcomes


def noted(**devices):
    """devices: d1="good good bad"; turns are taken."""
    outcomes = Outcomes()
    for name, said in devices.items():
        for word in said.split():
            outcomes.note(int(name[1:]), word == "bad")
    return outcomes


GOOD = "good " * 20
MIXED = "good bad " * 10


def test_one_address_with_damaged_answers_among_sound_ones_is_doubled():
    outcomes = noted(d1=GOOD, d2=MIXED, d3=GOOD)
    assert [outcomes.is_shared(device) for device in (1, 2, 3)] == [False, True, False]


def test_damage_everywhere_is_the_cable():
    outcomes = noted(d1=MIXED, d2=MIXED)
    assert not outcomes.is_shared(1) and not outcomes.is_shared(2)


def test_a_device_alone_may_as_well_have_a_bad_cable():
    assert not noted(d1=MIXED).is_shared(1)


def test_others_that_hardly_said_anything_prove_nothing():
    assert not noted(d1=MIXED, d2="good good").is_shared(1)


def test_a_few_damaged_answers_are_noise_and_old_ones_are_forgotten():
    assert not noted(d1=GOOD, d2="bad " * 5 + "good " * 8).is_shared(2)
    assert not noted(d1=GOOD, d2="bad " * 16 + GOOD).is_shared(2)


def test_damage_at_a_shared_address_is_told_by_its_cause():
    outcomes = noted(d1=GOOD, d2=MIXED)
    assert outcomes.cause_of(2, 9, "bad_crc", "check sum") == (
        SHARED,
        "two devices seem to have the address 9: check sum",
    )
    assert outcomes.cause_of(2, 9, "no_answer", "silent") == ("no_answer", "silent")
    assert outcomes.cause_of(1, 8, "bad_crc", "check sum") == ("bad_crc", "check sum")
