"""Filtering, fitting and forecasting a theatre."""

import itertools

import numpy as np
import pytest

from tests.events.fit.theatres import made_up, theatre
from tocsin.events.backtest.walk import cut
from tocsin.events.fit import dyad, kernel
from tocsin.events.fit.forecaster import RECOVERY, WEAR_COST, Tocsin, fit_panel
from tocsin.events.fit.population import population
from tocsin.events.fit.ship import shipped
from tocsin.events.fit.simulate import draw_fronts, simulate
from tocsin.events.fit.theatre import AS_IN_A_CASE


def test_the_filter_agrees_with_every_history_enumerated():
    """Two rungs, two levels of tension, three weeks: all 8^3 histories, by their own chances."""
    L, K, T = 2, 2, 3
    rng = np.random.default_rng(8)

    def chances(*shape):
        table = rng.random(shape)
        return table / table.sum(axis=-1, keepdims=True)

    choices = np.moveaxis(chances(2, L, L, K, L), -1, 3).copy()
    answers = np.moveaxis(chances(2, L, L, K, L), -1, 3).copy()
    drift, start = chances(K, K), chances(L * L * K).reshape(L, L, K)
    fits, fits_too = rng.random((T, L)), rng.random((T, L))
    worn, worn_too = np.array([0, 1, 1]), np.array([1, 0, 1])
    state, mass, evidence = np.empty((T, L, L, K)), np.empty((T, L, L, K)), np.empty(T)
    found = kernel.forward(
        choices, answers, worn, worn_too, drift, fits, fits_too, start, state, mass, evidence
    )
    moved, shares, shares_too = np.zeros((K, K)), np.zeros((T, L)), np.zeros((T, L))
    made, made_too = np.zeros_like(choices), np.zeros_like(answers)
    kernel.backward(
        choices, answers, worn, worn_too, drift, fits, fits_too, start, state, mass, evidence,
        made, made_too, moved, shares, shares_too,
    )  # fmt: skip

    places = list(itertools.product(range(L), range(L), range(K)))
    total, by_hand = 0.0, np.zeros((T, L))
    for first in places:
        for history in itertools.product(places, repeat=T):
            chance, (a, b, j) = start[first], first
            for t, (c, d, k) in enumerate(history):
                chance *= drift[j, k] * choices[worn[t], a, b, c, k] * answers[worn_too[t], b, a, d, k]
                chance *= fits[t, c] * fits_too[t, d]
                a, b, j = c, d, k
            total += chance
            for t, (c, _, _) in enumerate(history):
                by_hand[t, c] += chance
    assert found == pytest.approx(np.log(total), rel=1e-12)
    np.testing.assert_allclose(shares, by_hand / total, rtol=1e-10)
    assert made.sum() == pytest.approx(T)
    assert moved.sum() == pytest.approx(T)
    np.testing.assert_allclose(shares_too.sum(axis=1), 1.0)


@pytest.fixture(scope="module")
def learnt():
    panel = made_up(420, seed=11)
    game = Tocsin()
    game.fit(cut(panel, 320), 320)
    return panel, game


def test_forecasts_are_chances_and_do_not_look_ahead(learnt):
    panel, game = learnt
    origins = np.arange(319, 360)
    chances = game.forecast(cut(panel, 360), origins, (12, 1))
    assert chances.shape == (4, 41, 2, 7)
    np.testing.assert_allclose(chances.sum(axis=-1), 1.0, atol=1e-9)
    alone = game.forecast(cut(panel, 330), np.array([329]), (12, 1))
    np.testing.assert_allclose(chances[:, 10], alone[:, 0], atol=1e-12)


def test_the_game_forecasts_its_own_dyads_better_than_their_base_rates(learnt):
    """On dyads that it made the game must win: it knows what persists, base rates do not."""
    panel, game = learnt
    origins = np.arange(319, 419)
    chances = game.forecast(panel, origins, (1,))[:, :, 0]
    happened = panel.rung[:, 320:420]
    rates = np.stack([np.bincount(rung[:320], minlength=7) + 0.5 for rung in panel.rung]).astype(float)
    rates /= rates.sum(axis=1, keepdims=True)
    ours = -np.log(np.take_along_axis(chances, happened[..., None].astype(int), axis=2)).mean()
    base = -np.log(np.take_along_axis(rates, happened.astype(int), axis=1)).mean()
    assert ours < base - 0.02


def test_a_simulated_panel_is_the_same_for_the_same_seed():
    first, again, other = made_up(60, 1), made_up(60, 1), made_up(60, 2)
    np.testing.assert_array_equal(first.counts, again.counts)
    assert not np.array_equal(first.counts, other.counts)


def test_simulated_fronts_scatter_as_they_are_said_to():
    """Mean within 4 standard errors, 400 fronts."""
    many = draw_fronts(theatre(n_dyads=400), np.random.default_rng(2))
    away = (many.fronts.mean(axis=0) - many.mean) / (many.spread / np.sqrt(400))
    assert np.abs(away).max() < 4.0


def test_priors_to_ship_keep_judgement_where_the_data_do_not_speak():
    fit = theatre(n_dyads=8)
    rng = np.random.default_rng(3)
    panel = simulate(draw_fronts(fit, rng), made_up(200, 1, fit), rng, wear_cost=WEAR_COST, recovery=RECOVERY)
    found = population((fit_panel(panel, prior=AS_IN_A_CASE, errors=True, rounds=1, iterations=15),))
    answer = shipped(found, {"theatres": []})
    assert set(answer["style"]) == {
        "reciprocity", "inertia", "temperature", "obligation",
        "opportunity", "weariness", "misperception", "bias",
    }  # fmt: skip
    assert answer["style"]["temperature"]["fitted"] is False
    for name, row in answer["style"].items():
        assert row["fitted"] or row["why"], name
    assert len(found) == 4 + len(dyad.SHARED)
