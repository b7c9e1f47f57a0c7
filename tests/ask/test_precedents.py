"""Questions beside the record: which class they get, what does not fit, where an estimate parts from it."""

import datetime as dt
from types import SimpleNamespace

import pytest

from tests.ask.worlds import MONDAY, STARTER, changed, starter, two_actors
from tests.events import synthetic
from tests.house.source import ROOT
from tocsin.ask.matching import match, profile_of
from tocsin.ask.precedents import PrecedentsError, base_rate, parting, precedents
from tocsin.case.known import as_known
from tocsin.case.read import load
from tocsin.events.precedents.counts import read_history
from tocsin.events.precedents.rates import shipped

LEBANON = load(ROOT / "cases" / "lebanon-2023")
DAY = dt.date(2023, 10, 11)
AS_OF = MONDAY + dt.timedelta(days=20)
LATER = str(MONDAY + dt.timedelta(days=80))


def question(rule, **parts):
    return {"id": "q", "text": "Will it?", "by": LATER, "rule": rule, **parts}


def case(*questions, kinds=("state", "state", "state"), **parts):
    """Three actors, A toward B and C toward B, with these questions."""
    whole = two_actors()
    return changed(
        whole,
        **{
            "actors": [
                {"id": name, "name": name.upper(), "kind": kind}
                for name, kind in zip("abc", kinds, strict=True)
            ],
            "fronts": [
                {"from": one, "to": two} for one, two in (("a", "b"), ("b", "a"), ("c", "b"), ("b", "c"))
            ],
            "questions": list(questions),
            "sources": [{"id": "s", "name": "S", "grade": "A", "reason": "r"}],
            **parts,
        },
    )


def report(front, rung, days=10, **parts):
    day = str(MONDAY + dt.timedelta(days=days))
    return {
        "id": f"r{front[0]}-{days}-{rung}",
        "date": day,
        "source": "s",
        "front": front,
        "value": rung,
        **parts,
    }


REACH = {"front": "a -> b", "reaches": "strikes"}
WAR = {"front": "a -> b", "reaches": "war"}
RIVALRY = {"from": "a", "to": "b", "kind": "rivalry", "strength": "strong", "since": "1990"}
PACT = {"from": "a", "to": "c", "kind": "alliance", "strength": "strong", "since": "1990"}


def classes(value, as_of=AS_OF):
    (found,) = precedents(value, as_of).questions
    return [rate.reference_class for rate in (found.base_rate, *found.others) if rate is not None]


def best(value, as_of=AS_OF):
    """The base rate of a case's one question, which must have one."""
    rate = precedents(value, as_of).questions[0].base_rate
    assert rate is not None
    return rate


def none(value, as_of=AS_OF):
    (found,) = precedents(value, as_of).questions
    assert found.base_rate is None
    assert found.others == ()
    return found.none


def test_two_states_without_a_tie_are_counted_as_neighbours_and_the_doubt_is_said():
    found = best(case(question(REACH)))
    assert found.reference_class == "pair-neighbours-quiet"
    assert "does not say whether the two are neighbours" in found.cautions[0]


def test_rivals_are_counted_as_rivals_by_how_lately_they_clashed():
    quiet = case(question(REACH), ties=[RIVALRY])
    assert classes(quiet)[0] == "pair-rivals-quiet"
    shown = case(question(REACH), ties=[RIVALRY], reports=[report("b -> a", "shows")])
    assert classes(shown)[0] == "pair-rivals-clashed"


def test_an_ally_at_war_makes_an_outsider_of_a_fight():
    fought = {"reports": [report("b -> c", "war"), report("c -> b", "exchange")]}
    assert classes(case(question(REACH), ties=[PACT], **fought))[0] == "outsider-ally-war"
    assert classes(case(question(REACH), ties=[PACT, RIVALRY], **fought))[0] == "outsider-ally-rival-war"
    lesser = {"reports": [report("b -> c", "exchange")]}
    assert classes(case(question(REACH), ties=[PACT], **lesser))[0] == "outsider-ally-force"


def test_a_guarantee_obliges_the_guarantor_alone():
    fought = {"reports": [report("b -> c", "war")]}
    given = {"kind": "guarantee", "strength": "strong", "since": "1990"}
    assert classes(case(question(REACH), ties=[{"from": "a", "to": "c", **given}], **fought))[0].startswith(
        "outsider"
    )
    assert classes(case(question(REACH), ties=[{"from": "c", "to": "a", **given}], **fought))[0].startswith(
        "pair"
    )


def test_those_who_fight_already_are_counted_over_the_whole_course():
    fighting = case(question(WAR), reports=[report("b -> a", "exchange")])
    found = best(fighting)
    assert found.reference_class == "party-force"
    assert found.class_days == 0
    assert any("no day for it" in caution for caution in found.cautions)


@pytest.mark.parametrize(
    ("reports", "expected"),
    [
        ([], "group-quiet"),
        ([report("a -> b", "exchange", days=10)], "group-fighting"),
        ([report("a -> b", "strikes", days=10)], "group-deadly"),
        ([report("b -> a", "offensive", days=10)], "group-deadly"),
    ],
)
def test_an_armed_group_is_counted_by_how_deadly_the_month_was(reports, expected):
    asked = case(question(WAR), kinds=("armed group", "state", "state"), reports=reports)
    assert classes(asked)[0] == expected


def test_a_clash_of_months_ago_is_recent_and_one_of_a_year_ago_quiet():
    late = MONDAY + dt.timedelta(days=400)
    group = case(
        question(WAR, by=str(late + dt.timedelta(days=60))),
        kinds=("armed group", "state", "state"),
        reports=[report("a -> b", "exchange", days=5)],
        end=str(late + dt.timedelta(days=90)),
    )
    assert classes(group, MONDAY + dt.timedelta(days=100))[0] == "group-recent"
    assert classes(group, late)[0] == "group-quiet"


def test_an_improbable_report_is_not_believed():
    doubted = case(
        question(WAR),
        kinds=("armed group", "state", "state"),
        reports=[report("a -> b", "strikes", grade=5)],
    )
    assert classes(doubted)[0] == "group-quiet"


def test_two_groups_have_a_class_of_their_own():
    assert classes(case(question(REACH), kinds=("armed group", "armed group", "state")))[0] == "groups-quiet"


def test_a_group_whose_ally_fights_is_offered_the_states_that_stood_so_and_the_misfit_is_said():
    asked = case(
        question(REACH),
        kinds=("armed group", "state", "state"),
        ties=[PACT],
        reports=[report("b -> c", "war")],
    )
    found = precedents(asked, AS_OF).questions[0]
    assert found.others[-1].reference_class == "outsider-ally-war"
    assert "A: no state" in found.others[-1].cautions[0]


def test_a_bloc_is_counted_as_a_group_and_that_is_said():
    found = best(case(question(REACH), kinds=("bloc", "state", "state")))
    assert any("A is a bloc" in caution for caution in found.cautions)


FACTOR = {"factors": [{"id": "f", "name": "F", "start": 0.1}]}


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (case(question({"factor": "f", "above": 0.5}), **FACTOR), "the factor f is the case's own"),
        (case(question({"front": "a -> b", "reaches": "words"})), "no show or use of force"),
        (
            case(question({"front": "a -> b", "reaches": "shows"}), kinds=("armed group", "state", "state")),
            "only deadly clashes are recorded",
        ),
        (case(question(REACH, by=str(AS_OF))), "its day has passed"),
        (case(question(REACH), reports=[report("a -> b", "war", grade=1)]), "has reached strikes already"),
        (
            case(question({"any": [REACH, {"factor": "f", "above": 0.5}]}), **FACTOR),
            "mixes fronts with other conditions",
        ),
        (case(question({"any": [REACH, {"front": "c -> b", "reaches": "war"}]})), "nobody fights yet"),
    ],
)
def test_where_no_class_fits_it_is_said_why(value, said):
    assert said in none(value)
    assert base_rate(value, value.questions[0], AS_OF) is None


def test_so_many_of_several_are_counted_as_joiners_less_those_that_have_come_in():
    parts = [{"front": "a -> b", "reaches": "strikes"}, {"front": "c -> b", "reaches": "strikes"}]
    both = case(question({"all": parts}), reports=[report("b -> c", "war")])
    assert best(both).words.count("at least 2 further states") == 1
    one_in = case(
        question({"all": parts}), reports=[report("b -> c", "war"), report("c -> b", "strikes", grade=2)]
    )
    found = best(one_in)
    assert "at least 1 further state " in found.words
    assert any("1 of its parts have come about already" in caution for caution in found.cautions)


def test_a_cease_fire_is_counted_as_a_settlement():
    deal = {"id": "d", "name": "D", "between": ["a", "b"], "cap": "words", "on_table": str(MONDAY)}
    asked = question({"deal": "d"})
    assert classes(case(asked, deals=[deal])) == ["settled-force", "settled-force", "settled-war"]
    group = case(asked, deals=[deal], kinds=("armed group", "state", "state"))
    assert classes(group) == ["settled-force", "group-fighting", "group-deadly"]


def test_every_candidate_names_a_class_and_an_event_that_were_counted():
    """Over kinds, ties, postures and rungs: no question is sent to a class that is not there."""
    table = shipped()
    kinds = ("state", "armed group", "bloc")
    checked = 0
    for one in kinds:
        for two in kinds:
            for rung in ("shows", "exchange", "strikes", "offensive", "war"):
                for now in ("calm", "shows", "exchange", "strikes", "offensive"):
                    for ties in ([], [RIVALRY], [PACT], [PACT, RIVALRY]):
                        value = case(
                            question({"front": "a -> b", "reaches": rung}),
                            kinds=(one, two, "state"),
                            ties=ties,
                            reports=[report("b -> a", now), report("b -> c", "war")],
                        )
                        found = match(
                            value,
                            value.questions[0].rule,
                            as_of=AS_OF,
                            since=value.start,
                            by=value.questions[0].by,
                        )
                        for candidate in found.candidates:
                            reference = table.get(candidate.reference_class)
                            assert reference is not None, candidate
                            assert reference.cell(candidate.event, 60) is not None, candidate
                            checked += 1
                        names = [(c.reference_class, c.event) for c in found.candidates]
                        assert len(set(names)) == len(names) in (0, 3)
    assert checked > 1000


def test_what_became_known_later_changes_nothing():
    later = [r for r in LEBANON.reports if r.known_on > DAY]
    assert later
    assert precedents(LEBANON, DAY) == precedents(as_known(LEBANON, DAY), DAY)


def test_the_shipped_case_gets_three_classes_for_each_question():
    answer = precedents(LEBANON, DAY)
    assert [q.id for q in answer.questions] == [q.id for q in LEBANON.questions]
    for found in answer.questions:
        assert found.none is None
        assert found.base_rate is not None
        assert len(found.others) == 2
        for rate in (found.base_rate, *found.others):
            assert 0.0 <= rate.low <= rate.rate <= rate.high <= 1.0
            assert f"{rate.came:,} times" in rate.words or rate.came < 3
            assert rate.sources
            assert rate.asked_days > 0
        assert found.analogues == ()
    assert answer.data_digest is None


def test_the_base_rate_of_a_question_is_the_first_that_the_answer_gives():
    answer = precedents(LEBANON, DAY)
    for asked, found in zip(LEBANON.questions, answer.questions, strict=True):
        assert base_rate(LEBANON, asked, DAY) == found.base_rate


def test_only_the_questions_named_are_answered_and_an_unknown_one_is_refused():
    assert [q.id for q in precedents(LEBANON, DAY, questions=("iran-strikes-2023",)).questions] == [
        "iran-strikes-2023"
    ]
    with pytest.raises(
        PrecedentsError, match="found no question 'x'; expected one of hezbollah-offensive-2023"
    ):
        precedents(LEBANON, DAY, questions=("x",))


def test_a_count_is_carried_to_the_days_asked_about_and_that_is_said():
    short = case(question(REACH, by=str(AS_OF + dt.timedelta(days=40))), ties=[RIVALRY])
    rate = best(short)
    assert (rate.class_days, rate.asked_days) == (30, 40)
    assert rate.rate == pytest.approx(1.0 - (1.0 - rate.came / rate.of) ** (40 / 30))
    assert "carried to 40 at a constant hazard" in rate.cautions[-1]


def rate(value, low, high):
    return SimpleNamespace(rate=value, low=low, high=high)


def test_an_estimate_parts_only_if_it_is_outside_and_threefold():
    base = rate(0.10, 0.05, 0.18)
    assert parting(0.15, (base,)) is None  # inside
    assert parting(0.20, (base,)) is None  # outside, but 2.25 times the odds
    told = parting(0.50, (base, rate(0.45, 0.40, 0.60)))
    assert told is not None
    assert told.odds_factor == pytest.approx(9.0)
    assert not told.outside_all
    assert "far above" in told.text
    low = parting(0.01, (base,))
    assert low is not None
    assert low.outside_all
    assert "far below" in low.text


def test_a_class_in_which_it_never_came_about_still_gives_odds_to_part_from():
    told = parting(0.5, (rate(0.0, 0.0, 0.02),))
    assert told is not None
    assert told.odds_factor == pytest.approx(99.0)


def test_the_estimate_stands_beside_the_base_rate():
    estimate = starter().estimate
    answer = precedents(STARTER, estimate.as_of, estimate=estimate)
    assert (answer.seed, answer.particles) == (estimate.seed, estimate.diagnostics.particles)
    for found, told in zip(answer.questions, estimate.questions, strict=True):
        assert found.estimate == told.chance.probability
        assert found.estimate_error == told.chance.mc_error


def test_the_profile_of_a_front_is_that_of_the_day():
    before = profile_of(as_known(LEBANON, dt.date(2023, 10, 6)), "iran -> israel", dt.date(2023, 10, 6))
    after = profile_of(as_known(LEBANON, DAY), "iran -> israel", DAY)
    assert (before.states, before.rivals, after.rivals) == (True, True, True)
    assert before.fight < after.fight == 5
    assert after.ally == "Hamas"
    assert not after.ally_is_state


def test_with_a_record_the_nearest_cases_are_named(tmp_path):
    history = read_history(synthetic.everything(tmp_path))
    answer = precedents(LEBANON, DAY, history=history)
    assert answer.data_digest == history.data_digest
    found = {q.id: q.analogues for q in answer.questions}
    assert found["iran-strikes-2023"]
    assert any("Government of" in near.title for near in found["us-strikes-militias-2023"])
    assert found["regional-war-2023"] == ()
    for near in (n for q in answer.questions for n in q.analogues):
        assert near.ending
        assert 0.0 <= near.distance <= 1.0
