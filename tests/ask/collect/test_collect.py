"""The answer as a whole."""

import threading

import pytest

from tests.ask.collect.worlds import EYE, answer, inferred, shares, with_collectors
from tests.present import present
from tocsin.ask.collect.collect import collect
from tocsin.ask.collect.neglect import without
from tocsin.ask.inferred import AskError
from tocsin.infer.work import CancelledError


def test_the_same_answer_at_any_number_of_threads_with_progress_told():
    told = []
    found = collect(
        inferred(), threads=1, progress=lambda done, total, what: told.append((done, total, what))
    )
    assert found == answer()
    assert {what for _, _, what in told} >= {"attacks ahead", "attacks ahead scored", "allocations compared"}
    assert all(0 <= done <= total for done, total, _ in told)


def test_cancelling_stops_it():
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(CancelledError):
        collect(inferred(), cancel=cancel)


def test_a_case_without_collectors_is_told_what_to_write_and_what_watches_would_tell():
    found = answer("none")
    assert "write collectors.yaml" in present(found.none)
    assert found.allocation is None
    assert found.why_no_allocation == found.none
    assert found.worth == ()
    assert found.neglect == ()
    front = found.ahead[0]
    assert front.auc is not None
    assert front.reporters == ("border-monitors",)


def test_watches_alone_are_those_of_the_case_that_has_an_eye():
    """Looking nowhere and having no eye come to the same, through the whole answer."""
    moves = (("eye", "sudria", 0.0), ("eye", "norland", 0.0))
    named = collect(inferred(), moves=moves).neglect[0]
    front = next(loss for loss in named.fronts if loss.front == "sudria -> norland")
    assert front.auc_after == answer("none").ahead[0].auc


def test_what_is_freed_goes_to_the_others_in_proportion():
    collectors = with_collectors(EYE, EYE | {"id": "post", "fixed": True}).collectors
    now = shares() | {("post", "sudria"): 0.5, ("post", "norland"): 0.3}
    after = without(now, collectors, "sudria")
    assert after["eye", "sudria"] == 0.0
    assert after["eye", "norland"] == pytest.approx(1.0)
    assert after["post", "sudria"] == 0.5


def test_neglect_is_told_for_every_actor_looked_at():
    assert [neglect.actor for neglect in answer().neglect] == ["sudria", "norland"]
    for neglect in answer().neglect:
        changes = [loss.auc_change.value for loss in neglect.fronts]
        assert changes == sorted(changes)
        for loss in neglect.fronts:
            change = loss.auc_after.value - loss.auc_before.value
            assert loss.auc_change.value == pytest.approx(change, abs=1e-12)


def test_to_look_away_from_who_would_attack_is_not_to_be_warned():
    """Paired on the same attacks; of 2,000 histories one in fifteen has one, so two errors must do."""
    away = answer().neglect[0]
    loss = next(loss for loss in away.fronts if loss.front == "sudria -> norland")
    assert loss.auc_change.value < -2.0 * loss.auc_change.mc_error


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"within_weeks": 30.0}, "less than the look ahead"),
        ({"unit": 0.0}, "unit"),
        ({"spared": 2.0}, "at most 1"),
        ({"weights": {"a -> b": 1.0}}, "expected one of sudria -> norland"),
        ({"weights": {"sudria -> norland": -1.0}}, "above 0"),
        ({"side": "nobody"}, "expected an actor: sudria"),
        ({"moves": (("eye", "sudria", 0.9),)}, "add up"),
        ({"horizon_weeks": 2.0, "within_weeks": 1.0}, "expected at least 3"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_the_mend(asked, told):
    with pytest.raises(AskError, match=told):
        collect(inferred(), **asked)


def test_a_side_takes_its_own_and_nobodys():
    found = collect(inferred(), side="sudria")
    assert [c.id for c in found.collectors] == ["eye"]
    assert all(target.actor != "sudria" for target in (found.allocation.targets if found.allocation else ()))
