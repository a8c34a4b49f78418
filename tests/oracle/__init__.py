"""An oracle of energy and bills: predicts what bins and bills must be, from the manual and docs/ alone.

It imports nothing of the product (``test_independence.py``): standard library, and hypothesis in ``strategies`` only.

    life = named.LIVES["exchange-u32"]       # or generator.life(Random(7)), or strategies.lives()
    meter = Meter(life)                      # the world's side: stands behind a wire, or is asked at life.polls()
    meter.answer(ts_ms)                      # 16-bit registers, None = silence; any poll times will do
    life.acts                                # what people do to the server meanwhile, by time
    meter.truth().between(a_ms, b_ms)        # what a bin may hold: exact, or bounded where nobody can know
    differences(truth, calendar, booked)     # what is wrong with the energies of intervals and with all bins

``clairvoyant`` and ``cautious`` are ledgers that judge the oracle itself. ``Account`` has bills, ``SiteCalendar`` bins.

Amounts end in ``_m`` and are thousandths of a Wh or dm3; rates are thousandths of a W or dm3/h. Both sides of a
comparison are given times in UTC: ``_ms`` milliseconds, ``_ts`` seconds.
"""
