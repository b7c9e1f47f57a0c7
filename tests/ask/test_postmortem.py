"""Post-mortem: parts add up, repairs do what they say, and the blame falls on the cause."""

import datetime as dt
import itertools
import math
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ask import broken
from tests.ask.worlds import AS_OF, STARTER
from tests.present import present
from tocsin.ask.estimate import Chance
from tocsin.ask.inferred import AskError
from tocsin.ask.postmortem import postmortem
from tocsin.ask.postmortem.answer import CAUSES, COLLECTION, DECEPTION, MINDSET, SOURCES
from tocsin.ask.postmortem.beliefs import what_to_believe
from tocsin.ask.postmortem.imagined import Draw, _Signs, _uniforms
from tocsin.ask.postmortem.losses import Forecast, Runs, forecast_of, losses
from tocsin.ask.postmortem.repairs import compiled, workshop
from tocsin.ask.postmortem.shapley import shapley_weights, subsets
from tocsin.case.model import Outcome, TrueLevel
from tocsin.case.words import likelihood
from tocsin.show.plain import to_json

SOLVED = STARTER.model_copy(
    update={"outcomes": (Outcome(question="beyond-exchange", resolved="yes", date=dt.date(2030, 5, 5)),)}
)
FEW: dict[str, Any] = {"particles": 400, "islands": 4, "draws": 1}


@cache
def answer():
    """The starter's post-mortem, had Sudria struck in May."""
    return postmortem(SOLVED, AS_OF, days=2, **FEW)


def repaired(*causes, case=SOLVED, variant=None, day=AS_OF):
    return workshop(case, variant=variant, seed=1).repaired(causes, day).case


def said(case):
    return {report.id: report.value for report in case.reports}


# Shapley's value


@given(st.lists(st.floats(-5.0, 5.0), min_size=16, max_size=16))
@settings(max_examples=30, deadline=None)
def test_parts_add_up_to_what_repairing_everything_is_worth(worth):
    assert (shapley_weights(4) @ worth).sum() == pytest.approx(worth[-1] - worth[0], abs=1e-9)


@given(st.lists(st.floats(-5.0, 5.0), min_size=8, max_size=8))
@settings(max_examples=30, deadline=None)
def test_a_cause_whose_repair_changes_nothing_gets_nothing_and_alike_ones_get_alike(worth):
    by_set = dict(zip(subsets(3), worth, strict=True))
    # The fourth changes nothing; of the first and the second only how many are repaired counts.
    alike = {s: by_set[frozenset(range(len(s & {0, 1}))) | (s & {2})] for s in subsets(4)}
    value = shapley_weights(4) @ [alike[s] for s in subsets(4)]
    assert value[3] == pytest.approx(0.0, abs=1e-12)
    assert value[0] == pytest.approx(value[1], abs=1e-12)


def test_the_airport_game_has_its_known_solution():
    # Littlechild and Owen (1973): runways of 1, 2, 4; each piece is shared by those who need it.
    cost = [float(max((1, 2, 4)[i] for i in s)) if s else 0.0 for s in subsets(3)]
    assert shapley_weights(3) @ cost == pytest.approx([1 / 3, 1 / 3 + 1 / 2, 1 / 3 + 1 / 2 + 2])


# the answer


def test_parts_and_chance_sum_to_the_loss():
    (v,) = answer().verdicts
    assert sum(p.nats.value for p in v.parts) + v.irreducible.value == pytest.approx(v.loss.value, abs=1e-9)
    assert v.unseen.value + v.future.value == pytest.approx(v.irreducible.value, abs=1e-9)
    assert v.shortfall.value == pytest.approx(v.loss.value - v.future.value, abs=1e-9)
    assert v.loss.value == pytest.approx(-np.log(v.given.probability), abs=1e-9)


def test_the_same_seed_gives_the_same_answer_at_any_number_of_threads():
    assert to_json(postmortem(SOLVED, AS_OF, days=2, threads=1, **FEW)) == to_json(answer())


def test_days_run_up_to_the_forecast_and_the_last_is_the_forecast():
    (v,) = answer().verdicts
    points = v.sufficed.points
    assert [p.day for p in points] == sorted({p.day for p in points})
    assert points[-1].day == AS_OF
    assert points[-1].in_hand == v.given


def test_reports_are_told_with_what_became_of_them_the_most_telling_first():
    (v,) = answer().verdicts
    weights = [report.decibans.value for report in v.reports]
    assert weights == sorted(weights, reverse=True)
    assert {r.id: r.status for r in v.reports}["r005"] == "in hand"
    # r004 has the ministry's words, and stands for r003.
    assert {r.id for r in v.reports} == {"r001", "r002", "r004", "r005", "r006"}
    assert {r.id: r.verdict for r in v.reports}["r005"] == "right"


def test_a_belief_that_would_do_brings_even_odds_when_it_is_held():
    """The skewed prior of a simulated forecaster, moved to where it would have had to lie, and run again."""
    _, case = next(iter(broken.histories(MINDSET, particles=400, islands=4)))
    posterior, chance = posterior_of(case)
    yes = np.array([case.outcomes[0].resolved == "yes"])
    given = chance if yes[0] else Chance(probability=1.0 - chance.probability, mc_error=chance.mc_error)
    ((nearest, *_),) = what_to_believe(posterior, yes, (given,), 0.55)
    assert given.probability < 0.5
    assert (nearest.kind, nearest.needed is not None) == ("disposition", True)
    actor, name = nearest.reference.split(": ")
    other = {"restrained": "committed", "committed": "restrained"}[name]
    held = case.actors[0].model_copy(
        update={"dispositions": {name: nearest.needed, other: 1.0 - present(nearest.needed)}}
    )
    assert actor == held.id
    _, again = posterior_of(case.model_copy(update={"actors": (held, *case.actors[1:])}))
    # 4 standard errors of both answers, and a bit for the particles that were weighed.
    error = np.hypot(again.mc_error, given.mc_error)
    assert again.probability == pytest.approx(0.5, abs=4 * error + 0.02)


def posterior_of(case):
    """A posterior, and the chance that it gives to the case's question."""
    shop = workshop(case, variant=None, seed=1)
    runs = Runs(workshop=shop, particles=2_000, islands=10, seed=1)
    posterior = runs.posterior(shop.repaired((), broken.AS_OF), broken.AS_OF)
    return posterior, forecast_of(posterior).chances()[0]


# repairs


def test_nothing_repaired_is_the_case_as_it_was_known():
    assert said(repaired()) == {r.id: r.value for r in STARTER.reports if r.known_on <= AS_OF}


def test_collection_brings_late_reports_in_time_and_looks_where_nobody_did():
    late = tuple(
        r.model_copy(update={"known": dt.date(2030, 7, 1)}) if r.id == "r006" else r for r in SOLVED.reports
    )
    case = SOLVED.model_copy(update={"reports": late})
    assert "r006" not in said(repaired(case=case))
    found = repaired(COLLECTION, case=case)
    assert said(found)["r006"] == "seen"
    made = [r for r in found.reports if r.source == "attentive-source"]
    # Nobody watches for call-ups, and two of nine weeks have reports that are not Sudria's own.
    assert {r.indicator for r in made} == {"reservists-called"}
    assert all(r.date <= AS_OF for r in made)


def test_sources_say_what_was_so_and_are_believed_as_they_proved():
    found = repaired(SOURCES)
    assert said(found)["r003"] == "seen"
    records = {source.id: source.record for source in found.sources}
    assert (records["sudria-ministry"].right, records["sudria-ministry"].wrong) == (1.0, 0.0)
    assert records["valley-press"] == next(s.record for s in STARTER.sources if s.id == "valley-press")


def test_a_wrong_report_on_what_is_not_known_even_now_falls_away_and_tells_against_its_source():
    truth = present(SOLVED.truth).model_copy(update={"reports": {"r002": "wrong"}})
    found = repaired(SOURCES, case=SOLVED.model_copy(update={"truth": truth}))
    assert "r002" not in said(found)
    assert next(s.record for s in found.sources if s.id == "border-monitors").wrong == 1.0
    known = TrueLevel(posture="sudria -> norland", value="shows", since=dt.date(2030, 1, 7))
    told = truth.model_copy(update={"levels": (*truth.levels, known)})
    assert said(repaired(SOURCES, case=SOLVED.model_copy(update={"truth": told})))["r002"] == "shows"


def test_planted_reports_fall_away_and_the_mark_is_known():
    truth = present(SOLVED.truth).model_copy(update={"reports": {"r001": "planted"}})
    shop = workshop(SOLVED.model_copy(update={"truth": truth}), variant=None, seed=1)
    undone = shop.repaired((DECEPTION,), AS_OF)
    assert "r001" not in said(undone.case)
    assert undone.flags == (("sudria", True),)
    game = compiled(undone, AS_OF)
    # Known of Sudria alone: what its ties taught the others stays as uncertain as it was.
    before = compiled(shop.repaired((), AS_OF), AS_OF).statics.deception_prior
    assert game.statics.deception_prior[0] == 1.0
    assert list(game.statics.deception_prior[1:]) == list(before[1:])


def test_mindset_holds_the_true_type_at_least_even_and_takes_in_what_was_set_aside():
    late = tuple(
        r.model_copy(update={"known": dt.date(2030, 7, 1)}) if r.id == "r006" else r for r in SOLVED.reports
    )
    truth = present(SOLVED.truth).model_copy(update={"set_aside": ("r006",)})
    case = SOLVED.model_copy(update={"reports": late, "truth": truth})
    found = repaired(MINDSET, case=case)
    assert found.actors[0].dispositions == pytest.approx(
        {"restrained": 0.5 * 0.5 / 0.6, "opportunist": 0.5, "committed": 0.5 * 0.1 / 0.6}
    )
    assert found.actors[1] == case.actors[1]  # what Norland was is not known
    assert said(found)["r006"] == "seen"
    assert "r006" not in said(repaired(COLLECTION, case=case))


def test_a_view_gets_the_case_s_own_numbers_by_mindset_and_its_missing_sources_by_collection():
    worried = repaired(variant="worried")
    assert "r003" not in said(worried)
    assert worried.actors[0].dispositions["committed"] == 0.3
    assert repaired(MINDSET, variant="worried").actors[0].dispositions["opportunist"] == 0.5
    assert "r003" not in said(repaired(MINDSET, variant="worried"))
    assert "r003" in said(repaired(COLLECTION, variant="worried"))


def test_what_came_after_the_forecast_touches_it_only_as_the_outcome():
    later = TrueLevel(preparation="sudria -> norland", value=3.0, since=AS_OF + dt.timedelta(days=1))
    report = SOLVED.reports[0].model_copy(
        update={"id": "r999", "date": AS_OF + dt.timedelta(days=1), "known": AS_OF + dt.timedelta(days=1)}
    )
    told = SOLVED.model_copy(
        update={
            "truth": present(SOLVED.truth).model_copy(
                update={"levels": (*present(SOLVED.truth).levels, later)}
            ),
            "reports": (*SOLVED.reports, report),
        }
    )
    for causes in ((), CAUSES):
        assert repaired(*causes, case=told) == repaired(*causes)


# what is imagined


def test_draws_share_each_chance_out_evenly():
    n, of = 40, 5
    u = np.stack([_uniforms(Draw(seed=3, number=k, of=of), 0, 0, 0, n) for k in range(of)])
    assert (np.sort(np.floor(u * of), axis=0) == np.arange(of)[:, None]).all()


def test_what_hides_behind_a_silence_is_what_the_model_bends():
    # By enumeration: there or not, hidden or not, planted or not, faithful or not.
    signs, trust, base = _Signs(there=0.7, concealed=0.6, planted=0.2), 0.8, 0.3
    silent = turned = planted = behind = 0.0
    for there, hidden, fake, faithful, anyway in itertools.product((0, 1), repeat=5):
        p = math.prod(
            [
                q if on else 1 - q
                for q, on in (
                    (0.7, there),
                    (0.6, hidden),
                    (0.2, fake),
                    (trust, faithful),
                    (base, anyway),
                )
            ]
        )
        shown = there and not hidden
        says = (shown or fake) if faithful else anyway
        silent += p * (not says)
        turned += p * (not says and faithful and there)
        if not shown and fake:
            planted, behind = planted + p, behind + p * there
    source = STARTER.sources[0].model_copy(update={"base_rate": base})
    assert likelihood(base).median == base
    assert signs.hidden_behind_silence(source, trust, 1.0) == pytest.approx(turned / silent)
    assert signs.true_behind_planted == pytest.approx(behind / planted)


def test_a_loss_that_no_particle_bears_out_is_a_bound_and_not_infinite():
    nobody = Forecast(totals=np.full(4, 0.25), sums=np.zeros((4, 1)), effective=200.0)
    yes = np.array([True])
    assert bool(nobody.is_bound(yes)[0])
    assert losses([[nobody]], yes).whole[0, 0, 0] == pytest.approx(np.log(400.0))


# the blame


def blames(cause, first, count):
    """What the post-mortems of some histories blame, of which this was broken."""
    kept = broken.histories(cause, particles=400, islands=4, first=first)
    return [
        postmortem(case, broken.AS_OF, days=0, beliefs=False, **FEW).verdicts[0].blamed
        for _, case in itertools.islice(kept, count)
    ]


@pytest.mark.parametrize("cause", broken.ALL)
def test_the_blame_falls_on_what_was_broken(cause):
    assert blames(cause, 500, 1) == [cause]


@pytest.mark.slow
def test_it_does_so_in_most_histories():
    """Three more of each; `benchmarks/blame.py` has 200."""
    found = [blamed == cause for cause in broken.ALL for blamed in blames(cause, 700, 3)]
    # With a true share of 0.8, 9 or more of 15 come out with a chance of 0.98.
    assert sum(found) >= 9


# refusals


@pytest.mark.parametrize(
    ("case", "asked", "told"),
    [
        (SOLVED.model_copy(update={"truth": None}), {}, "found no truth.yaml"),
        (STARTER, {}, "not resolved"),
        (SOLVED, {"question": "nobody-asked"}, "expected one of the case's"),
        (SOLVED, {"question": "wider-or-settled"}, "not resolved in outcomes.yaml"),
        (SOLVED, {"variant": "calm"}, "expected one of the case's: worried"),
        (SOLVED, {"as_of": "2030-06-01"}, "decided on 2030-05-05"),
        (SOLVED, {"conviction": 1.0}, "expected a chance above 0 and below 1"),
        (SOLVED, {"enough": 0.0}, "as enough"),
        (SOLVED, {"draws": 0}, "at least 1 draw"),
    ],
)
def test_what_cannot_be_asked_is_told(case, asked, told):
    with pytest.raises(AskError, match=told):
        postmortem(case, **({"as_of": AS_OF} | FEW | asked))
