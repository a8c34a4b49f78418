from webui.http.caller import LOCAL, Caller


def test_who_stands_at_the_machine_may_do_everything():
    assert LOCAL.may(("system_configuration", "act"))


def test_a_caller_may_what_one_of_the_pairs_allows_and_acting_includes_seeing():
    caller = Caller("installer", 3, frozenset({("panel_board", "act"), ("alarms", "see")}))
    assert caller.may(("reports", "see"), ("alarms", "see"))
    assert caller.may(("panel_board", "see"))
    assert not caller.may(("alarms", "act"))
    assert not caller.may()
