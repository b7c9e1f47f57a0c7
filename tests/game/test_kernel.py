"""The kernel computes what the reference computes, from the same chance."""

import numpy as np
import pytest

from tests.game.worlds import game_of, random_case, run_of
from tocsin.game import chance, kernel, reference

N = 700  # more than one of the kernel's blocks, and not a whole number of them
SEEDS = range(40)


def step_by_reference(run, t, **evidence):
    return reference.step(
        run.game.plan, run.rows.astype(np.float64), run.state(t - 1), t=t, key=int(run.keys[t]),
        slots=run.slots[t], **evidence,
    )  # fmt: skip


def random_evidence(run, rng):
    """Chances of reports on some fronts, by the kernel's planes and by the reference's rungs and levels."""
    n_fronts, n_rungs, n = len(run.game.fronts), len(run.game.rungs), run.rows.shape[1]
    of_posture, of_level = np.ones((n_fronts, n_rungs, n)), np.ones((n_fronts, 4, n))
    seen = np.flatnonzero(rng.random(n_fronts) < 0.7)
    see_front = np.full(n_fronts, -1, dtype=np.int32)
    see_front[seen] = np.arange(len(seen))
    for f in seen:
        of_posture[f] = rng.random((n_rungs, n))
        of_level[f] = rng.random((4, n))
        # some rungs and levels that what was reported rules out, for some particles every one of them
        of_posture[f][rng.random((n_rungs, n)) < 0.2] = 0.0
        of_posture[f][:, rng.random(n) < 0.05] = 0.0
        of_level[f][rng.random((4, n)) < 0.2] = 0.0
    of_posture, of_level = of_posture.astype(np.float32), of_level.astype(np.float32)
    planes = np.ascontiguousarray(of_posture[seen]), np.ascontiguousarray(of_level[seen])
    if not len(seen):
        planes = np.zeros((1, n_rungs, 1), np.float32), np.zeros((1, 4, 1), np.float32)
    return (see_front, *planes), {
        "posture_evidence": of_posture.astype(np.float64),
        "readiness_evidence": of_level.astype(np.float64),
    }


def on_an_edge(run, t, info, state):
    """(N,) whether any draw of the step fell within 1e-5 of where the reference's outcome changes.

    float32 utilities of some tens of nats are exact to about 1e-6 of themselves, and so are the chances.
    """
    plan, slots, key = run.game.plan, run.slots[t], int(run.keys[t])
    near = np.zeros(run.rows.shape[1], dtype=bool)
    for f in range(len(run.game.fronts)):
        address = chance.WORDS_PER_FRONT * f
        u = {k: chance.uniform(chance.words(key, slots, address + k)).astype(np.float64) for k in (1, 2, 3)}
        near |= np.abs(u[chance.GOAL] - np.cumsum(info.choice[f], axis=0)).min(axis=0) < 1e-5
        near |= np.abs(u[chance.INCIDENT] - plan.p_incident[t, f]) < 1e-5
        near |= np.abs(3 * u[chance.INCIDENT] / max(plan.p_incident[t, f], 1e-9) % 1 - 0.5) > 0.4999
        edges = np.concatenate([np.cumsum(plan.p_gain[t]), np.cumsum(plan.p_lose[t])])[:, None]
        near |= np.abs(u[chance.READINESS] - edges).min(axis=0) < 1e-5
    for g in range(len(run.game.deals)):
        words = [chance.uniform(chance.words(key, slots, chance.DEAL_BASE + 4 * g + k)) for k in range(3)]
        near |= np.abs(words[0] - plan.p_talks[t, g]) < 1e-5
        near |= np.abs(words[0] - plan.p_breakdown[t, g]) < 1e-5
        for side, f in enumerate(plan.deal_front[g]):
            if f >= 0:
                accepts = 1.0 / (1.0 + np.exp(-info.offer[g, side]))
                near |= np.abs(words[1 + side] - accepts) < 1e-5
    return near


def agree(run, t, after, among):
    """The discrete state is the same in every particle of `among`, the rest of it to 1e-5."""
    mine = run.state(t)
    for name in ("posture", "goal", "preparation", "deal"):
        same = np.all(getattr(mine, name) == getattr(after, name), axis=0) | ~among
        assert same.all(), (t, name, np.flatnonzero(~same))
    for name in ("factor", "standing", "wear"):
        gap = np.abs(getattr(mine, name) - getattr(after, name))[:, among]
        assert gap.max(initial=0.0) < 1e-5, (t, name)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_step_without_reports_is_the_reference_step(seed):
    game = game_of(random_case(seed))
    run = run_of(game, N, seed)
    edges = 0
    for t in range(1, game.grid.n_steps + 1):
        run.log_choice[:] = 0.0
        run.advance(t - 1, t, track=True)
        after, info = step_by_reference(run, t)
        clear = ~on_an_edge(run, t, info, run.state(t - 1))
        edges += (~clear).sum()
        agree(run, t, after, clear)
        # log chances are exact to 1e-5 of the largest utility, and clipped at the smallest float32
        shown = clear & (info.log_choice.min(axis=0) > -60.0)
        np.testing.assert_allclose(run.log_choice[:, shown], info.log_choice[:, shown], atol=2e-4, rtol=1e-4)
    # 22 edges a front, each 2e-5 wide, in up to 6 fronts: fewer than one particle in 100
    assert edges < 0.01 * N * game.grid.n_steps


@pytest.mark.parametrize("seed", SEEDS)
def test_a_step_given_reports_is_the_reference_step_given_them(seed):
    game = game_of(random_case(seed))
    run, rng = run_of(game, N, seed), np.random.default_rng(seed)
    mismatches = 0
    for t in range(1, min(game.grid.n_steps, 8) + 1):
        evidence, for_reference = random_evidence(run, rng)
        run.log_weight[:] = 0.0
        run.advance(t - 1, t, evidence=evidence)
        after, info = step_by_reference(run, t, **for_reference)
        # the kernel takes a front's evidence as impossible below 1e-36, of which -80 is well clear
        possible = run.log_weight > kernel.IMPOSSIBLE
        assert np.isfinite(info.log_weight[possible]).all()
        assert possible[info.log_weight > -80.0].all()
        clear = possible & ~on_an_edge(run, t, info, run.state(t - 1))
        # as above: exact to 1e-5 of the largest utility, which a far tail of style makes large
        shown = clear & (info.log_weight > -60.0)
        np.testing.assert_allclose(run.log_weight[shown], info.log_weight[shown], atol=2e-4, rtol=1e-4)
        # edges given reports lie elsewhere, so count: 20 edges of 2e-5 in up to 6 fronts are 2e-3
        mine = run.state(t)
        same = np.ones(N, dtype=bool)
        for name in ("posture", "goal", "preparation"):
            same &= np.all(getattr(mine, name) == getattr(after, name), axis=0)
        mismatches += (clear & ~same).sum()
        agree(run, t, after, clear & same & np.all(mine.deal == after.deal, axis=0))
    assert mismatches <= 1e-3 * N * 8


@pytest.mark.parametrize("seed", SEEDS)
def test_the_log_chance_of_a_path_is_what_was_tracked_along_it(seed):
    game = game_of(random_case(seed))
    run = run_of(game, N, seed)
    n_steps = game.grid.n_steps
    run.advance(0, n_steps, track=True)
    out = np.empty(N, dtype=np.float32)
    for i in range(len(game.actors)):
        fronts = np.flatnonzero(game.plan.front_from == i).astype(np.int32)
        kernel.path_log_choice(
            game.plan, run.rows, fronts, run.posture, run.goal, run.factor, run.standing, run.wear, run.deal,
            run.slots, run.keys, n_steps, out,
        )  # fmt: skip
        # the same float32 terms added in another order: up to 80 steps of some nats each
        np.testing.assert_allclose(out, run.log_choice[i], atol=2e-3, rtol=1e-4)


def test_blocks_and_steps_may_be_split_anywhere():
    game = game_of(random_case(3))
    whole, n_steps = run_of(game, 700, 5), game.grid.n_steps
    whole.advance(0, n_steps, track=True)
    fresh = run_of(game, 700, 5)
    parts = [fresh.some(0, 1), fresh.some(1, 300), fresh.some(300, 700)]
    for part in parts:
        part.advance(0, 2, track=True)
        part.advance(2, n_steps, track=True)
    for name in ("posture", "goal", "level", "deal", "factor", "standing", "wear"):
        joined = np.concatenate([getattr(part, name) for part in parts], axis=-1)
        # bit for bit in what is discrete; an odd block's last lanes may round floats the other way
        np.testing.assert_allclose(
            joined, getattr(whole, name), atol=0 if name in ("posture", "goal") else 1e-6
        )


def test_rows_are_the_reference_rows():
    game = game_of(random_case(1))
    statics = game.statics
    z, disposition, _ = reference.draw_statics(statics, N, np.random.default_rng(1))
    values = np.empty((len(statics.labels), N), dtype=np.float32)
    every = np.arange(len(statics.labels))
    kernel.derive(
        statics.link, statics.location, statics.scale, statics.coordinate, statics.tables,
        z.astype(np.float32), every, values,
    )  # fmt: skip
    expected = reference.quantities(statics, z)
    np.testing.assert_allclose(values, expected, rtol=3e-6, atol=1e-6)
    rows = np.empty((len(statics.row_sign), N), dtype=np.float32)
    kernel.fill_rows(
        statics.row_quantities, statics.row_sign, statics.row_multiplier, statics.row_actor, values,
        disposition.astype(np.uint8), np.arange(len(rows)), rows,
    )  # fmt: skip
    np.testing.assert_allclose(
        rows, reference.parameter_rows(statics, expected, disposition), rtol=1e-5, atol=1e-6
    )
