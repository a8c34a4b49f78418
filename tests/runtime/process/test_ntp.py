from runtime.process.ntp import is_synchronised


def test_the_kernel_answers_and_the_answer_stays_the_same_for_a_moment():
    assert is_synchronised() is is_synchronised()
