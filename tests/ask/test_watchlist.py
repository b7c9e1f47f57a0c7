"""What to look for next: the law of total probability, what tells nothing, and where nobody looks."""

import dataclasses
import datetime as dt

import numpy as np
import pytest

from tests.ask.worlds import AS_OF, STARTER, changed, starter, two_actors, written
from tocsin.ask.assess import assess
from tocsin.ask.watchlist import FALSE_ALARM, GOOD_SOURCE, chance_of_sighting


def indicators(*listed):
    return [{"name": one["id"]} | one for one in listed]


def test_seen_and_not_seen_average_to_the_present_answer():
    estimate = starter().estimate
    now = {q.id: q.chance.probability for q in estimate.questions}
    for indicator in estimate.indicators:
        p = indicator.chance_seen
        for e in indicator.expectations:
            assert p * e.if_seen + (1 - p) * e.if_not_seen == pytest.approx(now[e.question], abs=1e-12)
            shift = p * abs(e.if_seen - now[e.question]) + (1 - p) * abs(e.if_not_seen - now[e.question])
            assert e.expected_shift == pytest.approx(shift, abs=1e-12)


def test_the_most_telling_comes_first():
    largest = [indicator.largest for indicator in starter().estimate.indicators]
    assert largest == sorted(largest, reverse=True)
    assert len(largest) == len(STARTER.indicators)


def test_an_indicator_that_is_there_at_every_level_alike_moves_nothing():
    flat = {"id": "flat", "about": {"posture": "a -> b"}, "likelihood": {"calm": 0.4}}
    case = two_actors(indicators=indicators(flat))
    found = assess(case, particles=1_000).estimate.indicators[0]
    assert found.largest == pytest.approx(0.0, abs=1e-12)
    assert found.chance_seen == pytest.approx(GOOD_SOURCE * 0.4 + (1 - GOOD_SOURCE) * FALSE_ALARM)


def test_an_indicator_of_a_factor_that_nobody_heeds_moves_hardly_anything():
    case = two_actors(
        factors=[{"id": "weather", "name": "weather", "start": 0.5, "volatility": 0.2}],
        indicators=indicators(
            {"id": "rain", "about": {"factor": "weather"}, "likelihood": {"low": 0.1, "high": 0.9}}
        ),
    )
    assessment = assess(case, particles=2_000)
    answer = assessment.estimate.questions[0].chance.probability
    # The factor and the answer are independent: both means of about 1,000 particles scatter around one.
    error = (answer * (1 - answer) / 1_000) ** 0.5
    assert assessment.estimate.indicators[0].largest < 4 * error


def test_the_chance_of_a_sighting_is_read_off_each_history():
    posterior = starter().posterior
    game = posterior.game
    convoys = next(i for i in STARTER.indicators if i.id == "convoys-seen")
    f = game.fronts.index("sudria -> norland")
    highest = posterior.paths.posture[game.now + 1 : posterior.soon_step + 1, f].max(axis=0)
    # Words of the case: unlikely, likely from shows on, almost certain from offensive on.
    seen = np.array([0.32, 0.32, 0.68, 0.68, 0.68, 0.97, 0.97])[highest]
    expected = GOOD_SOURCE * seen + (1 - GOOD_SOURCE) * FALSE_ALARM
    assert chance_of_sighting(posterior, convoys) == pytest.approx(expected, abs=1e-6)


def test_who_deceives_hides_and_plants():
    posterior = starter().posterior
    tents = next(i for i in STARTER.indicators if i.id == "field-hospitals")
    i = posterior.game.actors.index("sudria")
    open_, hidden = (
        chance_of_sighting(
            dataclasses.replace(posterior, deceives=np.full_like(posterior.deceives, mark)), tents
        )
        for mark in (0, 1)
    )
    assert posterior.game.fronts[posterior.game.plan.front_from[0]]
    assert i == 0
    p = (open_ - (1 - GOOD_SOURCE) * FALSE_ALARM) / GOOD_SOURCE
    # Moderate to hide (half of it), low to plant (a fifth of what is not there).
    denied = 0.5 * p
    expected = GOOD_SOURCE * (denied + 0.2 * (1 - denied)) + (1 - GOOD_SOURCE) * FALSE_ALARM
    assert hidden == pytest.approx(expected, abs=1e-6)


def test_it_is_looked_for_over_the_coming_fortnight_within_the_case():
    posterior = starter().posterior
    assert posterior.soon_step == posterior.game.grid.step_of(AS_OF + dt.timedelta(days=14))
    end = two_actors(
        indicators=indicators({"id": "x", "about": {"posture": "a -> b"}, "likelihood": {"calm": 0.4}})
    )
    found = assess(end, end.end, particles=1_000).estimate.indicators[0]
    assert found.by <= end.end


def source(name, grade="B", **parts):
    return {"id": name, "name": name, "grade": grade, "reason": "r"} | parts


def watching(*sources, since=None):
    looked_for = {"id": "x", "about": {"posture": "a -> b"}, "likelihood": {"calm": 0.1, "war": 0.9}}
    case = two_actors(indicators=indicators(looked_for), sources=list(sources))
    return assess(case, particles=1_000).estimate.blind_spots


def watch(coverage, **parts):
    return [{"indicator": "x", "coverage": coverage} | parts]


def test_what_nobody_watches_is_a_blind_spot():
    (spot,) = watching(source("s"))
    assert (spot.severity, spot.coverage) == ("unwatched", 0.0)


def test_what_is_watched_well_is_none():
    assert watching(source("s", watches=watch(0.9))) == ()


def test_what_is_watched_badly_is_weak():
    (spot,) = watching(source("s", watches=watch(0.1)))
    assert spot.severity == "weak"
    # A chance of 0.1 a week times the mean reliability of a B, 17 of 20; 1,000 draws of a Beta(17, 3).
    assert spot.coverage == pytest.approx(0.1 * 0.85, abs=4 * 0.1 * 0.078 / 1_000**0.5)


def test_several_weak_eyes_add_up():
    assert watching(*(source(f"s{k}", watches=watch(0.15)) for k in range(4))) == ()


def test_eyes_that_its_owner_controls_do_not_count():
    (spot,) = watching(source("s", watches=watch(0.9), controlled_by="a"))
    assert (spot.severity, spot.coverage) == ("controlled", 0.0)
    assert "a" in spot.why
    assert watching(source("s", watches=watch(0.9), controlled_by="b")) == ()


def test_a_watch_that_is_over_does_not_count():
    (spot,) = watching(source("s", watches=watch(0.9, until="2024-01-01")))
    assert spot.severity == "unwatched"


def test_the_blindness_that_matters_most_comes_first():
    case = changed(STARTER, sources=[s | {"watches": []} for s in written(STARTER, "sources")])
    spots = assess(case, AS_OF, particles=1_000).estimate.blind_spots
    assert len(spots) == len(STARTER.indicators)
    assert [s.worth for s in spots] == sorted((s.worth for s in spots), reverse=True)
