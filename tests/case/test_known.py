"""The case as known on a day: nothing of the future is in it, and the digest proves it."""

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.case.known import as_known, digest
from tocsin.case.model import Event, Outcome, Report, Tie, Watch
from tocsin.case.read import load

CASE = load(Path(__file__).parent / "base")
DAYS = st.dates(dt.date(2029, 12, 1), dt.date(2031, 2, 1))


def changed(**parts):
    """The base case with some parts replaced."""
    return CASE.model_copy(update=parts)


def report(day, known, name="r9"):
    return Report(id=name, date=day, known=known, source="press", indicator="convoys")


@given(DAYS)
def test_what_is_known_is_known_again(day):
    known = as_known(CASE, day)
    assert as_known(known, day) == known


@given(DAYS, DAYS)
def test_forgetting_in_two_steps_is_forgetting_at_once(one, other):
    earlier, later = sorted((one, other))
    assert as_known(as_known(CASE, later), earlier) == as_known(CASE, earlier)


@given(DAYS, st.integers(1, 400), st.sampled_from(["report", "event", "tie", "watch", "outcome", "until"]))
def test_what_becomes_known_later_leaves_the_digest_alone(day, after, kind):
    later = day + dt.timedelta(days=after)
    source = CASE.sources[1]
    other = {
        "report": lambda: changed(reports=(*CASE.reports, report(day, later))),
        "event": lambda: changed(events=(*CASE.events, Event(id="e9", date=day, known=later, text="x"))),
        "tie": lambda: changed(
            ties=(*CASE.ties, Tie(from_="sudria", to="westmark", kind="rivalry", strength=0.1, since=later))
        ),
        "watch": lambda: changed(
            sources=(
                CASE.sources[0],
                source.model_copy(
                    update={
                        "watches": (*source.watches, Watch(indicator="hospitals", coverage=0.5, since=later))
                    }
                ),
            )
        ),
        "outcome": lambda: changed(
            outcomes=(*CASE.outcomes, Outcome(question="settled", resolved="yes", date=later))
        ),
        "until": lambda: changed(ties=(CASE.ties[0], CASE.ties[1].model_copy(update={"until": later}))),
    }[kind]()
    assert other != CASE
    assert digest(as_known(other, day)) == digest(as_known(CASE, day))


def test_the_day_itself_counts():
    day = CASE.reports[1].known_on
    assert CASE.reports[1] in as_known(CASE, day).reports
    assert CASE.reports[1] not in as_known(CASE, day - dt.timedelta(days=1)).reports


def test_it_is_the_day_of_knowing_that_counts_not_the_day_of_happening():
    case = changed(reports=(report(dt.date(2030, 2, 1), dt.date(2030, 6, 1)),))
    assert as_known(case, dt.date(2030, 5, 31)).reports == ()


def test_an_end_in_the_future_is_left_open_and_one_in_the_past_kept():
    assert as_known(CASE, dt.date(2030, 12, 31)).ties[0].until is None
    assert as_known(CASE, dt.date(2031, 1, 1)).ties[0].until == dt.date(2031, 1, 1)
    assert as_known(CASE, dt.date(2030, 6, 30)).sources[1].watches[0].until is None


def test_a_tie_that_has_not_begun_is_gone():
    assert [tie.kind for tie in as_known(CASE, dt.date(2019, 5, 31)).ties] == ["rivalry"]


def test_what_an_analyst_could_write_at_any_time_stays():
    known = as_known(CASE, CASE.start)
    assert (known.levers, known.questions, known.reasons) == (CASE.levers, CASE.questions, CASE.reasons)
    assert known.collectors == CASE.collectors
    assert (known.outcomes, known.truth, known.variants) == ((), None, ())


@given(st.permutations(CASE.reports))
def test_the_order_of_reports_makes_no_digest(reports):
    assert digest(changed(reports=tuple(reports))) == digest(CASE)


@pytest.mark.parametrize(
    "part",
    [
        "title",
        "actors",
        "ties",
        "fronts",
        "reasons",
        "events",
        "questions",
        "indicators",
        "reports",
        "outcomes",
        "collectors",
        "variants",
    ],
)
def test_any_change_makes_another_digest(part):
    value = getattr(CASE, part)
    assert digest(changed(**{part: value + "." if isinstance(value, str) else value[:-1]})) != digest(CASE)


def test_a_digest_is_64_hexadecimal_digits():
    assert len(digest(CASE)) == 64
    assert int(digest(CASE), 16) >= 0


def test_where_a_map_draws_an_actor_is_written_but_tells_nothing():
    placed = changed(actors=(CASE.actors[0].model_copy(update={"place": (51.0, 7.0)}), *CASE.actors[1:]))
    assert digest(placed) != digest(CASE)
    assert as_known(placed, CASE.end) == as_known(CASE, CASE.end)
