from actors.jobs.queue import Queue
from actors.message.job import ASKED, NIGHTLY, RunJob


def queue(*asked):
    """Jobs by name; a capital one is asked for by people, the others are of the night."""
    made = Queue()
    for at, job in enumerate(asked):
        made = made.with_job(RunJob(job.lower(), (job,), ASKED if job.isupper() else NIGHTLY, 60.0, asker=f"a{at}"), at)
    return made


def names(made):
    return [each.job for each in made.waiting]


def test_who_came_first_is_first_and_people_come_before_the_night():
    assert names(queue("a", "b", "C", "d", "E")) == ["c", "e", "a", "b", "d"]


def test_a_job_is_done_once_for_all_who_ask_for_it_at_the_better_rank():
    made = queue("a", "b", "B", "b")
    assert names(made) == ["b", "a"]
    assert made.waiting[0].askers == ("a1", "a2", "a3") and made.waiting[0].since_ms == 1


def test_whoever_asks_for_the_job_at_work_is_answered_with_the_others():
    made = queue("a").begun().with_job(RunJob("a", ("A",), ASKED, 60.0, reply="box"), 5)
    assert names(made) == [] and (made.at_work.askers, made.at_work.replies) == (("a0",), ("box",))
    assert made.ended().at_work is None


def test_a_job_leaves_the_queue_by_its_name():
    assert names(queue("a", "b", "c").without("b")) == ["a", "c"]
