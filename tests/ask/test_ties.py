"""Who learned what from whom: the parts add up to the skill, and the network is that of the day."""

import dataclasses
import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ask.worlds import STARTER
from tests.game.worlds import actors, between, case_of
from tocsin.ask.inferred import AskError
from tocsin.ask.ties import NOTHING, Ties, ties
from tocsin.game.skill import TEACHING_PER_YEAR, deception_skill

START = dt.date(2024, 1, 1)
NAMES = "abcd"
# Heun's method on steps of 1/24 year at rates below 0.2 a year; see tests/game/test_skill.py.
HEUN = 1e-5


def tie(pair, kind="training", strength=0.8, since="2014-01-01", **more):
    return {"from": pair[0], "to": pair[1], "kind": kind, "strength": strength, "since": since} | more


def world(*written, **own):
    own = own or {"a": 0.9, "b": 0.1}
    people = [actor | {"deception": own[actor["id"]]} for actor in actors(*own)]
    return case_of(actors=people, fronts=between("".join(list(own)[:2])), ties=list(written), start=START)


def unplaced(found: Ties):
    """An answer without the places in the picture, which is one for every day."""
    learners = tuple(dataclasses.replace(one, place=(0.0, 0.0)) for one in found.learners)
    return dataclasses.replace(found, learners=learners)


def learner(found: Ties, name: str):
    return next(one for one in found.learners if one.id == name)


@st.composite
def worlds(draw):
    """Four actors and up to seven ties of any kind, some in several stretches."""
    own = {name: draw(st.sampled_from([0.0, 0.05, 0.2, 0.5, 0.8, 1.0])) for name in NAMES}
    pairs = [one + other for one in NAMES for other in NAMES if one != other]
    written, taken = [], set()
    for _ in range(draw(st.integers(0, 7))):
        pair, kind = draw(st.sampled_from(pairs)), draw(st.sampled_from([*TEACHING_PER_YEAR, "rivalry"]))
        if (frozenset(pair), kind) in taken:
            continue
        taken.add((frozenset(pair), kind))
        year = draw(st.integers(2005, 2023))
        until = draw(st.sampled_from([None, 1, 3]))
        more = {"until": f"{year + until}-01-01"} if until else {}
        written.append(tie(pair, kind, draw(st.sampled_from([0.2, 0.5, 1.0])), f"{year}-01-01", **more))
        if until:
            written.append(tie(pair, kind, 0.8, f"{year + until + draw(st.integers(0, 2))}-01-01"))
    return world(*written, **own)


# Exact


def test_a_pupil_alone_with_a_teacher_closes_the_gap_exponentially():
    found = learner(ties(world(tie("ab")), START), "b")
    rate = TEACHING_PER_YEAR["training"] * 0.8
    years = (START - dt.date(2014, 1, 1)).days / 365.25
    gained = 0.8 * (1.0 - np.exp(-rate * years))
    (lesson,) = found.lessons
    assert abs(lesson.gained - gained) < HEUN
    assert (lesson.teacher, lesson.kind, lesson.since) == ("a", "training", dt.date(2014, 1, 1))
    # Half of it is there when exp(-rate t) = 1 - gained / 1.6; a day is all that a date can tell.
    half = dt.date(2014, 1, 1) + dt.timedelta(days=-np.log(1.0 - gained / 1.6) / rate * 365.25)
    assert abs((lesson.half_by - half).days) <= 2


def test_two_ties_of_a_teacher_share_its_lesson_as_their_rates():
    written = tie("ab"), tie("ab", "joint command", 0.5)
    found = learner(ties(world(*written), START), "b")
    gained = {lesson.kind: lesson.gained for lesson in found.lessons}
    # Both act on the same gap at all times, so their gains are as their rates: 0.07 x 0.8 to 0.14 x 0.5.
    assert gained["joint command"] / gained["training"] == pytest.approx(0.07 / 0.056, rel=1e-9)


def test_what_came_by_way_of_another_is_laid_to_whose_it_was():
    # All that b has, it has from a, who alone knew anything; so has c, though b taught it.
    found = ties(world(tie("ab"), tie("bc"), a=0.9, b=0.0, c=0.0), START)
    pupil = learner(found, "c")
    assert [lesson.teacher for lesson in pupil.lessons] == ["b"]
    assert [(origin.actor, origin.share) for origin in pupil.origins] == [("a", pytest.approx(pupil.skill))]


def test_without_its_only_tie_an_actor_has_its_own_skill():
    found = learner(ties(world(tie("ab")), START), "b")
    assert [(one.tie, one.skill) for one in found.without] == [("a -> b (training)", 0.1)]
    assert found.without[0].change == 0.1 - found.skill


def test_a_relation_that_held_twice_is_one_lesson_and_is_missed_whole():
    twice = tie("ab", until="2016-01-01"), tie("ab", since="2020-01-01")
    found = learner(ties(world(*twice), START), "b")
    assert len(found.lessons) == len(found.without) == 1
    assert found.without[0].skill == 0.1


def test_a_tie_that_binds_both_ways_is_one_relation_whoever_is_named_first():
    written = (
        tie("ab", "alliance", until="2016-01-01"),
        tie("ba", "alliance", since="2016-01-01", strength=0.5),
    )
    found = ties(world(*written), START)
    assert [(bond.ref, len(bond.stretches)) for bond in found.bonds] == [("a -> b (alliance)", 2)]
    assert [turn.what for turn in found.turns] == ["formed", "weakened"]
    assert learner(found, "b").without[0].skill == 0.1


def test_turns_of_a_tie_that_was_weakened_broke_and_mended():
    written = (
        tie("ab", "patron", 0.8, "1992", until="2012"),
        tie("ab", "patron", 0.2, "2012", until="2015"),
        tie("ab", "patron", 0.5, "2017"),
    )
    found = ties(world(*written), START)
    assert [(turn.day.year, turn.what, turn.strength) for turn in found.turns] == [
        (1992, "formed", 0.8), (2012, "weakened", 0.2), (2015, "broke", None), (2017, "mended", 0.5),
    ]  # fmt: skip
    assert [bond.holds for bond in found.bonds] == [True]
    assert [bond.holds for bond in ties(world(*written), "2016-01-01").bonds] == [False]


def test_the_path_runs_by_new_years_days_and_ends_on_the_day():
    found = learner(ties(world(tie("ab", since="2021-07-01")), "2023-03-01"), "b")
    assert [str(level.day) for level in found.path] == [
        "2021-07-01",
        "2022-01-01",
        "2023-01-01",
        "2023-03-01",
    ]
    assert (found.path[0].skill, found.path[-1].skill) == (found.own, found.skill)


# Laws


@settings(max_examples=25, deadline=None)
@given(worlds())
def test_own_skill_and_lessons_add_up_to_the_skill_and_so_do_origins(case):
    found = ties(case, START)
    for one in found.learners:
        # Lessons too small to be told are each below NOTHING.
        room = 1e-12 + NOTHING * 20
        assert abs(one.own + sum(lesson.gained for lesson in one.lessons) - one.skill) < room
        assert abs(sum(origin.share for origin in one.origins) - one.skill) < room
        assert one.own - 1e-12 <= one.skill <= max(other.own for other in found.learners) + 1e-12


@settings(max_examples=15, deadline=None)
@given(worlds(), st.randoms(use_true_random=False))
def test_the_order_of_ties_makes_no_difference(case, random):
    shuffled = list(case.ties)
    random.shuffle(shuffled)
    other = ties(case.model_copy(update={"ties": tuple(shuffled)}), START)
    found = ties(case, START)
    for one, same in zip(found.learners, other.learners, strict=True):
        assert one.skill == pytest.approx(same.skill, abs=1e-12)
        assert {lesson.kind for lesson in one.lessons} == {lesson.kind for lesson in same.lessons}
    assert sorted((t.day, t.what, t.strength or 0) for t in found.turns) == sorted(
        (t.day, t.what, t.strength or 0) for t in other.turns
    )


@settings(max_examples=15, deadline=None)
@given(worlds(), st.integers(2006, 2023))
def test_what_comes_after_the_day_changes_nothing(case, year):
    day = dt.date(year, 6, 1)
    cut = tuple(
        t.model_copy(update={"until": None if t.until and t.until > day else t.until})
        for t in case.ties
        if t.since <= day
    )
    assert unplaced(ties(case, day)) == unplaced(ties(case.model_copy(update={"ties": cut}), day))


@settings(max_examples=10, deadline=None)
@given(worlds())
def test_without_a_tie_nobody_knows_more_and_it_is_the_case_without_it(case):
    found = ties(case, START)
    refs = {bond.ref: bond for bond in found.bonds}
    for one in found.learners:
        for missing in one.without:
            assert missing.change < 0.0
            bond = refs[missing.tie]
            left = tuple(
                t for t in case.ties if {t.from_, t.to} != {bond.one, bond.other} or t.kind != bond.kind
                or (not bond.mutual and t.from_ != bond.one)
            )  # fmt: skip
            alone = ties(case.model_copy(update={"ties": left}), START)
            assert learner(alone, one.id).skill == pytest.approx(missing.skill, abs=1e-12)


# The case's own


def test_the_skill_at_the_start_is_the_prior_of_every_estimate():
    found = ties(STARTER, "2030-03-10")
    assert [one.at_start for one in found.learners] == list(deception_skill(STARTER, STARTER.start))
    assert found.start == STARTER.start


def test_no_day_after_the_end_is_asked_about_but_days_long_before_are():
    with pytest.raises(AskError, match="up to the case's end"):
        ties(STARTER, STARTER.end + dt.timedelta(days=1))
    before = ties(STARTER, "1990-01-01")
    assert (before.bonds, before.turns) == ((), ())
    assert [one.skill for one in before.learners] == [one.own for one in before.learners]


def test_it_says_in_whose_view():
    assert ties(STARTER, variant="worried").head.variant == "worried"
