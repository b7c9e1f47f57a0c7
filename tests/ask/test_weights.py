"""Weights of evidence: exact where they can be counted out, elsewhere as good as a run without the report."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ask.worlds import AS_OF, STARTER, bare, changed, four_errors, starter, without_reports, written
from tocsin.ask.assess import assess
from tocsin.ask.weights import DECIBANS, leave_out, probability_under

# A hypothesis with prior 1/5 and two reports: said with chance 0.9 and 0.6 if it is so, 0.2 and 0.5 if not.
PRIOR = np.array([0.8, 0.2])
SAID = np.array([[0.2, 0.9], [0.5, 0.6]])
IS_SO = np.array([[0, 1]], dtype=np.uint8)


def counted(prior=PRIOR, said=SAID):
    """The two histories, weighted by prior and reports, as four alike islands."""
    weight = np.tile(prior * np.prod(said, axis=0), 4)
    return leave_out(bare(weight, islands=4), np.tile(IS_SO, 4), np.tile(np.log(said), 4))


def odds_in_decibans(p):
    return 10.0 * np.log10(p / (1.0 - p))


def test_without_a_report_is_bayes_with_the_other_one_alone():
    # Without the first: 0.2 x 0.6 against 0.8 x 0.5; without the second: 0.2 x 0.9 against 0.8 x 0.2.
    assert counted().without[:, 0] == pytest.approx([0.12 / 0.52, 0.18 / 0.34], abs=1e-12)


def test_a_weight_is_the_likelihood_ratio_in_decibans():
    assert counted().decibans[:, 0] == pytest.approx([10 * np.log10(4.5), 10 * np.log10(1.2)], abs=1e-9)


def test_the_chance_of_a_report_is_its_mean_under_all_the_rest():
    # 0.9 and 0.2 at 3/13 and 10/13; 0.6 and 0.5 at 9/17 and 8/17.
    assert counted().chance == pytest.approx([(0.9 * 3 + 0.2 * 10) / 13, (0.6 * 9 + 0.5 * 8) / 17], abs=1e-12)


@given(
    st.floats(0.01, 0.99),
    st.lists(st.tuples(st.floats(0.01, 0.99), st.floats(0.01, 0.99)), min_size=1, max_size=6),
)
def test_weights_of_reports_that_hang_on_the_hypothesis_alone_add_up(prior, chances):
    said = np.array(chances)
    p = np.array([1.0 - prior, prior])
    posterior = p * np.prod(said, axis=0)
    posterior /= posterior.sum()
    whole = odds_in_decibans(posterior[1]) - odds_in_decibans(prior)
    # Probabilities nearer to 0 or 1 than 1e-12 are cut there.
    if 1e-9 < posterior[1] < 1 - 1e-9:
        left = counted(p, said)
        if np.all((left.without > 1e-9) & (left.without < 1 - 1e-9)):
            assert left.decibans[:, 0].sum() == pytest.approx(whole, abs=1e-4)


@given(st.floats(0.01, 1.0), st.integers(0, 2**32 - 1))
def test_a_report_that_is_as_likely_either_way_weighs_nothing(chance, seed):
    rng = np.random.default_rng(seed)
    weight, truth = rng.random(40), rng.integers(0, 2, (3, 40)).astype(np.uint8)
    left = leave_out(bare(weight, islands=4), truth, np.full((1, 40), np.log(chance)))
    assert left.decibans == pytest.approx(0.0, abs=1e-9)
    assert left.error == pytest.approx(0.0, abs=1e-9)
    assert left.chance == pytest.approx([chance])


def test_reports_of_hardly_any_chance_do_not_overflow():
    log_chance = np.array([[-2000.0, -2001.0] * 4])
    left = leave_out(bare(np.ones(8), islands=4), np.tile(IS_SO, 4), log_chance)
    # The second history makes it rarer by the factor e, so that leaving it out favours it by as much.
    assert left.decibans[0, 0] == pytest.approx(-DECIBANS, abs=1e-6)


def test_the_error_is_the_jackknife_of_the_islands():
    rng = np.random.default_rng(3)
    weight = rng.random(60)
    truth = rng.integers(0, 2, (1, 60)).astype(np.uint8)
    log_chance = np.log(rng.random((1, 60)))

    def weigh(keep):
        with_it = weight[keep] @ truth[0, keep] / weight[keep].sum()
        other = weight[keep] / np.exp(log_chance[0, keep])
        return odds_in_decibans(with_it) - odds_in_decibans(other @ truth[0, keep] / other.sum())

    island = np.repeat(np.arange(6), 10)
    left = np.array([weigh(island != i) for i in range(6)])
    expected = np.sqrt(5 / 6 * np.sum((left - left.mean()) ** 2))
    assert leave_out(bare(weight, islands=6), truth, log_chance).error[0, 0] == pytest.approx(expected)


def test_particles_behind_an_answer_are_counted_after_leaving_out():
    equal = leave_out(bare(np.ones(8), islands=4), np.tile(IS_SO, 4), np.zeros((1, 8)))
    assert equal.effective[0] == pytest.approx(8.0)
    one = np.zeros((1, 8))
    one[0, 0] = -50.0  # only the first history would be likely without it
    assert leave_out(bare(np.ones(8), islands=4), np.tile(IS_SO, 4), one).effective[0] == pytest.approx(1.0)


def test_an_assumption_that_no_particle_meets_has_no_answer():
    p, effective = probability_under(bare(np.ones(4)), np.ones(4), np.full(4, -np.inf))
    assert np.isnan(p)
    assert effective == 0.0


def without_the_watch_on_convoys():
    sources = written(STARTER, "sources")
    for source in sources:
        source["watches"] = [w for w in source.get("watches", []) if w["indicator"] != "convoys-seen"]
    return changed(STARTER, sources=sources)


@pytest.mark.parametrize(
    ("piece", "case"),
    [
        # Reports whose absence makes nobody silent, and a watch whose absence makes no report count more.
        ("r006", without_reports(STARTER, "r006")),
        ("r001", without_reports(STARTER, "r001")),
        ("silence: border-monitors / convoys-seen", without_the_watch_on_convoys()),
    ],
    ids=["late report", "early report", "silences"],
)
def test_leaving_out_agrees_with_a_run_that_never_knew(piece, case):
    """Two independent runs of 2,000 particles: they differ by less than four standard errors of both."""
    here = starter()
    row = next(e for e in here.estimate.evidence if e.id == piece)
    rerun = assess(case, AS_OF, particles=2_000, seed=2).estimate
    posterior = here.posterior
    order = [posterior.evidence.items[k].report for k in posterior.reports]
    order += [f"silence: {source} / {indicator}" for source, indicator in posterior.evidence.watches]
    inverse = posterior.weight * np.exp(-posterior.evidence_log_chance[order.index(piece)].astype(np.float64))
    answers = {q.id: q.chance for q in rerun.questions}
    for actor in rerun.actors:
        answers |= {f"{actor.id}: {name}": chance for name, chance, _ in actor.dispositions}
        answers[f"{actor.id}: deceives"] = actor.deceives
    checked = 0
    for weight in row.weights:
        if weight.hypothesis.startswith(("westmark", "norland")):
            continue  # the fewer the comparisons, the less does chance alone exceed four errors
        share = np.array([weight.without])
        # The error of the reweighted share, by the delta method over islands.
        m = posterior.islands
        truth = _truth(here, weight.hypothesis)
        by_island = inverse.reshape(m, -1)
        residual = (by_island * (truth.reshape(m, -1) - share)).sum(axis=1) / inverse.sum()
        error = np.sqrt(m / (m - 1) * np.sum(residual**2))
        expected = answers[weight.hypothesis]
        assert abs(weight.without - expected.probability) < four_errors(error, expected.mc_error)
        checked += 1
    assert checked == 6


def _truth(assessment, hypothesis):
    from tocsin.ask.resolve import resolve

    posterior = assessment.posterior
    game = posterior.game
    for question in game.case.questions:
        if question.id == hypothesis:
            return resolve(game, question, posterior.paths, posterior.followed).astype(float)
    actor, name = hypothesis.split(": ")
    i = game.actors.index(actor)
    if name == "deceives":
        return (posterior.deceives[i] == 1).astype(float)
    return (posterior.disposition[i] == game.dispositions.index(name)).astype(float)
