"""Laws of the filter: what may make no difference to it, how its error shrinks, and what it refuses."""

import datetime as dt

import numpy as np
import pytest

from tests.infer.cases import actor, case_of, day, exactly, indicator, report, source, two_fronts
from tests.infer.pooled import pooled, run
from tests.infer.simulate import STEPS, crisis, draw_reports, draw_truth
from tests.infer.told import World
from tocsin.case.known import as_known
from tocsin.case.model import Event, Outcome, Report, Tie
from tocsin.game.compile import compile_case
from tocsin.infer.evidence import compile_evidence
from tocsin.infer.filter import (
    DegenerateWeightsError,
    EvidenceStep,
    filter_island,
    particles_at,
    systematic,
)
from tocsin.infer.posterior import infer_posterior


def told_crisis(seed=1):
    """The crisis with the reports of a history drawn from it."""
    rng, case = np.random.default_rng(seed), crisis()
    world = World(case, day(STEPS, 6))
    return case.model_copy(update={"reports": draw_reports(world, draw_truth(world, rng), rng)})


def filtered(case, as_of, n=400, seed=7, island=0):
    game = compile_case(as_known(case, as_of), as_of)
    return filter_island(game, compile_evidence(game), n=n, seed=seed, island=island)[0]


def assert_same(one, other):
    """Bit by bit."""
    for name in ("log_weight", "z", "disposition", "deceives", "values", "rows", "ancestor", "log_choice"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)
    past = slice(0, one.step + 1)
    for name in ("posture", "goal", "readiness", "factor", "standing", "wear", "deal"):
        np.testing.assert_array_equal(getattr(one, name)[past], getattr(other, name)[past], err_msg=name)
    assert one.log_evidence == other.log_evidence


CASE, AS_OF = told_crisis(), day(8, 6)


def test_the_order_of_reports_in_a_file_makes_no_difference():
    shuffled = list(CASE.reports)
    np.random.default_rng(3).shuffle(shuffled)
    assert_same(filtered(CASE, AS_OF), filtered(CASE.model_copy(update={"reports": tuple(shuffled)}), AS_OF))


def test_the_order_of_evidence_within_a_step_makes_no_difference():
    particles = filtered(CASE, AS_OF)
    steps = EvidenceStep(compile_evidence(particles.game))
    for step in range(1, particles.step + 1):
        for which in (steps.adapted(step), steps.weighed(step)):
            # Sums of 32 bits: each of a dozen terms is rounded to 1 part in 10 million.
            one, other = (
                steps.log_chance(k, particles, np.empty(particles.n, np.float32))
                for k in (which, which[::-1].copy())
            )
            np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-5)
        there, back = (
            steps.tables(steps.adapted(step), particles),
            steps.tables(steps.adapted(step)[::-1].copy(), particles),
        )
        for one, other in zip(there, back, strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-5)


def test_what_is_known_later_makes_no_difference():
    later = AS_OF + dt.timedelta(days=1)
    news = (
        Report(id="n1", date=day(2), known=later, source="press", front="a -> b", value="war", grade=1),
        Report(id="n2", date=later, source="spotters", indicator="massing"),
        Report(id="n3", date=day(8), known=day(11), source="radio", indicator="fire", origin="press"),
    )
    known = tuple(r for r in CASE.reports if r.known_on <= AS_OF)
    assert len(known) < len(CASE.reports)
    event = Event(id="e", date=day(3), known=later, text="t", effects=({"pull": "a -> b", "shift": 2.0},))
    tie = Tie(from_="a", to="c", kind="rivalry", strength="full", since=later)
    outcome = Outcome(question="q", resolved="yes", date=day(9))
    changed = CASE.model_copy(
        update={
            "reports": known + news,
            "events": (event,),
            "ties": (*CASE.ties, tie),
            "outcomes": (outcome,),
        }
    )
    assert_same(filtered(CASE, AS_OF), filtered(changed, AS_OF))


def test_the_same_seed_gives_the_same_posterior_at_any_number_of_threads():
    game = compile_case(as_known(CASE, AS_OF), AS_OF)
    evidence = compile_evidence(game)
    one, three = (
        infer_posterior(game, evidence, particles=800, islands=4, seed=5, threads=threads)
        for threads in (1, 3)
    )
    for name in ("weight", "log_evidence", "z", "disposition", "deceives", "goal", "readiness"):
        np.testing.assert_array_equal(getattr(one, name), getattr(three, name), err_msg=name)
    np.testing.assert_array_equal(one.paths.posture, three.paths.posture)
    np.testing.assert_array_equal(one.paths.factor, three.paths.factor)


def test_another_seed_or_island_gives_other_draws():
    first = filtered(CASE, AS_OF)
    assert not np.array_equal(first.z, filtered(CASE, AS_OF, seed=8).z)
    assert not np.array_equal(first.z, filtered(CASE, AS_OF, island=1).z)


def test_the_error_shrinks_with_the_root_of_the_number_of_particles():
    islands = 40
    few, many = (run(*two_fronts(1), islands=islands, n=n) for n in (125, 2000))
    # 16 times the particles, a quarter of the error. The log of the ratio of two standard deviations, each of
    # 40 values, has a standard error of sqrt(2 / (2 * 39)) = 0.16; allowed are 4 of these.
    ratio = np.std(few[1]) / np.std(many[1])
    assert abs(np.log(ratio / 4.0)) <= 4.0 * 0.16
    errors = [pooled(found["deceives"], log_evidence)[1][0] for found, log_evidence in (few, many)]
    assert abs(np.log(errors[0] / errors[1] / 4.0)) <= 4.0 * 0.16


def test_more_particles_are_carried_while_the_past_is_short():
    carried = [particles_at(100, step, 50) for step in range(51)]
    assert carried[0] == 800
    assert carried == sorted(carried, reverse=True)
    assert carried[-1] == 100


def test_systematic_resampling_gives_each_particle_its_share():
    rng = np.random.default_rng(2)
    weights = rng.exponential(size=50)
    weights /= weights.sum()
    for u in rng.random(20):
        offspring = np.bincount(systematic(weights, u, 80), minlength=50)
        # Each has the whole part of its share, or one more.
        assert (np.abs(offspring - 80.0 * weights) < 1.0).all()
        assert offspring.sum() == 80


def never_war(**parts):
    """An actor that cannot get ready for war, and a source that is always right."""
    return case_of(
        actors=[actor("a"), actor("b")],
        fronts=[{"from": "a", "to": "b"}],
        pace={"preparation": 0.0},
        indicators=[
            indicator("columns", {"calm": 0.0, "war": 1.0}, about={"posture": "a -> b"}),
            indicator("mood", {"soft": 1.0, "hard": 1.0}, about={"disposition": "b"}),
        ],
        **parts,
    )


def sure(name, **parts):
    return source(name, record={"right": 10**9, "wrong": 0}, **parts) | {"base_rate": exactly(0.0)}


def test_what_no_particle_explains_is_named_with_its_step():
    # Each report has one chance in a billion, as little as a likelihood of 0 leaves; five have none.
    names = [f"s{k}" for k in range(5)]
    case = never_war(
        sources=[sure(name) for name in names],
        reports=[report(f"r-{name}", 3, name, "columns") for name in names],
    )
    with pytest.raises(DegenerateWeightsError, match=r"step from 2024-01-15: .*r-s0") as raised:
        filtered(case, day(5, 6))
    assert {item.report for item in raised.value.items} == {f"r-{name}" for name in names}


def test_a_silence_that_cannot_be_is_named_with_its_step():
    watch = {"indicator": "mood", "coverage": exactly(1.0), "since": day(2)}
    case = never_war(sources=[sure("s", watches=[watch])])
    with pytest.raises(DegenerateWeightsError, match=r"step from 2024-01-08: silence of s on mood"):
        filtered(case, day(5, 6))
