"""A view of a case: what it changes is changed, the rest is left alone, and what comes out is a case."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.case.change import RECORD
from tocsin.case.check import check
from tocsin.case.known import as_known, digest
from tocsin.case.model import Case, Tie, Variant
from tocsin.case.read import load
from tocsin.case.variant import VariantError, changed, in_variant, tree_of

CASE = load(Path(__file__).parent / "base")
BARE = CASE.model_copy(update={"variants": ()})
DAY = CASE.end


def view(change=None, **more):
    return Variant(id="v", name="A view", change=change or {}, **more)


def made(change=None, **more):
    return changed(CASE, view(change, **more))


def test_a_variant_without_changes_is_the_case_without_variants():
    assert made() == BARE
    assert digest(made()) == digest(BARE)


@pytest.mark.parametrize(
    ("change", "value", "read"),
    [
        ("title", "Another", lambda c: c.title),
        ("pace.revision", 1.25, lambda c: c.pace.revision),
        ("actors.sudria.deception", "high", lambda c: c.actors[0].deception),
        ("actors.sudria.style.inertia", 0.5, lambda c: c.actors[0].style.inertia),
        ("actors.norland.style.weariness", "slight", lambda c: c.actors[1].style.weariness),
        ("fronts.sudria -> norland.posture", "shows", lambda c: c.fronts[0].posture),
        ("ties.norland -> sudria.strength", 0.25, lambda c: c.ties[1].strength),
        ("threats.westmark -> sudria.from", "war", lambda c: c.threats[0].from_),
        ("threats.westmark -> sudria (norland).strength", "slight", lambda c: c.threats[0].strength),
        ("events.redeploys.effects.0.shift", 0.125, lambda c: c.events[0].effects[0].shift),
        ("indicators.hospitals.likelihood.3", 0.75, lambda c: c.indicators[1].likelihood.get("3")),
        ("sources.monitors.watches.convoys.coverage", 0.9, lambda c: c.sources[1].watches[0].coverage),
        ("deals.talks.terms.sudria", -0.5, lambda c: c.deals[0].terms.get("sudria")),
        ("reports.r1.grade", 5, lambda c: c.reports[0].grade),
        ("ladder.rungs.strikes.readiness", 2, lambda c: c.ladder.rungs[4].readiness),
    ],
)
def test_a_change_changes_that_and_nothing_else(change, value, read):
    other = made({change: value})
    assert read(other) == value
    assert read(other) != read(BARE)
    before = BARE.model_dump(by_alias=True, mode="json")
    after = other.model_dump(by_alias=True, mode="json")
    assert _differences(before, after) == 1


def _differences(one, other):
    """How many leaves of two trees differ."""
    if isinstance(one, dict) and isinstance(other, dict):
        return sum(_differences(one.get(key), other.get(key)) for key in one.keys() | other.keys())
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return sum(_differences(a, b) for a, b in zip(one, other, strict=True))
    return int(one != other)


def test_a_mapping_takes_the_place_of_the_whole():
    other = made({"actors.sudria.style": {"bias": 0.5}})
    assert (other.actors[0].style.bias, other.actors[0].style.inertia) == (0.5, None)


def test_nothing_takes_away_a_field_an_entry_and_a_thing():
    other = made(
        {
            "actors.sudria.style.inertia": None,
            "deals.talks.terms.norland": None,
            "reasons.valleys": None,
            "ties.westmark -> norland": None,
        }
    )
    assert other.actors[0].style.inertia is None
    assert other.deals[0].terms == {}
    assert other.reasons == ()
    assert [tie.kind for tie in other.ties] == ["rivalry"]


def test_a_mapping_at_a_new_name_adds_a_thing_and_at_an_old_one_replaces_it():
    tie = {"strength": "weak", "kind": "hosting", "since": "2025"}
    reason = {"direction": "restrain", "front": "sudria -> norland", "from": "war", "weight": 1, "text": "x"}
    other = made({"ties.norland -> westmark": tie, "reasons.valleys": reason})
    assert other.ties[-1] == Tie(from_="norland", to="westmark", **{**tie, "since": "2025"})
    assert [(r.id, r.direction) for r in other.reasons] == [("valleys", "restrain")]


def test_two_ties_of_a_pair_are_told_apart_by_their_kind():
    twin = CASE.ties[1].model_copy(update={"kind": "hosting"})
    case = CASE.model_copy(update={"ties": (*CASE.ties, twin)})
    name = "ties.norland -> sudria"
    with pytest.raises(VariantError, match="of which the case has 2"):
        changed(case, view({f"{name}.strength": 0.1}))
    other = changed(case, view({f"{name} (hosting).strength": 0.1}))
    assert [tie.strength for tie in other.ties[1:]] == [0.5, 0.1]
    assert [tie.kind for tie in changed(case, view({f"{name} (rivalry)": None})).ties] == [
        "guarantee",
        "hosting",
    ]


@given(st.permutations(list(CASE.variants[0].change)))
def test_the_order_of_changes_makes_no_difference(order):
    variant = CASE.variants[0]
    shuffled = variant.model_copy(update={"change": {change: variant.change[change] for change in order}})
    assert changed(CASE, shuffled) == changed(CASE, variant)


def test_what_a_source_said_goes_with_it_and_so_does_who_is_heard_through_it():
    other = made(without=("monitors",))
    assert [source.id for source in other.sources] == ["press"]
    assert {report.source for report in other.reports} == {"press"}
    assert [collector.id for collector in other.collectors] == ["satellite"]
    assert other.truth is not None
    assert (other.truth.reports, other.truth.set_aside) == ({"r1": "right"}, ())
    assert made(only=("press",)) == other


def test_a_view_that_hears_a_report_on_its_day_did_not_set_it_aside():
    other = made({"reports.r2.known": "2030-01-20"})
    assert other.truth is not None
    assert other.truth.set_aside == ()
    assert check(other) == ()
    later = made({"reports.r2.known": "2030-01-22"})
    assert later.truth is not None
    assert later.truth.set_aside == ("r2",)


def test_a_view_is_another_case_to_the_digest_and_to_write_one_more_is_not():
    worried = in_variant(CASE, "worried")
    assert digest(worried) != digest(BARE)
    assert digest(as_known(worried, DAY)) != digest(as_known(CASE, DAY))
    more = CASE.model_copy(update={"variants": (*CASE.variants, view({"pace.revision": 3}))})
    assert digest(more) != digest(CASE)
    assert digest(as_known(more, DAY)) == digest(as_known(CASE, DAY))


def test_what_was_changed_in_a_view_leaves_the_case_alone():
    before = CASE.model_dump()
    in_variant(CASE, "worried")
    tree_of(CASE, view({"actors.sudria.dispositions.committed": 1}))
    assert CASE.model_dump() == before


@pytest.mark.parametrize(
    ("change", "value", "told"),
    [
        ("actors", None, "actors"),
        ("actors.sudria.nmae", "x", "nmae"),
        ("actors.sudria.name", 5, "name"),
        ("nothing.at.all", 1, "'nothing'"),
        ("actors.x", None, "'x'"),
        ("reasons.x", "strong", "'x'"),
        ("reasons.x", {"id": "y"}, "'x'"),
        ("", 1, "''"),
        *((f"{part}.x", 1, "what happened") for part in RECORD),
    ],
)
def test_what_cannot_be_changed_is_refused(change, value, told):
    with pytest.raises(VariantError, match=told):
        made({change: value})


def test_a_view_that_the_case_has_not_is_refused_with_those_that_it_has():
    with pytest.raises(VariantError, match=r"'calm'; expected one of the case's: worried, trained"):
        in_variant(CASE, "calm")
    with pytest.raises(VariantError, match="none"):
        in_variant(BARE, "worried")


def test_the_checks_of_a_case_without_faults_find_none_in_its_views():
    assert check(CASE) == ()
    assert isinstance(in_variant(CASE, "trained"), Case)
