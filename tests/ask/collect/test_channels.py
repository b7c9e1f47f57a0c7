"""Who would report what, and with what chance."""

import numpy as np
import pytest

from tests.ask.collect.worlds import DAY, EYE, ahead, inferred, shares, with_collectors
from tocsin.ask.collect.channels import channels, cover, moved, presence, present, sees
from tocsin.ask.inferred import AskError
from tocsin.case.known import as_known
from tocsin.game.compile import compile_case
from tocsin.infer.evidence import compile_evidence


def of(case, reporter, indicator):
    return next(
        c for c in channels(case, case.collectors) if (c.reporter, c.indicator) == (reporter, indicator)
    )


@pytest.mark.parametrize(("share", "chance"), [(0.0, 0.0), (1.0, 0.95), (0.5, 1 - 0.05**0.5)])
def test_a_share_covers_by_random_search(share, chance):
    """Koopman (1956): 1 - (1 - q)^(s w), here over a step of one week."""
    game = inferred().posterior.game
    found = cover(game, of(game.case, "eye", "field-hospitals"), shares(sudria=share), range(12, 13))
    assert found[0] == pytest.approx(chance)


def test_a_watch_covers_as_its_silence_is_weighed():
    """The silence of a watch has chance 1 - coverage q in `compile_evidence`; a report of it has the rest."""
    game = inferred().posterior.game
    evidence = compile_evidence(game)
    silence = next(
        k
        for k, item in enumerate(evidence.items)
        if (item.source, item.target, item.report) == ("border-monitors", "convoys-seen", None)
    )
    channel = of(game.case, "border-monitors", "convoys-seen")
    step = evidence.items[silence].happened
    assert cover(game, channel, {}, range(step, step + 1))[0] == pytest.approx(-evidence.slope[silence])


def test_a_watch_that_has_ended_covers_nothing():
    case = with_collectors(EYE)
    source = case.sources[1]
    watch = source.watches[0].model_copy(update={"until": case.start})
    case = case.model_copy(update={"sources": (source.model_copy(update={"watches": (watch,)}),)})
    game = compile_case(as_known(inferred().written, inferred().as_of), inferred().as_of)
    assert cover(game, of(case, source.id, watch.indicator), {}, range(3, 6)).tolist() == [0.0, 0.0, 0.0]


def test_presence_is_the_likelihood_after_concealment_and_planting():
    """Field hospitals: concealable by half, plantable by a fifth; unlikely at 1, by the words' table."""
    game = inferred().posterior.game
    hospitals = next(i for i in game.case.indicators if i.id == "field-hospitals")
    values = np.zeros((len(game.statics.labels), 2), dtype=np.float32)
    deceives = np.array([[0, 1], [0, 0], [0, 0]], dtype=np.uint8)
    found = presence(game, hospitals, np.array([2, 2]), values, deceives)
    assert found == pytest.approx([0.5, 0.25 + 0.75 * 0.2], abs=1e-6)


def test_a_collector_sees_what_is_of_whom_it_looks_at():
    case = with_collectors(EYE, EYE | {"id": "own", "actor": "sudria"}, EYE | {"id": "narrow", "sees": []})
    eye, own, narrow = case.collectors
    hospitals = next(i for i in case.indicators if i.id == "field-hospitals")
    assert sees(eye, hospitals) == "sudria"
    assert sees(own, hospitals) is None  # nobody spies on itself
    assert sees(narrow, hospitals) is None
    assert ("own", "sudria") not in present(case.collectors)


def test_moves_are_refused_with_what_was_expected():
    collectors = with_collectors(EYE, EYE | {"id": "post", "fixed": True}).collectors
    now = present(collectors)
    for move, told in (
        (("ear", "sudria", 0.1), "expected one of eye, post"),
        (("eye", "westmark", 0.1), "expected an actor it has a quality for: sudria, norland"),
        (("post", "sudria", 0.1), "is fixed"),
        (("eye", "sudria", 1.5), "expected 0 to 1"),
        (("eye", "sudria", 0.9), "add up to 1.10"),
    ):
        with pytest.raises(AskError, match=told):
            moved(now, collectors, (move,))
    both = moved(now, collectors, (("eye", "sudria", 0.9), ("eye", "norland", 0.1)))
    assert both["eye", "sudria"] == 0.9


def test_attacks_begin_where_a_front_first_rises_beyond_the_limit():
    histories = ahead()
    reach = histories.game.plan.reach
    when = histories.attacks(0)
    path = histories.posture[:, 0]
    for n in np.flatnonzero(when <= histories.n_steps)[:50]:
        assert path[when[n], n] > reach
        assert path[when[n] - 1, n] <= reach
    never = path[:, when > histories.n_steps]
    assert not ((never[1:] > reach) & (never[:-1] <= reach)).any()
    assert str(histories.days(0)) <= DAY
