"""Futures: courses are a partition, conditions say what they should, what happens is told when it happens."""

import dataclasses
from functools import cache
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from tests.ask.worlds import AS_OF, STARTER, changed, four_errors, written
from tocsin.ask.inferred import AskError, infer
from tocsin.ask.outlook.cascade import find_links
from tocsin.ask.outlook.condition import happens, read_condition
from tocsin.ask.outlook.groups import group, medoids_of, silhouette
from tocsin.ask.outlook.naming import Traits, name_of, names_of
from tocsin.ask.outlook.outlook import foresee
from tocsin.ask.outlook.rare import split_question
from tocsin.ask.outlook.runs import look_ahead_again
from tocsin.case.model import Question

FRONT = "sudria -> norland"
LEVER = STARTER.levers[0].id


@cache
def inferred(seed=1):
    return infer(STARTER, AS_OF, particles=2_000, seed=seed)


@cache
def outlook():
    return foresee(
        inferred(),
        conditions=(
            f"{FRONT} reaches strikes",
            "passes-open > 0",
            f"lever:{LEVER}",
            "westmark -> sudria reaches war",
        ),
        effort=4_000,
    )


def test_courses_part_the_futures():
    courses = outlook().courses
    assert 3 <= len(courses) <= 7
    assert sum(c.chance.probability for c in courses) == pytest.approx(1.0, abs=1e-9)
    assert [c.chance.probability for c in courses] == sorted(
        (c.chance.probability for c in courses), reverse=True
    )
    assert len({c.name for c in courses}) == len(courses)


def test_halves_of_the_islands_lie_about_the_whole():
    share = inferred().posterior.island_weight
    for course in outlook().courses:
        whole = course.halves[0] * share[:10].sum() + course.halves[1] * share[10:].sum()
        assert whole == pytest.approx(course.chance.probability, abs=1e-9)


def test_a_fork_obeys_the_law_of_total_probability():
    for course in outlook().courses:
        fork, p = course.fork, course.chance.probability
        assert fork is not None
        reached = fork.reached_on.probability * p + fork.reached_off.probability * (1.0 - p)
        then = fork.then.probability if reached > 0.0 else 0.0
        otherwise = fork.else_.probability if reached < 1.0 else 0.0
        assert then * reached + otherwise * (1.0 - reached) == pytest.approx(p, abs=1e-9)


def test_a_typical_path_is_a_future_of_its_course_in_order():
    for course in outlook().courses:
        days = [turn.day for turn in course.typical]
        assert days == sorted(days)
        assert all(AS_OF < day <= outlook().horizon for day in days)


def test_signs_tell_the_course_from_the_others():
    for course in outlook().courses:
        assert all(sign.ratio >= 1.25 for sign in course.signs)
        tell = [s.ratio >= 2.0 for s in course.signs]
        assert tell == sorted(tell, reverse=True)
        weeks = [s.weeks for s in course.signs if s.ratio >= 2.0]
        assert weeks == sorted(weeks)


def test_the_same_seed_gives_the_same_answer_at_any_number_of_threads():
    assert (
        foresee(inferred(), effort=0, threads=1).courses == foresee(inferred(), effort=0, threads=3).courses
    )


def test_other_names_change_nothing_but_names():
    """What actors are called moves no probability; only the texts differ."""
    actors = [a | {"name": f"Actor {k}"} for k, a in enumerate(written(STARTER, "actors"))]
    other = foresee(infer(changed(STARTER, actors=actors), AS_OF, particles=2_000), effort=0)
    assert [c.chance for c in other.courses] == [c.chance for c in outlook().courses]
    assert [c.fork for c in other.courses] == [c.fork for c in outlook().courses]
    assert "Sudria" not in " ".join(c.name for c in other.courses)


def test_a_certainty_changes_nothing():
    certain = outlook().conditions[1]
    assert certain.chance is not None
    assert certain.chance.probability == pytest.approx(1.0)
    for answer in certain.answers:
        assert answer.seen is not None
        assert answer.seen.probability == pytest.approx(answer.before.probability, abs=1e-9)
        assert answer.change is not None
        assert answer.change.value == 0.0


def test_what_is_asked_about_is_certain_when_it_is_seen():
    strikes = outlook().conditions[0]
    beyond = next(a for a in strikes.answers if a.question == "beyond-exchange")
    assert beyond.made is not None
    assert beyond.made.probability == pytest.approx(1.0)
    # Some of the strikes come after the question's last day.
    assert beyond.seen is not None
    assert beyond.before.probability < beyond.seen.probability <= 1.0


def test_seeing_and_not_seeing_make_up_the_answer():
    posterior = inferred().posterior
    supposed = read_condition(f"{FRONT} reaches exchange", inferred())
    futures = look_ahead_again(posterior, posterior.game.grid.n_steps)
    mask = happens(posterior, supposed, futures.factor, futures.until)
    direct = (posterior.paths.posture[posterior.game.now + 1 :, 0] >= 3).any(axis=0)
    assert np.array_equal(mask, direct)


def test_only_a_decision_brings_a_lever_about():
    lever = outlook().conditions[2]
    assert lever.chance is None
    assert lever.refused is not None
    assert all(a.seen is None and a.made is not None for a in lever.answers)


def test_an_event_of_later_can_be_made_so_now():
    push = {"id": "push", "date": "2030-11-01", "text": "t", "effects": [{"pull": FRONT, "shift": 3.0}]}
    case = changed(STARTER, events=[*written(STARTER, "events"), push])
    later = infer(case, AS_OF, particles=1_000)
    assert "push" not in [event.id for event in later.known.events]
    (condition,) = foresee(later, conditions=["event:push"], effort=0).conditions
    beyond = next(a for a in condition.answers if a.question == "beyond-exchange")
    assert beyond.change is not None
    assert beyond.change.value > 4.0 * beyond.change.mc_error


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("it rains", "expected one of"),
        ("sunshine > 0.5", "found the factor 'sunshine'"),
        ("passes-open > 1.5", "expected a number from 0 to 1"),
        ("passes-open > 0.5 by tomorrow", "found the date 'tomorrow'"),
        ("passes-open > 0.5 by 2030-01-08", "expected a day after the as-of date"),
        ("sudria -> westmark reaches strikes", "found the front 'sudria -> westmark'"),
        (f"{FRONT} reaches heaven", "found the rung 'heaven'"),
        ("lever:none-such", "found the lever 'none-such'"),
        ("event:none-such", "found the event 'none-such'"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_mend(text, said):
    with pytest.raises(AskError, match=said):
        read_condition(text, inferred())


def test_too_few_particles_are_refused():
    condition = outlook().conditions[3]
    assert condition.refused is not None
    assert "expected 100 or more" in condition.refused
    assert all(a.seen is None for a in condition.answers)


def test_nothing_left_to_come_is_refused():
    with pytest.raises(AskError, match="nothing is left to come"):
        foresee(infer(STARTER, STARTER.end, particles=1_000), effort=0)


def test_fans_start_with_the_fronts_that_are_asked_about():
    found = outlook()
    refs = [fan.ref for fan in found.fans]
    assert found.asked
    assert set(refs[: len(found.asked)]) == set(found.asked)
    assert sorted(refs) == sorted(inferred().posterior.game.fronts)


def test_fans_agree_with_when_a_rung_is_reached():
    found = outlook()
    fans = {fan.ref: fan for fan in found.fans}
    for reach in found.reaches:
        fan = fans[reach.front]
        assert fan.steps[-1].day == found.horizon
        assert all(sum(step.shares) == pytest.approx(1.0, abs=1e-9) for step in fan.steps)
        by_day = [chance.probability for rung, _, chance in fan.reached if rung == reach.rung]
        assert by_day == sorted(by_day)
        assert by_day[-1] == pytest.approx(1.0 - reach.never.probability, abs=1e-9)


def test_rungs_are_reached_in_order():
    by_front: dict[str, list[Any]] = {}
    for reach in outlook().reaches:
        by_front.setdefault(reach.front, []).append(reach)
        if reach.early:
            assert reach.early <= reach.median <= reach.late
    for reaches in by_front.values():
        never = [r.never.probability for r in reaches]
        assert never == sorted(never)


def test_links_are_beyond_chance():
    for link in outlook().links:
        assert link.follows.probability > link.without.probability


def test_what_follows_is_counted_out():
    """Half of the runs: the first joins at step 2, the second follows at step 4; the rest joins nowhere."""
    posterior = inferred().posterior
    n, now = posterior.weight.size, posterior.game.now
    half = np.arange(n) % 2 == 0
    never = now + 21
    joined = np.full((3, n), never, dtype=np.int64)
    joined[0, half], joined[2, half] = now + 2, now + 4
    futures = SimpleNamespace(joined=joined, until=never - 1)
    joiners = tuple(
        SimpleNamespace(ref=ref, joins=SimpleNamespace(probability=0.5)) for ref in posterior.game.fronts
    )
    (link,) = find_links(posterior, cast("Any", futures), cast("Any", joiners))
    assert (link.first, link.then) == ("sudria -> norland", "westmark -> sudria")
    assert link.follows.probability == pytest.approx(1.0)
    assert link.without.probability == pytest.approx(0.0)


def test_splitting_agrees_with_plain_particles():
    """A chance of a few in a hundred, both ways, within four standard errors."""
    posterior = inferred().posterior
    question = next(q for q in STARTER.questions if q.id == "beyond-exchange")
    mean, error = posterior.expect(
        (posterior.paths.posture[: posterior.game.now + 17, 0] >= 4).any(axis=0) * 1.0
    )
    found = split_question(posterior, question, 6_000).chance
    assert abs(found.probability - float(mean)) < four_errors(found.mc_error, float(error))


def test_splitting_tells_what_no_particle_comes_to():
    rule = {"front": "westmark -> sudria", "reaches": "war"}
    question = Question.model_validate({"id": "q", "text": "t", "by": STARTER.end, "rule": rule})
    found = split_question(inferred().posterior, question, 8_000)
    assert 0.0 < found.chance.probability < 0.01
    assert found.levels >= 2


# Groups


def test_groups_that_are_there_are_found():
    rng = np.random.default_rng(3)
    centres = np.array([[0.0, 0.0], [10.0, 0.0], [0.0, 10.0], [10.0, 10.0]])
    features = np.repeat(centres, 50, axis=0) + rng.normal(0.0, 0.3, (200, 2))
    groups = group(features, np.arange(200))
    assert sorted(groups.medoids // 50) == [0, 1, 2, 3]
    assert groups.silhouette > 0.9


def test_the_order_of_points_makes_no_difference_to_the_groups():
    rng = np.random.default_rng(4)
    points = rng.normal(size=(60, 2))
    shuffle = rng.permutation(60)

    def cost(x):
        distance = np.abs(x[:, None] - x[None]).sum(axis=-1)
        return distance[:, medoids_of(distance, 4)].min(axis=1).sum()

    assert cost(points) == pytest.approx(cost(points[shuffle]))


def test_silhouette_of_two_far_pairs():
    """By hand: each point is 1 from its mate and 10 or 11, or 9 or 10, from the others (Rousseeuw 1987)."""
    x = np.array([0.0, 1.0, 10.0, 11.0])
    distance = np.abs(x[:, None] - x[None])
    expected = np.mean([1 - 1 / 10.5, 1 - 1 / 9.5, 1 - 1 / 9.5, 1 - 1 / 10.5])
    assert silhouette(distance, np.array([0, 0, 1, 1]), 2) == pytest.approx(expected)


def test_one_future_is_one_group():
    assert len(group(np.zeros((30, 2)), np.arange(30)).medoids) == 1


# Names

CALM = Traits(
    calm=("A and B",),
    beyond=(),
    attack=(),
    going_on=(),
    rung="exchange",
    opener=None,
    after_incident=False,
    deals=(),
    leaves=1.0,
)


def test_a_wide_war_is_named_by_the_way_it_came():
    wide = dataclasses.replace(
        CALM, calm=(), beyond=("A and B", "C and D", "E and F"), attack=("C and D",), rung="war", opener="C"
    )
    assert name_of(wide) == "regional war by way of C: A and B; C and D; E and F"


def test_names_that_would_be_alike_are_told_apart():
    early = dataclasses.replace(CALM, beyond=("A and B",), rung="war", leaves=0.1)
    late = dataclasses.replace(early, leaves=0.9)
    assert (
        names_of([early, late]) == ("war between A and B (early)", "war between A and B (late)")
        or len(set(names_of([early, late]))) == 2
    )


def test_a_settlement_is_in_the_name():
    assert name_of(dataclasses.replace(CALM, deals=("a truce",))).endswith(", settled by a truce")
