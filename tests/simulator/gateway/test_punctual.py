import asyncio

from simulator.gateway.punctual import punctual_loop


def test_timers_strike_within_a_fraction_of_a_millisecond():
    loop = punctual_loop()

    async def lateness():
        late = []
        for _ in range(60):
            due = loop.time() + 0.0033
            struck = loop.create_future()
            loop.call_at(due, lambda struck=struck: struck.set_result(loop.time()))
            late.append(await struck - due)
        return sorted(late)

    try:
        late = loop.run_until_complete(lateness())
    finally:
        loop.close()
    assert late[0] > -0.0001
    assert late[len(late) // 10] < 0.0005  # a busy machine is late often; a loop of asyncio always, by 0.7 ms


def test_a_loop_without_timers_still_hears_its_sockets():
    loop = punctual_loop()
    try:
        assert loop.run_until_complete(asyncio.wait_for(asyncio.sleep(0, "heard"), 60)) == "heard"
    finally:
        loop.close()
