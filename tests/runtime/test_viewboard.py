from runtime.viewboard import ViewKey, ViewKeys, Views

NAMES = ViewKey[str]("names")
NUMBERS = ViewKeys[int]("number")


def test_the_newest_view_is_what_a_key_leads_to():
    views = Views()
    views.publish(NAMES, "first")
    views.publish(NAMES, "second")
    assert views.get(NAMES) == "second"


def test_each_id_has_a_view_of_its_own():
    views = Views()
    views.publish(NUMBERS.of(1), 10)
    assert (views.get(NUMBERS.of(1)), views.get(NUMBERS.of(2)), views.get(NUMBERS.of(2), 0)) == (10, None, 0)


def test_what_is_withdrawn_is_not_there_and_may_be_withdrawn_again():
    views = Views()
    views.publish(NAMES, "first")
    views.withdraw(NAMES)
    views.withdraw(NAMES)
    assert views.get(NAMES) is None
