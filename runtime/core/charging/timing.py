"""Times that the rules go by, in ms; the safety argument counts with them."""

from __future__ import annotations

PERIOD_MS = 2_000  # of the control steps
METER_AGE_MS = 2_000  # at most, of a value that counts as measured
CAR_MS = 5_000  # a vehicle has this long to follow a lower limit (IEC 61851-1)
FRESH_MS = METER_AGE_MS + PERIOD_MS
SETTLE_MS = CAR_MS + FRESH_MS  # until a lower limit shows at the meter
RESERVE_MS = 60_000  # a vehicle that may draw more is counted at its limit for this long
PACE_MS = 10_000  # between two raises of one charge, where current is filled up
HOUR_MS = 3_600_000
STARTS_PER_HOUR = 3  # of one charge: with their stops six switches
LEARN_MS = 10_000  # currents of a vehicle that look alike for so long tell its phases
SAFE_MS = FRESH_MS + PERIOD_MS  # age of a meter's last reading: from then on the safe current, one step before it less
