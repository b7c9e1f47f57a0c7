"""Forecasts are matched with what came, and the verdict says who was best."""

import numpy as np
import pytest

from tests.events.backtest.panels import panel_of, restless
from tocsin.events.backtest import dyads
from tocsin.events.backtest.dyads import beats_all, judge, rows, score_theatre, summarise
from tocsin.events.backtest.report import BacktestError
from tocsin.events.backtest.rivals import OURS, RIVALS, forecasters
from tocsin.score.proper import log_score, rps

TRAIN, UNTIL = 120, 200


class Fixed:
    """Says the same of every week: chance `sure` for rung 0, the rest shared evenly."""

    def __init__(self, name, sure):
        self.name, self.sure = name, sure

    def fit(self, panel, train):
        pass

    def forecast(self, panel, origins, horizons):
        one = np.full(7, (1 - self.sure) / 6)
        one[0] = self.sure
        return np.broadcast_to(one, (len(panel.dyads), len(origins), len(horizons), 7)).copy()


def everyone(ours, rivals):
    return [Fixed(OURS, ours), *(Fixed(name, rivals) for name in RIVALS)]


def calm(theatre="nowhere"):
    return panel_of(np.zeros((2, UNTIL)), theatre=theatre)


def scored(forecasters, panel, horizons=(1, 4)):
    return score_theatre(panel, forecasters, train=TRAIN, until=UNTIL, horizons=horizons)


def test_each_forecast_is_scored_against_what_came_at_its_horizon():
    panel = restless(1, T=UNTIL)
    made = scored(forecasters(1, ["climatology"]), panel, horizons=(1, 12))
    week = {"1": 0, "12": 0}
    for r in range(0, len(made.rung), 17):
        assert made.rung[r] == panel.rung[made.dyad[r], made.origin[r] + made.horizon[r]]
        week[str(made.horizon[r])] += 1
    assert min(week.values()) > 0
    assert made.origin.min() == TRAIN - 1
    assert (made.origin + made.horizon).max() == UNTIL - 1
    # Targets: weeks TRAIN - 1 + h to UNTIL - 1, of four dyads.
    assert len(made.rung) == 4 * ((UNTIL - TRAIN) + (UNTIL - TRAIN - 11))
    assert np.array_equal(made.score("climatology", "log"), log_score(made.chances[0], made.rung))
    assert np.array_equal(made.score("climatology", "RPS"), rps(made.chances[0], made.rung))


def test_ours_beats_all_where_it_is_surer_of_what_comes():
    verdict = judge("nowhere", [scored(everyone(0.9, 0.8), calm())], seed=1)
    assert verdict.beats_all is True
    assert verdict.beats_all_clearly is True
    assert verdict.missing == ()
    differences = [line for line in verdict.lines if line.less]
    assert len(differences) == 2 * 2 * 5
    # With the floor of 0.001 mixed in, shared by seven rungs.
    expected = np.log((0.999 * 0.8 + 0.001 / 7) / (0.999 * 0.9 + 0.001 / 7))
    assert differences[0].value == pytest.approx(expected)


def test_one_rival_that_is_as_good_is_enough_not_to_beat_all():
    forecasters = everyone(0.9, 0.8)
    forecasters[3].sure = 0.9
    verdict = judge("nowhere", [scored(forecasters, calm())], seed=1)
    assert verdict.beats_all is False
    assert verdict.beats_all_clearly is False


def test_a_mean_may_be_lower_and_its_interval_not():
    """Ours is right in one half of the weeks and worse in the other, by a little less."""
    rung = np.zeros((2, UNTIL), dtype=int)
    rung[:, TRAIN + 42 :] = 1
    verdict = judge("nowhere", [scored(everyone(0.52, 0.48), panel_of(rung))], seed=1)
    log = next(line for line in verdict.lines if line.less and line.score == "log")
    assert log.low is not None
    assert log.high is not None
    assert log.low < 0 < log.high
    assert verdict.beats_all_clearly is False


def test_without_ours_or_a_rival_nothing_is_claimed():
    made = scored([Fixed("climatology", 0.5), Fixed("markov", 0.6)], calm())
    verdict = judge("nowhere", [made], seed=1)
    assert verdict.beats_all is None
    assert verdict.missing == (OURS, "trailing", "logit", "boosting")
    assert not [line for line in verdict.lines if line.less]


def test_all_theatres_are_judged_together_and_each_must_be_won():
    won = scored(everyone(0.9, 0.8), calm("here"))
    lost = scored(everyone(0.7, 0.8), calm("there"))
    verdicts = summarise([won, lost], seed=1)
    assert [verdict.theatre for verdict in verdicts] == ["here", "there", dyads.OVERALL]
    assert [verdict.beats_all for verdict in verdicts[:2]] == [True, False]
    assert beats_all(verdicts) is False
    assert beats_all(verdicts[:1]) is True
    n = {line.n for line in verdicts[2].lines if line.over == "1 week"}
    assert n == {2 * 2 * (UNTIL - TRAIN)}


def test_blocks_are_quarters_that_hold_every_dyad():
    made = scored([Fixed("climatology", 0.5)], calm())
    quarter = (made.origin + made.horizon - TRAIN) // 13
    assert np.array_equal(made.block, quarter)
    assert all(set(made.dyad[made.block == b]) == {0, 1} for b in np.unique(made.block))


def test_rows_hold_every_forecast_of_everyone():
    made = scored(everyone(0.9, 0.8), calm())
    columns = rows([made])
    assert {len(column) for column in columns.values()} == {6 * len(made.rung)}
    chances = np.stack([columns[f"chance_{rung}"] for rung in range(7)], axis=1)
    assert chances.sum(1) == pytest.approx(1.0)
    ours = columns["forecaster"] == OURS
    assert log_score(chances[ours], columns["rung"][ours]) == pytest.approx(columns["log_score"][ours])
    week = {name: columns[f"{name}_week"].astype("datetime64[D]") for name in ("origin", "target")}
    ahead = (week["target"] - week["origin"]).astype(int)
    assert np.array_equal(ahead, 7 * columns["horizon_weeks"])


def test_a_test_too_short_is_refused_with_the_mend():
    with pytest.raises(BacktestError, match=r"expected at least 38 .*\n  mend: fit on fewer years"):
        score_theatre(calm(), [Fixed("markov", 0.5)], train=UNTIL - 30, until=UNTIL, horizons=(1, 12))


def test_an_unknown_forecaster_is_refused_with_the_known_ones():
    with pytest.raises(BacktestError, match="'oracle'; expected some of tocsin, climatology"):
        forecasters(1, ["oracle"])
