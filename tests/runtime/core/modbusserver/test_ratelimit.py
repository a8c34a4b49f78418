from runtime.core.modbusserver.ratelimit import MOST_KNOWN, RateLimit


def test_a_master_has_so_many_at_once_and_so_many_a_second():
    limit = RateLimit(5)
    assert [limit.allows("a", 0.0) for _ in range(7)] == [True] * 5 + [False] * 2
    assert limit.allows("b", 0.0)
    assert [limit.allows("a", 0.4) for _ in range(3)] == [True, True, False]
    assert sum(limit.allows("a", 1.0 + n / 100) for n in range(1_000)) in range(50, 57)


def test_masters_that_are_many_take_no_memory():
    limit = RateLimit(1)
    for number in range(10 * MOST_KNOWN):
        limit.allows(str(number), 0.0)
    assert len(limit._buckets) <= MOST_KNOWN
