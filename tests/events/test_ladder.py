"""Codes read as rungs by the longest prefix; a table of one's own is held to its form."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.case.model import DEFAULT_LADDER
from tocsin.events import ladder


def test_the_rungs_are_those_of_the_usual_ladder():
    assert tuple(rung.id for rung in DEFAULT_LADDER.rungs) == ladder.RUNGS


@pytest.mark.parametrize(
    ("scheme", "code", "rung"),
    [
        ("cameo", "010", 0), ("cameo", "145", 2), ("cameo", "1451", 2), ("cameo", "141", 1),
        ("cameo", "1711", 2), ("cameo", "1712", 3), ("cameo", "175", 3), ("cameo", "190", 3),
        ("cameo", "192", 5), ("cameo", "195", 4), ("cameo", "204", 6), ("cameo", "19", 3),
        ("weis", "182", 2), ("weis", "223", 4), ("weis", "224", 2), ("weis", "221", 3), ("weis", "095", 0),
        ("plover", "ASSAULT", 3), ("plover", "ASSAULT:aerial", 4), ("plover", "MOBILIZE:troops", 2),
        ("ged", "1", 3), ("ged", "2:9", 3), ("ged", "2:10", 4), ("ged", "3:999", 5), ("ged", "1:1000", 6),
        ("acled", "Explosions/Remote violence/Air/drone strike", 4), ("acled", "Protests/Peaceful", 1),
        ("quad", "4", 3), ("quad", "verbal_conflict", 1),
    ],
)  # fmt: skip
def test_a_code_reads_as_its_rung(scheme, code, rung):
    assert ladder.rung(scheme, code) == rung


@pytest.mark.parametrize(
    ("scheme", "code"), [("cameo", "---"), ("cameo", ""), ("weis", "23"), ("ged", "4"), ("ged", "1:x")]
)
def test_a_code_that_its_scheme_does_not_know_has_no_rung(scheme, code):
    assert ladder.rung(scheme, code) is None


def test_no_weis_code_reads_above_strikes():
    assert max(ladder.usual()["weis"].values()) == 4


def test_every_scheme_is_in_the_table():
    assert set(ladder.usual()) == set(ladder.SCHEMES)


@given(st.lists(st.sampled_from(["190", "195", "042", "1712", "x", "99", ""]), max_size=30))
def test_many_codes_read_as_each_alone(codes):
    one_by_one = [ladder.rung("cameo", code) for code in codes]
    expected = [ladder.UNKNOWN if rung is None else rung for rung in one_by_one]
    found = ladder.rungs("cameo", codes)
    assert found.tolist() == expected
    assert found.dtype == np.int8


@given(deaths=st.integers(0, 5000), more=st.integers(0, 5000))
def test_more_deaths_never_read_as_a_lower_rung(deaths, more):
    low, high = (ladder.rung("ged", f"1:{n}") for n in (deaths, deaths + more))
    assert low is not None
    assert high is not None
    assert low <= high


def test_an_unknown_scheme_is_refused_with_the_mend():
    with pytest.raises(ladder.LadderError, match="expected one of cameo"):
        ladder.rung("cameo2", "190")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("code,rung\n19,3\n", "own.csv:1"),
        ("scheme,code,rung,why\ncameo,19,3,x\ncamoe,20,6,x\n", "own.csv:3  scheme"),
        ("scheme,code,rung,why\ncameo,19,7,x\n", "own.csv:2  rung"),
        ("scheme,code,rung,why\ncameo,19,3,x\ncameo,19,4,x\n", "own.csv:3  code"),
    ],
)
def test_a_table_with_a_fault_is_refused_with_its_line(tmp_path, text, told):
    path = tmp_path / "own.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ladder.LadderError, match=told.replace(".", r"\.")):
        ladder.read_table(path)


def test_a_table_of_ones_own_replaces_the_shipped_one(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text("scheme,code,rung,why\ncameo,19,6,fighting is war here\n", encoding="utf-8")
    assert ladder.rung("cameo", "193", ladder.read_table(path)) == 6
