"""Every number that can be moved is written under a path that leads to it, and to it alone."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from functools import cache
from itertools import groupby
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.house.source import PACKAGE, ROOT
from tocsin.case.check import check
from tocsin.case.knobs import Knob, knobs_of, value_of, with_share
from tocsin.case.known import as_known
from tocsin.case.model import Case, Variant
from tocsin.case.read import load
from tocsin.case.variant import changed
from tocsin.game.compile import compile_case

FOLDERS = [PACKAGE / "case" / "starter", *sorted(p.parent for p in (ROOT / "cases").glob("*/case.yaml"))]
every_case = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)


@cache
def case_in(folder: Any) -> Case:
    return load(folder).model_copy(update={"variants": (), "truth": None})


def written(knobs: tuple[Knob, ...], at: str) -> dict[str, Any]:
    """A change that moves every number to its lowest, its highest, or to where it is."""
    change: dict[str, Any] = {}
    for path, group in groupby((k for k in knobs if k.form != "lever"), key=lambda k: k.path):
        parts = list(group)
        if parts[0].part:
            shares = {k.part: k.number for k in parts}
            first = parts[0]
            made = with_share(shares, first.part, getattr(first, at)) if at != "number" else shares
            change[path] = made if first.form == "share" else [made[k.part] for k in parts]
        else:
            change[path] = value_of(parts[0], getattr(parts[0], at))
    return change


@every_case
@pytest.mark.parametrize("at", ["low", "high"])
def test_every_number_may_stand_at_either_end(folder, at):
    case = case_in(folder)
    moved = changed(case, Variant(id="v", name="v", change=written(knobs_of(case), at)))
    assert [str(f) for f in check(moved) if f.severity == "fault"] == []


@every_case
def test_a_number_written_as_it_stands_changes_nothing_of_the_game(folder):
    case = case_in(folder)
    same = changed(case, Variant(id="v", name="v", change=written(knobs_of(case), "number")))
    day = case.end
    was, is_ = (compile_case(as_known(one, day), day) for one in (case, same))
    assert was.statics.labels == is_.statics.labels
    for part in ("location", "scale", "disposition_prior", "deception_prior", "tables"):
        np.testing.assert_allclose(
            getattr(is_.statics, part), getattr(was.statics, part), rtol=1e-5, atol=1e-7
        )
    for name, array in was.plan._asdict().items():
        np.testing.assert_allclose(getattr(is_.plan, name), array, rtol=1e-5, atol=1e-7)


@every_case
def test_a_path_leads_to_one_thing_alone(folder):
    case = case_in(folder)
    knobs = knobs_of(case)
    assert max(Counter((k.path, k.part) for k in knobs).values()) == 1
    before = case.model_dump(mode="json", by_alias=True)
    for knob in (k for k in knobs if k.group in ("Ties", "Threats")):
        change = {knob.path: value_of(knob, 0.37)}
        after = changed(case, Variant(id="v", name="v", change=change)).model_dump(mode="json", by_alias=True)
        kind = knob.path.split(".")[0]
        assert sum(a != b for a, b in zip(before[kind], after[kind], strict=True)) == 1


@every_case
def test_every_knob_says_what_it_is(folder):
    for knob in knobs_of(case_in(folder)):
        assert all((knob.of, knob.label, knob.meaning, knob.group))
        assert knob.low <= knob.number <= knob.high
        assert knob.step > 0.0
        assert all(knob.low <= place <= knob.high for _, place in knob.marks)


@every_case
def test_weights_of_reasons_have_their_words_where_the_table_puts_them(folder):
    for knob in knobs_of(case_in(folder)):
        if knob.group == "Reasons" and knob.written in dict(knob.marks):
            assert dict(knob.marks)[knob.written] == pytest.approx(knob.number)


def test_what_came_later_is_left_out():
    case = case_in(ROOT / "cases" / "lebanon-2023")
    day = dt.date(2023, 10, 11)
    early, late = (Counter(k.group for k in knobs_of(case, until)) for until in (day, case.end))
    assert early["Reports"] == sum(r.known_on <= day for r in case.reports) < late["Reports"]
    assert early["Reasons"] == late["Reasons"] == len(case.reasons)


@given(
    st.lists(st.floats(0.0, 1.0), min_size=2, max_size=4).filter(lambda x: sum(x) > 1e-3),
    st.floats(0.0, 1.0),
)
def test_shares_go_on_summing_to_one(shares, share):
    total = sum(shares)
    before = {str(k): x / total for k, x in enumerate(shares)}
    after = with_share(before, "0", share)
    assert after["0"] == share
    assert sum(after.values()) == pytest.approx(1.0, abs=1e-9)
    assert all(0.0 <= x <= 1.0 for x in after.values())
