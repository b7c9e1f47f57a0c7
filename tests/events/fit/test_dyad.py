"""The dyad's tables are the game's own choices."""

import numpy as np
import pytest

from tests.game.worlds import actors, between, case_of
from tocsin.events.fit import dyad
from tocsin.game import chance, reference
from tocsin.game.compile import compile_case

FRONT = np.array([np.log(0.6), np.log(0.9), 0.3, -0.4, 0.7, -1.0, np.log(3.0), np.log(1.5)])
SHARED = np.log([1.2, 0.5, 0.3])


def test_chances_sum_to_one_under_every_condition():
    choice = dyad.choose(FRONT, SHARED, dyad.tension_levels(5), 7)
    assert choice.chance.shape == (3, 7, 7, 7, 5)
    np.testing.assert_allclose(choice.chance.sum(axis=3), 1.0, atol=1e-12)
    assert choice.chance.min() >= 0.0


def test_tension_keeps_its_middle_and_sums_to_one():
    levels = dyad.tension_levels(7)
    drift = dyad.tension_drift(levels, 0.02, 0.06)
    np.testing.assert_allclose(drift.sum(axis=1), 1.0)
    np.testing.assert_allclose(drift, drift[::-1, ::-1], atol=1e-12)


def exactly(value: float) -> dict[str, float]:
    return {"median": float(value), "spread": 0.0}


def the_same_dyad_as_a_case():
    """A case whose front a -> b decides by the numbers above, without tension and unworn."""
    reasons = [
        {
            "id": f"reason-{k}",
            "front": "a -> b",
            "text": "t",
            "direction": "pull" if weight > 0 else "restrain",
            "weight": exactly(abs(weight)),
            "from": rung,
        }
        for k, (weight, rung) in enumerate(zip(FRONT[3:6], ("words", "exchange", "offensive"), strict=True))
    ]
    style = {
        "reciprocity": exactly(np.exp(FRONT[0])),
        "inertia": exactly(np.exp(FRONT[1])),
        "temperature": exactly(1.0),
        "bias": exactly(FRONT[2]),
        "misperception": exactly(np.exp(SHARED[1])),
        "weariness": exactly(0.0),
        "opportunity": exactly(0.0),
        "obligation": exactly(0.0),
    }
    return case_of(
        actors=actors("a", "b", style=style),
        fronts=between("ab", "ba"),
        dispositions=[{"id": "plain", "appetite": exactly(0.0)}],
        reasons=reasons,
        pace={"revision": 1.2, "incidents": 0.3},
        step="week",
    )


def test_the_tables_are_the_choices_of_the_game():
    """Mean choice of many particles of the reference, for pairs of postures, against the table.

    The particles' noise leaves a standard error below 0.5 / sqrt(40,000) = 0.0025 for a pair; the three-point
    rule for noise of half a rung errs by less than 0.002 here.
    """
    case = the_same_dyad_as_a_case()
    game = compile_case(case, case.start)
    n = 40_000
    rng = np.random.default_rng(1)
    z, disposition, _ = reference.draw_statics(game.statics, n, rng)
    rows = reference.parameter_rows(game.statics, reference.quantities(game.statics, z), disposition)
    state = reference.initial_state(game, n, rng)
    table = dyad.choose(FRONT, SHARED, dyad.tension_levels(1), 7).chance[0, :, :, :, 0]
    f = game.fronts.index("a -> b")
    for own, other in [(0, 0), (0, 3), (3, 0), (2, 4), (3, 3), (6, 5)]:
        posture = np.full_like(state.posture, other)
        posture[f] = own
        held = reference.State(
            posture=posture,
            goal=posture.copy(),
            preparation=np.full_like(state.preparation, 3),
            factor=state.factor,
            standing=state.standing,
            wear=np.zeros_like(state.wear),
            deal=state.deal,
        )
        _, info = reference.step(
            game.plan, rows, held, t=1, key=chance.step_key(7, 1), slots=np.arange(n, dtype=np.uint32)
        )
        np.testing.assert_allclose(info.choice[f].mean(axis=1), table[own, other], atol=0.012)


@pytest.mark.parametrize("n_rungs", [3, 5, 7])
def test_the_gradient_is_that_of_differences(n_rungs):
    rng = np.random.default_rng(3)
    levels = dyad.tension_levels(4)
    made = rng.random((3, n_rungs, n_rungs, n_rungs, 4))

    def value(front, shared):
        return float((made * np.log(dyad.choose(front, shared, levels, n_rungs).chance)).sum())

    choice = dyad.choose(FRONT, SHARED, levels, n_rungs)
    in_front, in_shared = dyad.gradient(made, choice, FRONT, SHARED, levels)
    step = 1e-5
    for j, unit in enumerate(np.eye(len(FRONT))):
        slope = (value(FRONT + step * unit, SHARED) - value(FRONT - step * unit, SHARED)) / (2 * step)
        assert in_front[j] == pytest.approx(slope, rel=1e-5, abs=1e-5)
    for j, unit in enumerate(np.eye(len(SHARED))):
        slope = (value(FRONT, SHARED + step * unit) - value(FRONT, SHARED - step * unit)) / (2 * step)
        assert in_shared[j] == pytest.approx(slope, rel=1e-5, abs=1e-5)


def test_wear_of_a_week_follows_from_weeks_before_it():
    cost = np.array([0.0, 0.0, 0.0, 0.1, 0.1, 0.1, 0.1])
    fights = np.array([3, 3, 0, 0, 0], dtype=np.int8)
    calm = np.zeros(5, dtype=np.int8)
    # worn 0, 0.1, 0.2, then healing; edges at 0.05 and 0.3
    assert dyad.wear(fights, calm, cost, 0.01).tolist() == [0, 1, 1, 1, 1, 1]
