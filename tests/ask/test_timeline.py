"""A timeline is a row of honest forecasts: each by what was known on its day, and by nothing later."""

import dataclasses
import datetime as dt
import threading
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ask.worlds import AS_OF, STARTER, changed, without_reports, written
from tests.case.test_schema import meets
from tocsin.ask.assess import assess
from tocsin.ask.inferred import AskError
from tocsin.ask.timeline import Timeline, news_days, thinned, timeline
from tocsin.infer.work import CancelledError
from tocsin.show.answers import answer_schema
from tocsin.show.plain import plain

FEW: dict[str, Any] = {"particles": 1_000, "islands": 4}
DAYS = tuple(
    dt.date(2030, month, day)
    for month, day in ((1, 7), (1, 15), (1, 24), (2, 6), (2, 7), (2, 11), (2, 25), (3, 3))
)


@cache
def answer() -> Timeline:
    return timeline(STARTER, AS_OF, **FEW)


def test_there_is_a_point_for_each_day_of_news_the_first_day_and_the_last():
    assert tuple(point.day for point in answer().points) == (*DAYS, AS_OF)
    assert (answer().days, answer().thinned) == (9, False)
    told = [(point.reports, point.events) for point in answer().points]
    assert told[0] == ((), ())
    assert told[3] == (("r003",), ())
    assert told[5] == ((), ("westmark-redeploys",))
    assert told[-1] == ((), ())


def test_each_point_is_the_forecast_that_would_have_been_made_that_day():
    point = answer().points[4]
    then = assess(STARTER, point.day, **FEW)
    assert [(a.question, a.chance, a.band) for a in point.answers] == [
        (q.id, q.chance, q.band) for q in then.questions
    ]
    assert [(f.front, f.posture) for f in point.fronts] == [(f.ref, f.current) for f in then.fronts]
    rungs = then.rungs
    stood = [f.posture[rungs.index(f.current)] for f in then.fronts]
    # Summed in another order, so alike up to rounding.
    assert [f.chance.probability for f in point.fronts] == pytest.approx([c.probability for c in stood])
    assert [f.chance.mc_error for f in point.fronts] == pytest.approx([c.mc_error for c in stood])


def test_what_becomes_known_later_leaves_the_points_before_it_alone():
    other = changed(
        STARTER,
        reports=[
            report | ({"value": "not seen", "grade": 1} if report["id"] == "r006" else {})
            for report in written(STARTER, "reports")
        ],
    )
    assert other != STARTER
    again = timeline(other, AS_OF, **FEW)
    assert again.points[:7] == answer().points[:7]
    assert again.points[7].answers != answer().points[7].answers
    fewer = timeline(without_reports(STARTER, "r005", "r006"), DAYS[5], **FEW)
    assert fewer.points == answer().points[:6]


def test_the_same_seed_gives_the_same_timeline_at_any_number_of_threads():
    assert timeline(STARTER, DAYS[2], **FEW, threads=1).points == answer().points[:3]


def test_thinned_the_last_day_stays_and_the_news_between_is_told():
    few = timeline(STARTER, AS_OF, **FEW, most=3)
    assert (few.days, few.thinned, len(few.points)) == (9, True, 3)
    assert few.points[-1].day == AS_OF
    assert [name for point in few.points for name in point.reports] == [
        name for point in answer().points for name in point.reports
    ]
    same = {point.day: point.answers for point in answer().points}
    assert [point.answers for point in few.points] == [same[point.day] for point in few.points]


@given(st.sets(st.dates(dt.date(2030, 1, 1), dt.date(2031, 1, 1)), min_size=1), st.integers(1, 50))
def test_thinning_keeps_the_last_day_and_no_more_than_allowed(days, most):
    ordered = tuple(sorted(days))
    kept = thinned(ordered, most)
    assert kept[-1] == ordered[-1]
    assert len(kept) == min(most, len(ordered))
    assert set(kept) <= days
    assert kept == tuple(sorted(kept))


def test_news_from_before_the_case_counts_on_its_first_day():
    assert news_days(STARTER, STARTER.start) == (STARTER.start,)
    later = STARTER.model_copy(update={"start": dt.date(2030, 2, 7)})
    assert news_days(later, AS_OF) == (*DAYS[4:], AS_OF)


def test_the_heading_is_of_the_last_day():
    assert answer().head.as_of == AS_OF
    assert answer().head.particles == 1_000
    assert [(q.id, q.by) for q in answer().questions] == [(q.id, q.by) for q in STARTER.questions]


def test_the_json_meets_its_schema():
    schema = answer_schema("timeline")
    assert meets(plain(answer()), schema, schema["$defs"])
    assert not meets({**plain(answer()), "points": 5}, schema, schema["$defs"])


def test_every_field_says_what_it_means():
    """The timeline has no view on the terminal, so the contract of those does not hold it to this."""
    from tests.show.test_contract import kinds
    from tocsin.show.timeline_fields import FIELDS

    assert {name: set(fields) for name, fields in FIELDS.items()} == {
        name: {field.name for field in dataclasses.fields(kind)} for name, kind in kinds(Timeline).items()
    }


def test_progress_counts_the_points_and_a_cancelled_one_ends():
    told: list[tuple[int, int, str]] = []
    timeline(STARTER, DAYS[1], **FEW, progress=lambda *parts: told.append(parts))
    assert told == [(0, 2, "days"), (1, 2, "days"), (2, 2, "days")]
    stop = threading.Event()
    stop.set()
    with pytest.raises(CancelledError):
        timeline(STARTER, DAYS[1], **FEW, cancel=stop)


@pytest.mark.parametrize(
    "asked", [{"most": 0}, {"yardstick": "feet"}, {"particles": 10}, {"until": "1999-01-01"}]
)
def test_what_cannot_be_asked_is_refused(asked):
    with pytest.raises(AskError):
        timeline(STARTER, **(FEW | asked))
