"""Each rule of analytic confidence has a case that triggers it, and none speaks of likelihood."""

import re

import numpy as np
import pytest

from tests.ask.worlds import AS_OF, PARTICLES, STARTER, changed, four_errors, starter, written
from tocsin.ask.assess import assess
from tocsin.ask.bands import YARDSTICKS
from tocsin.ask.confidence import ROUGH, Pieces, actors_of, judge
from tocsin.ask.estimate import Chance, Variation
from tocsin.ask.weights import LeftOut
from tocsin.case.model import Question


def pieces(n: int = 6, grades: str = "BBBBBB", sources=None, origins=None, reports=None) -> Pieces:
    return Pieces(
        source=tuple(sources or (f"s{k}" for k in range(n))),
        origin=tuple(origins or (f"o{k}" for k in range(n))),
        grade=tuple(grades),
        is_report=tuple(reports or [True] * n),
        log_chance=np.zeros((n, 1)),
    )


def left_out(weights) -> LeftOut:
    """Weights in decibans for a second hypothesis, which is the one asked about."""
    decibans = np.array([[99.0, w] for w in weights])
    zero = np.zeros(len(weights))
    return LeftOut(
        without=np.zeros_like(decibans),
        decibans=decibans,
        error=np.zeros_like(decibans),
        chance=zero,
        effective=zero,
    )


def judged(p=0.12, mc_error=0.004, variations=(), evidence=None, weights=(1, -1, 1, 1, -1, 1), islands=18.0):
    varied = tuple(Variation(assumption=f"v{k}", probability=q) for k, q in enumerate(variations))
    return judge(
        Chance(probability=p, mc_error=mc_error),
        varied,
        evidence or pieces(),
        left_out(weights),
        1,
        islands,
        "ICD 203",
    )


def test_nothing_against_it_is_high():
    assert judged().level == "high"


@pytest.mark.parametrize(
    ("variation", "level"),
    [
        (0.19, "high"),  # 7 points, the same word
        (0.21, "moderate"),  # 9 points, another word
        (0.04, "moderate"),
        (0.28, "low"),  # 16 points
    ],
)
def test_assumptions(variation, level):
    assert judged(variations=(0.12, variation)).level == level


def test_another_word_within_three_points_is_no_move():
    assert judged(p=0.19, variations=(0.21,)).level == "high"


def test_more_than_fifteen_points_within_one_word_is_a_move():
    assert judged(p=0.21, variations=(0.40,)).level == "low"


def test_the_assumption_that_moves_it_most_is_named():
    ground = judged(variations=(0.21, 0.30, 0.05)).grounds[0]
    assert "v1" in ground
    assert "18 points" in ground


def test_what_too_few_particles_tell_is_not_taken_for_a_move_but_keeps_from_high():
    rough = Variation(assumption="without s" + ROUGH, probability=0.9)
    found = judge(
        Chance(probability=0.12, mc_error=0.004),
        (rough,),
        pieces(),
        left_out([1, -1, 1, 1, -1, 1]),
        1,
        18.0,
        "ICD 203",
    )
    assert found.level == "moderate"
    assert not any("points" in ground for ground in found.grounds)
    assert any(ground.endswith("under: without s.") for ground in found.grounds)


def test_fewer_than_five_reports_are_low():
    silences = [True] * 4 + [False] * 2
    assert judged(evidence=pieces(reports=silences)).level == "low"
    assert judged(evidence=pieces(reports=[True] * 5 + [False])).level == "high"


def test_weak_sources_that_carry_more_than_half_are_moderate():
    assert judged(evidence=pieces(grades="DEFBBB"), weights=(2, 1, 1, 1, 1, 1)).level == "moderate"
    assert judged(evidence=pieces(grades="DEFBBB"), weights=(1, 1, 1, 2, 1, 1)).level == "high"


def test_one_source_that_carries_more_than_half_is_moderate():
    same = ("s", "s", "s", "a", "b", "c")
    found = judged(evidence=pieces(sources=same), weights=(2, -1, 1, 1, 1, 1))
    assert found.level == "moderate"
    assert any("s, carries 57 %" in ground for ground in found.grounds)
    assert judged(evidence=pieces(sources=same), weights=(1, 1, 1, 2, 1, 1)).level == "high"


def test_one_origin_that_carries_more_than_half_is_moderate():
    same = ("o", "o", "o", "a", "b", "c")
    assert judged(evidence=pieces(origins=same), weights=(2, -1, 1, 1, 1, 1)).level == "moderate"


def test_no_weight_of_evidence_at_all_is_nobodys():
    assert judged(weights=(0, 0, 0, 0, 0, 0)).level == "high"


def test_a_rough_monte_carlo_is_low():
    assert judged(mc_error=0.051).level == "low"
    assert judged(mc_error=0.049).level == "high"


def test_islands_that_disagree_are_low():
    assert judged(islands=2.9).level == "low"
    assert judged(islands=3.1).level == "high"


def test_the_lowest_rule_decides():
    assert judged(variations=(0.21,), mc_error=0.06).level == "low"


def test_confidence_and_likelihood_never_share_a_sentence():
    likelihood = "|".join(sorted({re.escape(word) for words in YARDSTICKS.values() for word, _, _ in words}))
    levels = r"\b(low|moderate|high|confidence)\b"
    everything = [
        judged(
            variations=(0.5,),
            mc_error=0.1,
            islands=1.0,
            evidence=pieces(grades="DDDDDD", reports=[False] * 6),
        ),
        judged(),
        *(q.confidence for q in starter().estimate.questions),
    ]
    for confidence in everything:
        for ground in confidence.grounds:
            assert not re.search(likelihood, ground)
            assert not re.search(levels, ground)


def test_initiators_come_before_targets():
    rule = {"any": [{"front": "b -> c", "reaches": "war"}, {"all": [{"front": "a -> b", "reaches": "war"}]}]}
    question = Question.model_validate({"id": "q", "text": "t", "by": "2024-01-01", "rule": rule})
    assert actors_of(question) == ("b", "a", "c")


def assumptions(estimate, question=0):
    return {v.assumption: v.probability for v in estimate.questions[question].confidence.variations}


def test_priors_deception_and_sources_are_varied():
    found = assumptions(starter().estimate)
    assert {
        "no prior opinion of what sudria is",
        "sudria deceives",
        "sudria does not deceive",
        "no prior opinion of what norland is",
        "without valley-press",
        "without border-monitors",
    } <= set(found)


def test_deception_either_way_averages_to_the_answer():
    estimate = starter().estimate
    found, answer = assumptions(estimate), estimate.questions[0].chance.probability
    deceives = next(actor for actor in estimate.actors if actor.id == "sudria").deceives.probability
    either = deceives * found["sudria deceives"] + (1 - deceives) * found["sudria does not deceive"]
    assert either == pytest.approx(answer, abs=1e-9)


def test_no_prior_opinion_is_what_a_run_with_a_flat_prior_says():
    actors = written(STARTER, "actors")
    actors[0]["dispositions"] = {"restrained": 1 / 3, "opportunist": 1 / 3, "committed": 1 / 3}
    rerun = (
        assess(changed(STARTER, actors=actors), AS_OF, particles=PARTICLES, seed=2)
        .estimate.questions[0]
        .chance
    )
    here = starter().estimate.questions[0]
    varied = assumptions(starter().estimate)["no prior opinion of what sudria is"]
    # Reweighting by at most 0.5 / 0.1 costs less than three times the variance of the plain answer.
    assert abs(varied - rerun.probability) < four_errors(rerun.mc_error, 3**0.5 * here.chance.mc_error)


def test_an_actor_that_cannot_deceive_is_not_assumed_to():
    actors = written(STARTER, "actors")
    for actor in actors:
        actor["deception"] = 0.0
    found = assumptions(assess(changed(STARTER, actors=actors), AS_OF, particles=1_000).estimate)
    assert not [name for name in found if name.startswith("sudria deceives")]
    assert "sudria does not deceive" in found
