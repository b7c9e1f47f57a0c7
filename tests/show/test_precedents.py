"""Precedents on the terminal and as JSON."""

import datetime as dt
import json

import pytest

from tests.house.source import ROOT
from tocsin.ask.precedents import precedents
from tocsin.case.read import load
from tocsin.show.plain import to_json
from tocsin.show.precedents import render_precedents, share

GOLDEN = ROOT / "tests" / "show" / "goldens" / "precedents.txt"


@pytest.fixture(scope="module")
def answer():
    return precedents(load(ROOT / "cases" / "lebanon-2023"), dt.date(2023, 10, 11))


def test_the_shipped_case_reads_as_before(answer, golden):
    """Exact counts, no chance: the text changes only with the case, the table or the view."""
    golden(GOLDEN, render_precedents(answer))


def test_no_line_is_wider_than_it_may_be(answer):
    for width in (60, 80, 100):
        lines = render_precedents(answer, full=True, width=width).splitlines()
        assert max(map(len, lines)) <= width


def test_the_full_view_names_every_source_and_caution(answer):
    text = " ".join(render_precedents(answer, full=True).split())
    for question in answer.questions:
        for rate in (question.base_rate, *question.others):
            for words in (*rate.sources, *rate.cautions):
                assert " ".join(words.split()) in text


def test_that_analogues_need_data_is_said(answer):
    assert "name their folder with --data DIR" in " ".join(render_precedents(answer).split())


def test_the_json_holds_what_the_value_holds(answer):
    data = json.loads(to_json(answer))
    assert data["as_of"] == "2023-10-11"
    assert [q["id"] for q in data["questions"]] == [q.id for q in answer.questions]
    first = answer.questions[0].base_rate
    told = data["questions"][0]["base_rate"]
    assert (told["came"], told["of"], told["rate"]) == (first.came, first.of, first.rate)
    assert told["since_1946"] == (list(first.since_1946) if first.since_1946 else None)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0 %"), (0.0004, "under 0.1 %"), (0.0123, "1.2 %"), (0.194, "19 %"), (1.0, "100 %")],
)
def test_a_share_has_digits_where_it_is_small(value, text):
    assert share(value) == text
