"""A ledger's account lists what it holds, scores as the scores do, and learns only from settled questions."""

import datetime as dt

import numpy as np
import pytest

from tests.ledger.made import CLOSES, DAY, NOON, forecast, later, resolution
from tocsin.ledger import Ledger, Question
from tocsin.ledger.account import FEWEST_QUESTIONS, METHODS, account_of
from tocsin.ledger.chain import Breach, Verdict

AFTER = CLOSES + dt.timedelta(days=40)


@pytest.fixture
def ledger():
    with Ledger.open("sqlite://") as opened:
        opened.add(
            [
                forecast("flood", 0.2, mc_error=0.01, confidence="low"),
                forecast("fire", 0.7),
                forecast("storm", 0.5),
                forecast("drought", 0.1, closes=AFTER + dt.timedelta(days=99)),
            ],
            now=NOON,
        )
        opened.add([forecast("fire", 0.9, author="late")], now=later(60))
        opened.resolve(
            [resolution("flood", "no"), resolution("fire", "yes"), resolution("storm", "void")],
            now=later(61),
        )
        yield opened


def by_key(account):
    return {question.key: question for question in account.questions}


def test_every_question_stands_with_its_outcome_and_forecasts(ledger):
    found = by_key(account_of(ledger, AFTER))
    assert {key: one.status for key, one in found.items()} == {
        "flood": "resolved",
        "fire": "resolved",
        "storm": "void",
        "drought": "open",
    }
    assert (found["flood"].outcome, found["flood"].on, found["flood"].by) == ("no", CLOSES, "two agencies")
    assert found["drought"].outcome is None
    [flood] = found["flood"].forecasts
    assert (flood.author, flood.probability, flood.mc_error, flood.confidence) == ("Anna", 0.2, 0.01, "low")


def test_a_score_stands_only_where_the_question_is_closed_and_resolved(ledger):
    found = by_key(account_of(ledger, AFTER))
    assert found["flood"].forecasts[0].brier == pytest.approx(0.04)
    assert [one.brier for one in found["fire"].forecasts] == pytest.approx([0.09, 0.01])
    assert found["storm"].forecasts[0].brier is None
    assert found["drought"].forecasts[0].brier is None


def test_the_scores_shown_average_to_the_record(ledger):
    account = account_of(ledger, AFTER)
    assert account.record is not None
    assert account.record.brier is not None
    assert account.hindsight is not None
    rows = [row for question in account.questions for row in question.forecasts]
    in_time = [row.brier for row in rows if row.brier is not None and not row.hindsight]
    assert account.record.brier.value == pytest.approx(np.mean(in_time))
    assert account.hindsight.forecasts == sum(row.hindsight and row.brier is not None for row in rows) == 1


def test_a_forecast_that_knew_the_outcome_is_marked_and_not_scored():
    with Ledger.open("sqlite://") as ledger:
        ledger.add([forecast("flood", 0.9)], now=NOON)
        ledger.resolve([resolution("flood", "yes", on=DAY)], now=later(1))
        [question] = account_of(ledger, AFTER).questions
    [row] = question.forecasts
    assert row.knew
    assert row.brier is None


def test_what_was_recorded_later_is_not_told(ledger):
    assert [question.status for question in account_of(ledger, DAY).questions] == ["open"] * 4


def test_classes_and_quantiles_keep_their_names_and_levels():
    classed = Question(key="posture", text="Which?", closes=CLOSES, classes=("calm", "war"))
    counted = Question(key="deaths", text="How many?", closes=CLOSES, number=True)
    with Ledger.open("sqlite://") as ledger:
        ledger.add(
            [
                forecast(question=classed, probability=None, shares=(0.6, 0.4)),
                forecast(question=counted, probability=None, quantiles=((0.1, 3.0), (0.9, 40.0))),
            ],
            now=NOON,
        )
        found = by_key(account_of(ledger, DAY))
    assert found["posture"].forecasts[0].shares == (("calm", 0.6), ("war", 0.4))
    assert found["deaths"].forecasts[0].quantiles == ((0.1, 3.0), (0.9, 40.0))


def test_a_broken_chain_is_told_and_not_scored(ledger, monkeypatch):
    breach = Breach(number=2, what="the hash does not fit", found="a", expected="b")
    monkeypatch.setattr(Ledger, "verify", lambda _: Verdict(rows=1, head="0" * 64, breach=breach))
    account = account_of(ledger, AFTER)
    assert account.breach == "row 2: the hash does not fit"
    assert (account.record, account.hindsight, account.scores, account.recalibrated) == (None, None, None, ())
    assert len(account.questions) == 4


def overconfident(questions: int) -> Ledger:
    """Whoever says 10 % or 90 % where 30 % and 70 % come true."""
    ledger = Ledger.open("sqlite://")
    names = [f"q{k}" for k in range(questions)]
    ledger.add([forecast(name, 0.9 if k % 2 else 0.1) for k, name in enumerate(names)], now=NOON)
    came = [(k // 2 % 10 < 7) == bool(k % 2) for k in range(questions)]
    ledger.resolve(
        [resolution(name, "yes" if yes else "no") for name, yes in zip(names, came, strict=True)],
        now=later(60),
    )
    return ledger


def test_recalibration_pulls_in_whoever_is_too_sure():
    with overconfident(100) as ledger:
        found = account_of(ledger, AFTER).recalibrated
    assert [one.method for one in found] == list(METHODS)
    for one in found:
        means = dict(one.means)
        assert one.questions == 100
        assert one.change.high < 0.0
        assert 0.1 < means[0.1] < 0.5 < means[0.9] < 0.9


def test_a_short_record_teaches_nothing():
    with overconfident(FEWEST_QUESTIONS - 1) as ledger:
        assert account_of(ledger, AFTER).recalibrated == ()
