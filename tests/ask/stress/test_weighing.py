"""Tricks weighed: what is planted, hidden and put back does to the particles' weights what it should."""

import datetime as dt
from collections import defaultdict

import numpy as np
import pytest

from tests.ask.stress.made import alone, inferred, moves, truth, weigher
from tests.ask.worlds import AS_OF, STARTER, four_errors
from tocsin.ask.inferred import infer
from tocsin.ask.stress.futures import likely
from tocsin.ask.stress.tricks import Move, clashes, days_of, groups, moves_of, reports_after, thing_of
from tocsin.ask.stress.weighing import Weigher, reweigh
from tocsin.infer.unmade import log_factor

# Sums of a few logs in 32 bits.
NEAR = 2e-5


def hide(report: str) -> Move:
    return next(m for m in moves() if m.kind == "hide" and tuple(r.id for r in m.gone) == (report,))


def test_leaving_everything_as_it_is_changes_no_weight():
    assert not log_factor(inferred().posterior, STARTER.reports).any()


def test_hiding_a_report_divides_by_its_chance():
    """As `weights of evidence` do it, where nobody's silence takes the report's place."""
    posterior = inferred().posterior
    row = posterior.reports.index(posterior.evidence.of_report("r001"))
    assert weigher().log_factor(hide("r001")) == pytest.approx(-posterior.evidence_log_chance[row], abs=NEAR)


@pytest.mark.parametrize("report", ["r001", "r002", "r004", "r005"])
def test_hiding_and_putting_back_is_nothing(report):
    posterior = inferred().posterior
    left = [r for r in STARTER.reports if r.id != report]
    hidden = log_factor(posterior, left)
    assert hidden.any()
    back = [*left, next(r for r in STARTER.reports if r.id == report)]
    assert not log_factor(posterior, back).any()


def test_who_hides_a_report_for_which_another_stood_brings_the_other_back():
    """r004 repeats r003: to hide the one leaves the other, to hide both takes the origin's word away."""
    posterior = inferred().posterior
    one = weigher().log_factor(hide("r004"))
    both = next(m for m in moves() if m.kind == "hide" and len(m.gone) == 2)
    row = posterior.reports.index(posterior.evidence.of_report("r004"))
    gone = -posterior.evidence_log_chance[row]
    assert weigher().log_factor(both) == pytest.approx(gone, abs=NEAR)
    assert np.abs(one - gone).max() > 0.01
    assert both.sources == ("sudria-ministry", "valley-press")


def test_a_source_that_did_not_say_so_would_have_been_silent():
    """The monitors watch for field hospitals: hiding what they saw lets their silence count in its place."""
    posterior = inferred().posterior
    row = posterior.reports.index(posterior.evidence.of_report("r005"))
    less = -posterior.evidence_log_chance[row] - weigher().log_factor(hide("r005"))
    # What is left over is the chance of the silences, which is below one.
    assert (less > 0.0).all()


def test_tricks_that_do_not_clash_add_up():
    """The sum of what each does is what all do together, compiled from the whole case."""
    rng, clash = np.random.default_rng(7), clashes(moves())
    for _ in range(25):
        plan: list[int] = []
        for k in rng.permutation(len(moves())):
            if len(plan) < 4 and not clash[k, plan].any():
                plan.append(int(k))
        chosen = [moves()[k] for k in plan]
        together = weigher().together(chosen)
        assert together == pytest.approx(sum(weigher().log_factor(m) for m in chosen), abs=NEAR)


def test_clashing_goes_both_ways_and_spares_oneself():
    clash = clashes(moves())
    assert (clash == clash.T).all()
    assert not clash.diagonal().any()
    assert clash.any()


def test_of_one_group_at_most_one_can_be_played():
    group, clash = groups(moves()), clashes(moves())
    same = group[:, None] == group[None, :]
    np.fill_diagonal(same, False)
    assert clash[same].all()


def test_what_a_source_could_say_has_chances_that_sum_to_one():
    """The rungs of a front, and seen and not seen, are all that it can say of it on a day.

    Where it watches, each would end other silences, and is weighed against another rest.
    """
    chance = alone().chance
    by_thing = defaultdict(list)
    for move, p in zip(moves(), chance, strict=True):
        if move.kind == "plant" and not len(weigher().items(move)[1]):
            by_thing[move.added[0].source, move.about, move.date].append(p)
    assert len(by_thing) > 30
    for chances in by_thing.values():
        assert sum(chances) == pytest.approx(1.0, abs=1e-4)


def test_only_what_a_source_sees_is_planted_and_only_by_the_day():
    sees = {source.id: source.sees for source in STARTER.sources}
    for move in moves():
        for report in move.added:
            assert sees[report.source] is None or thing_of(report) in (sees[report.source] or ())
            assert STARTER.start <= report.date <= report.known_on <= AS_OF


def test_days_are_the_last_of_each_step_of_the_window():
    game = inferred().posterior.game
    assert days_of(game, 0) == (AS_OF,)
    assert days_of(game, 7) == (AS_OF - dt.timedelta(days=7), AS_OF)
    assert len(days_of(game, 10_000)) == 6


def test_a_planted_sighting_lets_its_source_be_silent():
    """Nothing but the report and the silences that it ends is touched."""
    plant = next(
        m for m in moves() if m.kind == "plant" and m.about == "convoys-seen" and m.added[0].value == "seen"
        and m.sources == ("border-monitors",)
    )  # fmt: skip
    before, gone, after, new = weigher().items(plant)
    assert [after.items[k].report for k in new] == [plant.added[0].id]
    assert {before.items[k].target for k in gone} == {"convoys-seen"}
    assert all(before.items[k].report is None for k in gone)


def test_weighing_anew_is_inferring_anew():
    """A report hidden, by weights and by inference of the case without it: within four errors."""
    known = inferred().known
    move = hide("r006")
    foreseen = reweigh(inferred().posterior, truth(), weigher().log_factor(move))
    less = known.model_copy(update={"reports": reports_after(known, [move])})
    again = infer(less, AS_OF, particles=2_000, seed=2, keep_past=True).posterior
    found = reweigh(again, likely(again, known.questions[0]), np.zeros(again.weight.size))
    reach = four_errors(foreseen.after.mc_error, found.after.mc_error)
    assert abs(foreseen.after.probability - found.after.probability) < reach


def test_a_posterior_without_its_past_is_refused():
    bare = infer(STARTER, AS_OF, particles=1_000).posterior
    with pytest.raises(ValueError, match="keep_past"):
        Weigher(bare).log_factor(moves_of(bare.game, days_of(bare.game, 0))[0])
