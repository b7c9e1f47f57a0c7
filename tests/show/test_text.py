"""The terminal view: its order, its width, what it is without a terminal, and what it never mixes."""

import io
import re
from dataclasses import replace

import pytest

from tests.show import fixtures
from tocsin.ask.estimate import Chance
from tocsin.show.text import render_text

ESTIMATES = {"usual": fixtures.estimate, "awkward": fixtures.awkward, "bare": fixtures.bare}


@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize("make", ESTIMATES.values(), ids=ESTIMATES)
def test_it_fits_in_80_columns(make, full):
    assert max(map(len, render_text(make(), full=full).splitlines())) <= 80


def test_the_short_view_is_short_and_the_full_one_is_not():
    short, full = (render_text(fixtures.estimate(), full=full).count("\n") for full in (False, True))
    plain = replace(fixtures.estimate(), record=None, sources=())
    assert render_text(plain).count("\n") <= 130
    # A ledger that is named adds its record and what it taught of sources.
    assert short <= 150
    assert full > 2 * short


@pytest.mark.parametrize("make", ESTIMATES.values(), ids=ESTIMATES)
def test_piped_it_is_plain_text(make):
    text = render_text(make(), full=True)
    assert "\x1b" not in text
    assert "\x07" not in text
    assert not re.search(r"[\u2500-\u259f]", text)
    assert not re.search(r"[ \t]$", text, flags=re.MULTILINE)


def test_on_a_terminal_headings_stand_out():
    assert "\x1b[1m" in render_text(fixtures.estimate(), colour=True)


def test_colours_change_no_words():
    coloured = re.sub(r"\x1b\[[0-9;]*m", "", render_text(fixtures.estimate(), colour=True))
    stripped = "\n".join(line.rstrip() for line in coloured.splitlines())
    assert stripped == render_text(fixtures.estimate()).rstrip("\n")


def headings(text):
    return [line for line in text.splitlines() if line and line == line.upper() and line[0].isalpha()]


def test_the_sections_come_in_the_order_in_which_they_are_needed():
    starts = [line.split(":")[0].split(" (")[0] for line in headings(render_text(fixtures.estimate()))]
    assert [start.split(",")[0] for start in starts] == [
        "LIKELIHOOD",
        "CONFIDENCE IN THESE ANSWERS",
        "RECORD OF EARLIER FORECASTS",
        "ACTORS",
        "FRONTS",
        "STRONGEST EVIDENCE",
        "CARRY AN ANSWER ALONE",
        "REPORTS THAT CONTRADICT EACH OTHER",
        "SOURCES",
        "REASONS THAT MATTER MOST",
        "WHAT WOULD CHANGE IT",
        "WHERE WE ARE BLIND",
        "WHO MAY REACH STRIKES BY 2030-07-08",
        "SINCE 2030-04-01",
        "HOW EXACTLY IT WAS COMPUTED",
    ]


def test_every_answer_has_its_error_and_its_word():
    text = render_text(fixtures.estimate())
    assert "Q1  11.8 % ±0.4" in text
    assert "Very unlikely. Will Northland strike" in text


def test_likelihood_and_confidence_never_share_a_sentence():
    e = fixtures.estimate()
    text = render_text(e, full=True)
    words = {q.band.word for q in e.questions}
    for sentence in re.split(r"[.\n]", text):
        if re.search(r"\b(low|moderate|high) confidence", sentence, flags=re.IGNORECASE):
            assert not any(word in sentence.lower() for word in words)
            assert "%" not in sentence


def test_markup_in_a_case_is_shown_and_not_obeyed():
    text = " ".join(render_text(fixtures.awkward(), full=True).split())
    assert "[bold]tag[/]" in text
    assert "<script>alert('x')</script>" in text


def test_a_figure_keeps_its_unit_and_error_on_its_line():
    for line in render_text(fixtures.estimate(), full=True).splitlines():
        assert not re.match(r"\s*[%±]", line)
        assert not re.search(r"\d %? ?±$", line)


def test_the_fronts_asked_about_come_first():
    text = render_text(fixtures.estimate())
    section = text.partition("FRONTS")[2].partition("STRONGEST")[0]
    assert section.index("\nnorth -> south\n") < section.index("\nsouth -> north\n")
    assert "\nwestmark -> north\n" not in section


def test_a_view_is_named_above_everything_else():
    estimate = fixtures.estimate()
    assert "in the view of" not in render_text(estimate)
    head = render_text(replace(estimate, variant="worried")).split("LIKELIHOOD")[0]
    assert "The case in the view of worried, not as it is written." in head


def test_what_has_come_true_already_is_said():
    e = fixtures.estimate()
    first = replace(e.questions[0], already=Chance(probability=1.0, mc_error=0.0))
    assert "come true" in " ".join(render_text(replace(e, questions=(first, *e.questions[1:]))).split())


def test_it_prints_through_any_encoding():
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii", errors="replace")
    stream.write(render_text(fixtures.awkward()))
    stream.flush()
