"""Reading the historical data: what is missing is refused, what is vague is read one way."""

import datetime as dt

import pytest

from tests.events import synthetic
from tocsin.errors import TocsinError
from tocsin.events.context import read_context
from tocsin.events.disputes import moves, read_disputes
from tocsin.events.history import HistoryError, ask, day_number, digest, year_of


@pytest.mark.parametrize(
    ("date", "read"),
    [
        ((1914, 7, 28), "1914-07-28"),
        ((1914, 7, -9), "1914-07-15"),
        ((1914, 7, None), "1914-07-15"),
        ((1954, 8, 66), "1954-08-05"),
        ((1978, 5, 77), "1978-05-15"),
        ((1981, 8, 88), "1981-08-25"),
        ((1961, None, None), "1961-06-15"),
        ((1913, 13, 4), "1913-06-15"),
        ((1950, 6, 31), "1950-06-30"),
        ((1950, 2, 31), "1950-02-28"),
        ((1950, 12, 31), "1950-12-31"),
    ],
)
def test_a_vague_day_is_put_in_the_middle_of_what_is_known(date, read):
    assert dt.date.fromordinal(day_number(*date)).isoformat() == read


def test_the_year_of_a_day():
    assert year_of(day_number(1914, 12, 31)) == 1914


def test_a_missing_file_is_refused_with_the_option_that_mends_it(tmp_path):
    with pytest.raises(HistoryError, match=r"found no such file(.|\n)*--data"):
        ask(tmp_path, "mid/none.parquet", ("a",))
    with pytest.raises(TocsinError):
        digest(tmp_path, ["mid/none.parquet"])


def test_a_file_without_a_column_is_refused_by_its_name(tmp_path):
    synthetic.write(tmp_path, "a.parquet", "x int", [(1,)])
    with pytest.raises(HistoryError, match="cannot be asked for x, y"):
        ask(tmp_path, "a.parquet", ("x", "y"))


def test_a_folder_whose_name_has_a_quote_is_read(tmp_path):
    folder = tmp_path / "o'clock"
    folder.mkdir()
    synthetic.write(tmp_path, "a.parquet", "x int", [(2,), (1,)])
    (tmp_path / "a.parquet").rename(folder / "a.parquet")
    assert ask(folder, "a.parquet", ("x",)) == [(1,), (2,)]


def test_the_digest_changes_with_the_bytes(tmp_path):
    (tmp_path / "a").write_text("1")
    first = digest(tmp_path, ["a"])
    (tmp_path / "a").write_text("2")
    assert digest(tmp_path, ["a"]) != first


def test_the_world_answers_for_the_year_it_is_asked_about(tmp_path):
    synthetic.context(tmp_path)
    world = read_context(tmp_path)
    assert world.arms_race(365, 2, 1950)
    assert not world.arms_race(2, 365, 1961)
    assert world.is_major(2, 1898)
    assert not world.is_major(2, 1897)
    assert world.capability(2, 1990) is None  # the record ends in 1984: five years back finds nothing
    assert world.capability(2, 1988) == world.capability(2, 1984)
    assert all(one in world.allies(two, 1920) for one in synthetic.STATES for two in world.allies(one, 1920))


def _three(tmp_path, *parts):
    synthetic.write(
        tmp_path,
        "mid/gml_mid_v221_disputes_pre1984.parquet",
        "dispnum int, outcome int, settle int, hostlev int, recip int",
        [(1, 5, 3, 4, 1)],
    )
    synthetic.write(
        tmp_path,
        "mid/gml_mid_v221_participants_pre1984.parquet",
        "dispnum int, ccode int, styear int, stmon int, stday int, endyear int, endmon int, endday int, "
        "sidea int, hiact int, orig int",
        list(parts),
    )
    synthetic.write(
        tmp_path,
        "mid/gml_mid_v221_directed_dyad_years_pre1984.parquet",
        "dispnum int, ccode1 int, revtype11 int, revtype21 int, midonset int",
        [(1, 2, 1, 3, 1), (1, 20, 0, -9, 1)],
    )
    return read_disputes(tmp_path)


def test_a_dispute_begins_with_its_first_parties_and_knows_who_came_later(tmp_path):
    (dispute,) = _three(
        tmp_path,
        (1, 2, 1950, 1, 10, 1950, 6, 1, 1, 17, 1),
        (1, 20, 1950, 1, 12, 1950, 6, 1, 0, 7, 1),
        (1, 200, 1950, 3, 1, 1950, 5, 1, 1, 20, 0),
    )
    assert dispute.first == dt.date(1950, 1, 10).toordinal()
    assert dispute.last == dt.date(1950, 6, 1).toordinal()
    assert [part.state for part in dispute.joiners] == [200]
    assert dispute.side(True)[0].issues == ("territory", "regime")
    found = {(m.one, m.two): (m.first, m.level) for m in moves((dispute,))}
    assert found[200, 20] == (dt.date(1950, 3, 1).toordinal(), 5)
    assert found[20, 200] == (dt.date(1950, 3, 1).toordinal(), 3)
    assert (2, 200) not in found


def test_opponents_who_never_overlapped_made_no_move(tmp_path):
    (dispute,) = _three(
        tmp_path,
        (1, 2, 1950, 1, 10, 1950, 6, 1, 1, 17, 1),
        (1, 20, 1950, 1, 12, 1950, 2, 1, 0, 7, 1),
        (1, 200, 1950, 3, 1, 1950, 5, 1, 1, 20, 0),
    )
    assert {(m.one, m.two) for m in moves((dispute,))} == {(2, 20), (20, 2)}
