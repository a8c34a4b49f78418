"""Rows of the catalogue for meters that speak by themselves in France (téléinfo); numbers 1900 to 1999."""

from __future__ import annotations

PERIODS = (
    "base", "off_peak", "peak", "normal", "mobile_peak", "blue_off_peak", "blue_peak", "white_off_peak", "white_peak",
    "red_off_peak", "red_peak",
)  # fmt: skip
COLOURS = ("none", "blue", "white", "red")
NOTICES = ("none", "announced", "running")
BREAKER = (
    "closed", "over_power", "over_voltage", "load_shedding", "ordered", "overheated", "overheated_below_most", "other",
)  # fmt: skip
_YES = ("no", "yes")

# (number, id, unit, kind, label, states)
SINGLE: tuple[tuple[int, str, str, str, str, tuple[str, ...]], ...] = (
    (1900, "contract", "", "text", "Contract", ()),
    (1901, "tariff_name", "", "text", "Tariff in force", ()),
    (1902, "tariff_period", "", "state", "Tariff period", PERIODS),
    (1903, "tariff_register", "", "state", "Register in force", ()),
    (1904, "colour_today", "", "state", "Colour of today", COLOURS),
    (1905, "colour_tomorrow", "", "state", "Colour of tomorrow", COLOURS),
    (1906, "mobile_peak", "", "state", "Mobile peak", NOTICES),
    (1907, "overrun", "", "state", "More than subscribed", _YES),
    (1908, "subscribed_current_a", "A", "gauge", "Subscribed current", ()),
    (1909, "subscribed_power_va", "VA", "gauge", "Subscribed power", ()),
    (1910, "breaking_power_va", "VA", "gauge", "Power at which the meter breaks", ()),
    (1918, "highest_power_w", "W", "gauge", "Highest power of three phases", ()),
    (1920, "apparent_power_today_max_va", "VA", "gauge", "Highest apparent power of today", ()),
    (1924, "apparent_power_yesterday_max_va", "VA", "gauge", "Highest apparent power of yesterday", ()),
    (1928, "apparent_power_given_va", "VA", "gauge", "Apparent power given", ()),
    (1929, "apparent_power_given_today_max_va", "VA", "gauge", "Highest apparent power given today", ()),
    (1930, "apparent_power_given_yesterday_max_va", "VA", "gauge", "Highest apparent power given yesterday", ()),
    (1931, "active_power_given_mean_w", "W", "gauge", "Active power given, average", ()),
    (1944, "meter_contact", "", "state", "Breaker of the meter", BREAKER),
    (1945, "terminal_cover", "", "state", "Cover of the terminals", ("closed", "open")),
    (1946, "meter_clock", "", "state", "Clock of the meter", ("right", "degraded")),
    (1947, "overvoltage", "", "state", "Overvoltage", _YES),
    (1948, "phases_missing", "", "state", "Phases that are missing", ()),
    (1949, "message_long", "", "text", "Message of the supplier", ()),
    (1950, "message_short", "", "text", "Short message of the supplier", ()),
)
# (number, how many, id, unit, kind, label, states)
NUMBERED: tuple[tuple[int, int, str, str, str, str, tuple[str, ...]], ...] = (
    (1911, 3, "current_l{}_max_a", "A", "gauge", "Highest current, L{}", ()),
    (1914, 3, "overrun_l{}_a", "A", "gauge", "Current above the subscription, L{}", ()),
    (1921, 3, "apparent_power_l{}_today_max_va", "VA", "gauge", "Highest apparent power of today, L{}", ()),
    (1925, 3, "apparent_power_l{}_yesterday_max_va", "VA", "gauge", "Highest apparent power of yesterday, L{}", ()),
    (1935, 3, "voltage_l{}_ten_minutes_v", "V", "gauge", "Voltage of ten minutes, L{}", ()),
    (1940, 4, "active_energy_distributor_{}_wh", "Wh", "counter", "Active energy of the distributor's register {}", ()),
)
