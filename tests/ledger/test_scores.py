"""Scored at the scheduled close and never before, with nothing in it that knew the outcome."""

import datetime as dt
import math

import numpy as np
import pytest

from tests.ledger.made import CLOSES, DAY, NOON, forecast, later, question, resolution
from tocsin.ledger import Ledger, Recorded
from tocsin.ledger.scores import scores
from tocsin.ledger.state import asked

AFTER = CLOSES + dt.timedelta(days=1)
LATE = later(60)


def rows(values, *, now=NOON):
    return [
        Recorded(number=k, recorded=now, hash=f"{now:%m%d}{k:064d}", value=value)
        for k, value in enumerate(values, 1)
    ]


def scored(forecasts, resolutions, *, day=AFTER, now=NOON, **options):
    return scores(asked(rows(forecasts, now=now), rows(resolutions, now=LATE)), day, **options)


def test_the_scores_of_four_forecasts_by_hand():
    chances, outcomes = (0.8, 0.2, 0.6, 0.1), ("yes", "no", "no", "no")
    keys = ("a", "b", "c", "d")
    found = scored(
        [forecast(key, p, base_rate=0.5) for key, p in zip(keys, chances, strict=True)],
        [resolution(key, outcome) for key, outcome in zip(keys, outcomes, strict=True)],
    )
    [group] = found.live.by_author
    record = group.record
    assert (group.author, found.live.forecasts, found.hindsight.forecasts) == ("Anna", 4, 0)
    assert record.brier.value == pytest.approx((0.04 + 0.04 + 0.36 + 0.01) / 4)
    assert record.log.value == pytest.approx(-np.mean(np.log([0.8, 0.8, 0.4, 0.9])))
    assert record.brier_skill.value == pytest.approx(1 - 0.1125 / 0.25)
    parts = record.parts
    assert parts.brier == pytest.approx(
        parts.reliability - parts.resolution + parts.uncertainty + parts.within_bin
    )


def test_an_early_yes_counts_only_once_its_close_is_past():
    early = resolution("flood", "yes", on=DAY + dt.timedelta(days=5))
    at_close = scored([forecast()], [early], day=CLOSES)
    after = scored([forecast()], [early], day=AFTER)
    assert (at_close.live.forecasts, at_close.questions.decided_early) == (0, 1)
    assert (after.live.forecasts, after.questions.resolved) == (1, 1)


def test_scoring_at_resolution_biases_and_scoring_at_the_close_does_not():
    """A forecaster who states each question's true chance, judged half-way and at the end.

    2,000 questions of a year, each with a constant hazard; the chance of yes within the year is drawn evenly
    from 0.05 to 0.6. By the middle of the year only questions that came true are resolved: whoever scores
    them sees every one come true, and calls a perfect forecaster far too timid.
    """
    rng = np.random.default_rng(20300415)
    n, start, close = 2000, DAY, DAY + dt.timedelta(days=365)
    chance = rng.uniform(0.05, 0.6, n)
    # Day of the event under the hazard that gives that chance within 365 days.
    day = np.ceil(rng.exponential(1.0, n) * 365.0 / -np.log1p(-chance)).astype(int)
    forecasts = [forecast(f"q{k}", float(p), closes=close) for k, p in enumerate(chance)]
    middle = start + dt.timedelta(days=182)

    def known_by(today):
        early = [
            resolution(f"q{k}", "yes", on=start + dt.timedelta(days=int(d)))
            for k, d in enumerate(day)
            if d <= min((today - start).days, 365)
        ]
        return early + [
            resolution(f"q{k}", "no", on=close) for k, d in enumerate(day) if today > close and d > 365
        ]

    # Scoring at resolution: all that is resolved by the middle of the year.
    resolved = {row.question for row in known_by(middle)}
    at_resolution = [p for f, p in zip(forecasts, chance, strict=True) if f.question.key in resolved]
    assert len(at_resolution) > 100
    assert all(row.outcome == "yes" for row in known_by(middle))
    assert 1.0 - np.mean(at_resolution) > 0.5  # observed share 1 against a mean forecast below a half

    # This ledger at the same time: none of them counts.
    half_way = scored(forecasts, known_by(middle), day=middle)
    assert (half_way.live.forecasts, half_way.questions.decided_early) == (0, len(resolved))

    # And after the close: all count, and the true chances are found calibrated.
    final = close + dt.timedelta(days=1)
    at_close = scored(forecasts, known_by(final), day=final)
    record = at_close.live.by_author[0].record
    assert record.forecasts == n
    spread = math.sqrt(float(np.mean(chance * (1 - chance))) / n)
    # Four standard errors of a share of n independent outcomes.
    assert abs(record.parts.base_rate - float(chance.mean())) < 4 * spread
    # Each of the ten bins within four standard errors of its own.
    for part in record.curve:
        assert abs(part.observed - part.forecast) < 4 * math.sqrt(
            part.forecast * (1 - part.forecast) / part.n
        )


def test_whoever_forecast_when_it_was_known_is_left_out_on_either_outcome():
    known = DAY + dt.timedelta(days=5)
    found = scored(
        [forecast("a", 0.99, as_of=known), forecast("b", 0.01, as_of=CLOSES), forecast("c", 0.3)],
        [resolution("a", "yes", on=known), resolution("b", "no"), resolution("c", "no")],
        now=LATE,
    )
    assert (found.hindsight.knew, found.hindsight.forecasts) == (2, 1)


def test_what_was_recorded_after_the_close_is_scored_apart():
    mixed = asked(
        [*rows([forecast("a")]), *rows([forecast("b", author="Ben")], now=LATE)],
        rows([resolution("a"), resolution("b")], now=LATE),
    )
    found = scores(mixed, LATE.date())
    assert [group.author for group in found.live.by_author] == ["Anna"]
    assert [group.author for group in found.hindsight.by_author] == ["Ben"]


def test_voided_questions_are_counted_and_not_scored():
    found = scored([forecast("a"), forecast("b")], [resolution("a", "void"), resolution("b", "no")])
    assert (found.questions.void, found.live.forecasts) == (1, 1)


def test_a_correction_is_what_is_scored_and_is_counted():
    first = resolution("a", "yes")
    [kept] = rows([first], now=LATE)
    second = Recorded(
        number=9,
        recorded=LATE,
        hash="x",
        value=resolution("a", "no", because="misread", supersedes=kept.hash),
    )
    found = scores(asked(rows([forecast("a", 0.2)]), [kept, second]), AFTER)
    assert found.corrections == 1
    brier = found.live.by_author[0].record.brier
    assert brier is not None
    assert brier.value == pytest.approx(0.04)


def test_groups_by_case_and_by_lead_time():
    found = scored(
        [
            forecast("north:a", case="north"),
            forecast("south:a", case="south", as_of=CLOSES - dt.timedelta(days=10)),
            forecast("b"),
        ],
        [resolution(key, "no") for key in ("north:a", "south:a", "b")],
    )
    assert [group.part for group in found.live.by_case] == ["no case", "north", "south"]
    assert [(g.part, g.record.forecasts) for g in found.live.by_lead] == [
        ("up to 30 days", 1),
        ("31 to 90 days", 2),
    ]


def test_a_base_rate_stands_in_for_whoever_states_none():
    found = scored(
        [forecast("a", 0.2), forecast("b", 0.2)],
        [resolution("a", "no"), resolution("b", "no")],
        base_rate=0.4,
    )
    record = found.live.by_author[0].record
    assert record.brier_skill is not None
    assert record.brier_skill.value == pytest.approx(1 - 0.04 / 0.16)
    assert record.base == "the base rates stated with the forecasts"


def test_a_base_rate_on_record_serves_whoever_forecasts_after_it():
    outcomes = [resolution("a", "no"), resolution("b", "yes")]
    first = [forecast("a", 0.2, author="Cem"), forecast("a", 0.2, base_rate=0.4)]
    found = scored([*first, forecast("a", 0.3, author="Ben"), forecast("b", 0.5, author="Cem")], outcomes)
    anna, ben, cem = (group.record for group in found.live.by_author)
    assert ben.brier_skill is not None
    assert ben.brier_skill.value == pytest.approx(1 - 0.09 / 0.16)
    assert (anna.base, ben.base) == ("the base rates stated with the forecasts",) * 2
    assert "known only afterwards" in cem.base  # what was stated after its forecast does not reach back


def test_several_forecasters_stand_beside_their_pools():
    found = scored(
        [
            forecast("a", 0.9), forecast("a", 0.5, author="Ben"),
            forecast("b", 0.1), forecast("b", 0.3, author="Ben"),
            forecast("c", 0.5), forecast("c", 0.6, as_of=DAY + dt.timedelta(days=1)),
        ],
        [resolution("a", "yes"), resolution("b", "no"), resolution("c", "no")],
    )  # fmt: skip
    together = found.live.together
    assert together.questions == 2  # only one person answered c
    assert [(g.author, g.record.brier.value) for g in together.forecasters] == [
        ("Anna", pytest.approx(0.01)),
        ("Ben", pytest.approx((0.25 + 0.09) / 2)),
    ]
    linear = together.pools[0].record
    assert linear.brier.value == pytest.approx((0.3**2 + 0.2**2) / 2)


def test_a_pool_takes_each_one_s_last_word():
    found = scored(
        [
            forecast("a", 0.9),
            forecast("a", 0.5, as_of=DAY + dt.timedelta(days=3)),
            forecast("a", 0.7, author="Ben"),
        ],
        [resolution("a", "yes")],
    )
    linear = found.live.together.pools[0].record
    assert linear.brier.value == pytest.approx(0.4**2)


def test_a_fitted_pool_learns_only_from_questions_that_had_closed():
    """Timid pairs on 80 questions of one day, then one question later: only that one is made more extreme."""
    rng = np.random.default_rng(3)
    first = [(f"q{k:02d}", bool(rng.random() < 0.9)) for k in range(80)]
    after_close = CLOSES + dt.timedelta(days=30)
    forecasts = [forecast(key, 0.65, author=who) for key, _ in first for who in ("Anna", "Ben")]
    new = question("new", closes=CLOSES + dt.timedelta(days=200))
    forecasts += [
        forecast(question=new, probability=0.65, author=who, as_of=after_close) for who in ("Anna", "Ben")
    ]
    outcomes = [resolution(key, "yes" if came else "no") for key, came in first]
    outcomes.append(resolution("new", "yes", on=new.closes))

    def extremised(resolutions):
        found = scores(asked(rows(forecasts), rows(resolutions, now=LATE)), new.closes + dt.timedelta(days=1))
        assert found.live.together is not None
        return found.live.together.pools[2].record

    # On the first 80 nothing had closed: the pool is the plain one, at 0.65.
    alone = extremised(outcomes[:-1])
    share = np.mean([came for _, came in first])
    assert alone.brier.value == pytest.approx(share * 0.35**2 + (1 - share) * 0.65**2)
    # The last was issued after they closed: bolder than 0.65, so it pays less than 0.35 squared.
    total = extremised(outcomes)
    last = total.brier.value * 81 - alone.brier.value * 80
    assert last < 0.35**2 - 0.01


def test_classes_and_numbers_have_scores_of_their_own():
    rung = question("rung", classes=("calm", "words", "war"))
    deaths = question("deaths", number=True)
    found = scored(
        [
            forecast(question=rung, probability=None, shares=(0.5, 0.3, 0.2)),
            forecast(question=deaths, probability=None, quantiles=((0.25, 2.0), (0.5, 4.0), (0.75, 10.0))),
        ],
        [resolution("rung", "words"), resolution("deaths", "6")],
    )
    means = {other.score: other.mean for other in found.live.others}
    assert means["log"] == pytest.approx(-math.log(0.3))
    # By hand: the cumulative shares 0.5 and 0.8 against 0 and 1.
    assert means["RPS"] == pytest.approx(0.5**2 + 0.2**2)
    # By hand: twice the mean of the pinball losses 0.25 x 4, 0.5 x 2 and 0.25 x 4.
    assert means["CRPS"] == pytest.approx(2 * (1.0 + 1.0 + 1.0) / 3)
    assert found.live.by_author[0].record.unscored == 2


def test_the_scores_of_a_day_are_not_changed_by_what_was_recorded_later(tmp_path):
    with Ledger.open(str(tmp_path / "l.sqlite")) as ledger:
        ledger.add([forecast("a"), forecast("b")], now=NOON)
        ledger.resolve([resolution("a", "no")], now=LATE)
        day = LATE.date()
        before = scores(ledger.questions(until=day), day)
        ledger.resolve([resolution("b", "yes")], now=later(90))
        ledger.resolve([resolution("a", "yes", because="misread")], now=later(90))
        assert repr(scores(ledger.questions(until=day), day)) == repr(before)
        assert scores(ledger.questions(), later(91).date()).live.forecasts == 2


def test_an_empty_ledger_has_no_scores_and_says_so():
    found = scores((), AFTER)
    assert (found.live.forecasts, found.live.by_author, found.live.together) == (0, (), None)
