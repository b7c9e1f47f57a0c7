"""Reasons ranked: no reason shifts nothing, a pull pulls, a restraint restrains; the chance is the same."""

import pytest

from tests.ask.worlds import AS_OF, PARTICLES, STARTER, changed, four_errors, starter, two_actors, written
from tocsin.ask.assess import assess
from tocsin.ask.sensitivity import rank_reasons


def reason(name, direction, weight, front="a -> b", **parts):
    return {
        "id": name,
        "front": front,
        "direction": direction,
        "weight": weight,
        "from": "exchange",
        "text": name,
    } | parts


def ranked(case, as_of=None, particles=1_000):
    return {s.reference: s for s in assess(case, as_of, particles=particles).estimate.reasons}


def test_a_reason_of_no_weight_shifts_nothing():
    found = ranked(two_actors(reasons=[reason("none", "pull", 0.0), reason("some", "pull", "strong")]))
    assert [number.value for _, number in found["none"].shifts] == [0.0]
    assert found["none"].effective_share == pytest.approx(1.0)
    assert found["some"].largest > 0.0


def test_a_threat_by_one_without_any_standing_shifts_nothing():
    case = two_actors(
        actors=[{"id": "a", "name": "A"}, {"id": "b", "name": "B", "standing": 0.0}],
        fronts=[{"from": "a", "to": "b"}],
        threats=[{"by": "b", "against": "a", "strength": "decisive", "from": "words"}],
    )
    found = ranked(case)["b -> a"]
    assert found.kind == "threat"
    assert [number.value for _, number in found.shifts] == [0.0]


@pytest.mark.parametrize("weight", ["slight", "considerable", "decisive"])
def test_a_pull_that_is_gone_never_raises_and_a_restraint_never_lowers(weight):
    # One front that nobody answers: nothing but the reason differs, and it can only push its own way.
    alone = {"fronts": [{"from": "a", "to": "b"}]}
    case = two_actors(
        **alone, reasons=[reason("pull", "pull", weight), reason("restrain", "restrain", weight)]
    )
    found = ranked(case)
    (_, pull), (_, restrain) = found["pull"].shifts[0], found["restrain"].shifts[0]
    assert pull.value < 0.0 < restrain.value


def test_without_the_reason_is_what_a_run_without_it_says():
    reasons = [r for r in written(STARTER, "reasons") if r["id"] != "valleys-claimed"]
    rerun = assess(changed(STARTER, reasons=reasons), AS_OF, particles=PARTICLES, seed=2).estimate
    estimate = starter().estimate
    shifts = dict(next(s for s in estimate.reasons if s.reference == "valleys-claimed").shifts)
    for here, there in zip(estimate.questions, rerun.questions, strict=True):
        difference = there.chance.probability - here.chance.probability
        allowed = four_errors(shifts[here.id].mc_error, here.chance.mc_error, there.chance.mc_error)
        assert abs(shifts[here.id].value - difference) < allowed


def test_the_same_chance_is_used_with_and_without():
    """The error of a shift is far below that of a difference of two independent runs."""
    found = next(s for s in starter().estimate.reasons if s.reference == "passes-closed-is-costly")
    sampled = 64 * 20
    apart = (2 * 0.25 / sampled) ** 0.5
    assert dict(found.shifts)["wider-or-settled"].mc_error < apart / 2


def test_the_most_consequential_comes_first():
    largest = [s.largest for s in starter().estimate.reasons]
    assert largest == sorted(largest, reverse=True)
    for found in starter().estimate.reasons:
        assert found.largest == max(abs(number.value) for _, number in found.shifts)


def test_every_reason_and_every_threat_is_there_once():
    found = [(s.kind, s.reference) for s in starter().estimate.reasons]
    expected = [("reason", r.id) for r in STARTER.reasons]
    expected += [("threat", f"{t.by} -> {t.against}") for t in STARTER.threats]
    assert sorted(found) == sorted(expected)


def test_asking_again_says_the_same():
    assert rank_reasons(starter().posterior, threads=2) == starter().estimate.reasons


def test_a_case_without_reasons_has_none():
    assert assess(two_actors(), particles=1_000).estimate.reasons == ()
