"""Anchors and what is counted from them, on small histories whose counts can be seen by eye."""

import datetime as dt
import importlib.util

import pytest

from tests.events import synthetic
from tests.house.source import ROOT
from tocsin.events.context import read_context
from tocsin.events.disputes import read_disputes
from tocsin.events.precedents import groups
from tocsin.events.precedents.analogues import Sought, _power, nearest_groups, nearest_states
from tocsin.events.precedents.counts import count_all, read_history
from tocsin.events.precedents.rates import shipped
from tocsin.events.precedents.states import Record, fights, quarters

DAY = dt.date(1950, 5, 10)


@pytest.fixture(scope="module")
def history(made_up):
    return read_history(made_up)


# An empty CSV file has no types: two numbers that are no state's keep it from being empty.
NOBODY = (998, 999)


def small(folder, *disputes, pacts=(), rivals=(), near=()):
    """A world of the synthetic states with these ties from 1940 to 1983, and these disputes.

    A dispute is (number, level's act, ((state, side, first day, original, act), ...)).
    """
    synthetic.context(folder)
    both = [(a, b) for one, two in pacts for a, b in ((one, two), (two, one))]
    synthetic.write(
        folder,
        "state_context/atop_v51_directed_dyad_years.parquet",
        "ccode1 int, ccode2 int, year int, atop_defense int, atop_offense int, atop_neutral int, "
        "atop_nonagg int",
        [(a, b, year, 1, 0, 0, 0) for a, b in both for year in range(1940, 1984)],
    )
    synthetic.write(
        folder,
        "state_context/rivalries_thompson_sakuwa_suhas.csv",
        "ccode1 int, ccode2 int, start int, end int",
        [(a, b, 1940, 1983) for a, b in (*rivals, NOBODY)],
    )
    synthetic.write(
        folder,
        "state_context/cow_contiguity_v32_directed.csv",
        "ccode1 int, ccode2 int, conttype int, stdate date, enddate date",
        [
            (a, b, 1, "1940-01-01", "1983-01-01")
            for one, two in (*near, NOBODY)
            for a, b in ((one, two), (two, one))
        ],
    )
    heads, parts = [], []
    for number, level, members in disputes:
        heads.append((number, 5, 3, level, 1))
        for state, side, first, original, act in members:
            parts.append((number, state, first.year, first.month, first.day, 1952, 1, 1, side, act, original))
    synthetic.write(
        folder,
        "mid/gml_mid_v221_disputes_pre1984.parquet",
        "dispnum int, outcome int, settle int, hostlev int, recip int",
        heads,
    )
    synthetic.write(
        folder,
        "mid/gml_mid_v221_participants_pre1984.parquet",
        "dispnum int, ccode int, styear int, stmon int, stday int, endyear int, endmon int, endday int, "
        "sidea int, hiact int, orig int",
        parts,
    )
    synthetic.write(
        folder,
        "mid/gml_mid_v221_directed_dyad_years_pre1984.parquet",
        "dispnum int, ccode1 int, revtype11 int, revtype21 int, midonset int",
        [],
    )
    world, found = read_context(folder), read_disputes(folder)
    return world, found, Record(found)


def of(anchors, one):
    return [anchor for anchor in anchors if anchor.one == one]


WAR = (1, 5, ((2, 1, DAY, 1, 20), (20, 0, DAY, 1, 20)))


def test_an_ally_that_comes_in_is_dated_by_the_day_it_came(tmp_path):
    joined = (1, 5, (*WAR[2], (200, 1, DAY + dt.timedelta(days=40), 0, 17)))
    world, disputes, record = small(tmp_path, joined, pacts=[(200, 2)], rivals=[(200, 20)])
    (anchor,) = of(fights(disputes, world, record), 200)
    assert (anchor.two, anchor.ally, anchor.pact, anchor.rivals) == (20, 2, True, True)
    show, force, war = anchor.first_days
    assert show == force == DAY.toordinal() + 40
    assert war is None
    assert anchor.level == 4


def test_an_ally_that_starts_a_dispute_of_its_own_counts_too(tmp_path):
    own = (2, 4, ((200, 1, DAY + dt.timedelta(days=70), 1, 17), (20, 0, DAY + dt.timedelta(days=70), 1, 7)))
    world, disputes, record = small(tmp_path, WAR, own, pacts=[(200, 2)])
    anchor = next(a for a in of(fights(disputes, world, record), 200) if a.cluster == "dispute 1")
    assert anchor.first_days == (DAY.toordinal() + 70, DAY.toordinal() + 70, None)


def test_one_bound_to_both_sides_is_left_out(tmp_path):
    world, disputes, record = small(tmp_path, WAR, pacts=[(200, 2), (200, 20)])
    assert of(fights(disputes, world, record), 200) == []


def test_one_already_in_dispute_with_the_other_side_is_left_out(tmp_path):
    before = (2, 4, ((200, 1, DAY - dt.timedelta(days=9), 1, 17), (20, 0, DAY - dt.timedelta(days=9), 1, 7)))
    world, disputes, record = small(tmp_path, WAR, before, pacts=[(200, 2)])
    assert [a for a in of(fights(disputes, world, record), 200) if a.cluster == "dispute 1"] == []


def test_a_dispute_without_force_is_no_fight(tmp_path):
    shown = (1, 3, ((2, 1, DAY, 1, 7), (20, 0, DAY, 1, 7)))
    world, disputes, record = small(tmp_path, shown, pacts=[(200, 2)])
    assert list(fights(disputes, world, record)) == []


def test_rivals_are_asked_about_each_quarter_in_both_directions_while_at_peace(tmp_path):
    world, _, record = small(tmp_path, WAR, rivals=[(2, 20)])
    found = list(quarters(world, record, range(1950, 1953)))
    days: dict[tuple[int, int], list[str]] = {(a.one, a.two): [] for a in found}
    for anchor in found:
        days[anchor.one, anchor.two].append(dt.date.fromordinal(anchor.day).isoformat())
    # The dispute runs from May 1950 to New Year's Day 1952.
    peace = ["1950-01-01", "1950-04-01", "1952-04-01", "1952-07-01", "1952-10-01"]
    assert days == {(2, 20): peace, (20, 2): peace}
    assert [a.clashed for a in found if a.one == 2] == [False] * 5
    assert found[1].first_days == (DAY.toordinal(),) * 3


def test_the_groups_of_the_made_up_history(history):
    names = [pair.name for pair in history.pairs]
    assert names == ["Front - League", "Government of North - Front", "Government of South - League"]
    assert [pair.with_state for pair in history.pairs] == [False, True, True]


def first_of(history, name, day):
    index = next(k for k, pair in enumerate(history.pairs) if pair.name == name)
    wanted = (dt.date.fromisoformat(day) - groups.START).days
    return next(a for a in history.months if a.pair == index and a.day == wanted)


def test_a_month_knows_its_past_and_when_each_threshold_was_crossed(history):
    anchor = first_of(history, "Government of North - Front", "1995-04-01")
    assert (anchor.month_deaths, anchor.year_deaths) == (4, 4)
    # 120 deaths on 20 April: day 19 after the anchor crosses 1, 10 and 100; nothing crosses 1,000.
    assert [first and first - anchor.day for first in anchor.first_days] == [19, 19, 19, None]
    assert anchor.lull is not None
    # Deaths on day 19 after the anchor: the thirty days without are those from day 20 to day 49.
    assert anchor.lull - anchor.day == 49


def test_deaths_before_the_anchor_do_not_cross_a_threshold_after_it(history):
    anchor = first_of(history, "Government of North - Front", "1995-05-01")
    assert anchor.month_deaths == 120
    assert anchor.first_days == (None,) * 4
    assert anchor.lull == anchor.day + 29


def test_no_anchor_before_the_first_death_or_the_year_of_past(history):
    assert min(groups.START + dt.timedelta(days=a.day) for a in history.months) == dt.date(1995, 4, 1)


def test_counting_gives_every_class_that_ships(history):
    table = count_all(history)
    assert [c.id for c in table.classes] == [c.id for c in shipped().classes]
    deadly = table.get("group-deadly")
    assert deadly is not None
    cell = deadly.cell("1 deaths a week", 30)
    # Anchors after 25 deaths in a month: 1 May 1995, 1 July 2001; neither saw another death.
    assert cell is not None
    assert (cell.all.came, cell.all.of, cell.all.clusters) == (0, 2, 2)


def test_counting_twice_gives_the_same_text(made_up, history):
    assert count_all(read_history(made_up)).to_json() == count_all(history).to_json()


SOUGHT = Sought(ally=True, fight=5, rivals=True, clashed=False, power=0.0, month_deaths=120, year_deaths=120)


def test_the_nearest_states_come_first_and_none_twice(history):
    found = nearest_states(history, SOUGHT, 90)
    assert found
    assert [case.distance for case in found] == sorted(case.distance for case in found)
    assert len({case.title for case in found}) == len(found)
    for case in found:
        assert case.alike or case.unlike
        assert case.ending


def test_the_nearest_group_is_the_one_that_was_as_deadly(history):
    best = nearest_groups(history, SOUGHT, 90, with_state=True)[0]
    assert best.title == "Government of North and Front"
    assert best.ending == "no death within the 90 days"
    lull = nearest_groups(history, SOUGHT, 90, with_state=True, lull=True)[0]
    assert lull.ending == "thirty days without a death, by day 30"


@pytest.mark.slow
def test_the_shipped_table_is_what_the_data_give(data, tmp_path):
    place = ROOT / "scripts" / "base_rates.py"
    spec = importlib.util.spec_from_file_location("base_rates", place)
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    assert count_all(read_history(data)).to_json() == script.TABLE.read_text(encoding="utf-8")


def test_equal_power_is_said_as_such_and_never_as_one_time():
    assert [_power(x) for x in (0.01, -0.04, 0.7, -0.7)] == [
        "as strong as the other",
        "as strong as the other",
        "2.0 times as strong as the other",
        "2.0 times as weak as the other",
    ]
