"""A ledger's track record agrees with its scores, and its resolved reports become proofs."""

import datetime as dt

from tests.ledger.made import CLOSES, DAY, NOON, forecast, later, report, resolution
from tocsin.ledger import Ledger
from tocsin.ledger.record import proofs_of, records_of
from tocsin.ledger.scores import scores

AFTER = CLOSES + dt.timedelta(days=30)


def filled() -> Ledger:
    """Three closed questions with forecasts in time and in hindsight, one open, one void."""
    ledger = Ledger.open("sqlite://")
    ledger.add(
        [
            forecast("flood", 0.2),
            forecast("flood", 0.4, author="Ben", base_rate=0.3),
            forecast("fire", 0.7),
            forecast("storm", 0.5),
            forecast("drought", 0.1, closes=AFTER + dt.timedelta(days=99)),
        ],
        now=NOON,
    )
    ledger.add([forecast("fire", 0.9, author="late")], now=later(60))
    ledger.resolve(
        [resolution("flood", "no"), resolution("fire", "yes"), resolution("storm", "void")], now=later(61)
    )
    return ledger


def test_it_counts_what_the_scores_count():
    with filled() as ledger:
        asked = ledger.questions()
        in_time, late = records_of(asked, AFTER)
        whole = scores(asked, AFTER)
    assert in_time.forecasts == whole.live.forecasts == 3
    assert late.forecasts == whole.hindsight.forecasts == 1
    assert in_time.questions == whole.questions
    assert (in_time.questions.open, in_time.questions.void) == (1, 1)


def test_nothing_is_scored_before_the_close():
    with filled() as ledger:
        in_time, late = records_of(ledger.questions(), CLOSES)
    assert in_time.forecasts == late.forecasts == 0
    assert in_time.questions.decided_early == 2


def test_an_empty_ledger_has_an_empty_record():
    with Ledger.open("sqlite://") as ledger:
        in_time, _ = records_of(ledger.questions(), DAY)
    assert in_time.forecasts == 0
    assert in_time.brier is None


def test_resolved_reports_become_proofs():
    with Ledger.open("sqlite://") as ledger:
        ledger.resolve_reports([report("r1"), report("r2", right=False)], now=NOON)
        proofs = proofs_of(ledger.report_resolutions(until=DAY))
        assert proofs_of(ledger.report_resolutions(until=DAY - dt.timedelta(days=1))) == ()
    assert [(p.source, p.report, p.right, p.case) for p in proofs] == [
        ("wire", "r1", True, "north"),
        ("wire", "r2", False, "north"),
    ]
