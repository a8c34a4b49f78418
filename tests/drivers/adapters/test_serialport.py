from drivers.adapters.serialport import PortSettings


def test_a_character_with_parity_has_eleven_bits():
    assert PortSettings("/dev/x", 19200, "E", 1).character_s == 11 / 19200


def test_frames_are_apart_by_three_and_a_half_characters():
    assert PortSettings("/dev/x", 19200, "E", 1).silence_s == 3.5 * 11 / 19200


def test_above_19200_baud_the_silence_is_fixed():
    assert PortSettings("/dev/x", 115200, "N", 1).silence_s == 0.00175
