"""A storm of alarms beside polling: what it leaves of the rate, what their owner takes of a core, how memory stays."""

import pytest

from tests.bench.bench_bus import played
from tests.bench.bench_polling import FIRST_PORT, ROUNDS, slaves
from tests.bench.table import Row, tell

GATEWAYS, CAUSES, SECONDS = 255, 4_000, 60
CHANGES, GROWN_MOST_KB = 10_000, 1_000


@pytest.mark.bench
@pytest.mark.timeout(1200)
def test_a_storm_of_alarms_neither_slows_polling_nor_grows_memory():
    words = (str(GATEWAYS), str(FIRST_PORT), str(SECONDS))
    with slaves(GATEWAYS):
        rounds = [
            (played("alarm_server.py", *words, "0"), played("alarm_server.py", *words, str(CAUSES)))
            for _ in range(ROUNDS)
        ]
    calm, storm = sorted(rounds, key=lambda both: both[1]["polls_per_s"] / both[0]["polls_per_s"])[ROUNDS // 2]
    kept = 100 * storm["polls_per_s"] / calm["polls_per_s"]
    what = f"polls/s over {GATEWAYS} gateways beside {storm['changes_per_min']:.0f} changes of alarms a minute"
    measured = f"{kept:.1f} % ({storm['polls_per_s']:.0f}/s of {calm['polls_per_s']:.0f}/s)"
    taken = storm["owner_pct"] - calm["owner_pct"]
    tell(Row(what, "≥ 97 % of their rate", measured, kept >= 97, f"their owner takes {taken:.1f} % of a core more"))
    grown_kb = min(storm["grown_kb"] for _, storm in rounds) - min(calm["grown_kb"] for calm, _ in rounds)
    what = "memory in the last half of that minute, beyond what polling alone takes, least of the rounds"
    tell(Row(what, f"≤ {GROWN_MOST_KB} kB", f"{grown_kb:.0f} kB", grown_kb <= GROWN_MOST_KB))
    assert storm["changes_per_min"] >= CHANGES
