"""Dyad-weeks from files of events."""

import datetime as dt

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tocsin.events.panel import NoPanelError, actor, event_files, read_panel, read_panels, split_week


def write(path, rows, ending="parquet"):
    names = ("date", "source", "target", "code")
    table = pa.table({name: [row[k] for row in rows] for k, name in enumerate(names)})
    file = path.with_suffix(f".{ending}")
    if ending == "parquet":
        pq.write_table(table, file)
    else:
        separator = "," if ending == "csv" else "\t"
        lines = [separator.join(names), *(separator.join(map(str, row)) for row in rows)]
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def years(first=dt.date(1990, 1, 1), n=700):
    """One event a week from A to B, every fourth of them fire, and an answer in words."""
    rows = []
    for week in range(n // 7):
        day = first + dt.timedelta(days=7 * week)
        rows.append((day, "AAAMIL", "BBB", "194" if week % 4 == 0 else "112"))
        rows.append((day, "BBBGOV", "AAA", "130"))
    return rows


def test_weeks_begin_on_sundays_and_hold_the_highest_rung(tmp_path):
    file = write(tmp_path / "made", years())
    panel = read_panel(file, train_to=1991)
    assert panel.scheme == "cameo"
    assert panel.weeks[0] == np.datetime64("1989-12-31")
    assert panel.weeks[0].astype(dt.date).strftime("%A") == "Sunday"
    assert panel.dyads == (("AAA", "BBB"), ("BBB", "AAA"))
    assert panel.rung[0, :5].tolist() == [4, 1, 1, 1, 4]
    assert panel.rung[1].tolist() == [1] * len(panel.weeks)
    assert panel.volume.tolist() == [2] * len(panel.weeks)


@pytest.mark.parametrize("ending", ["csv", "tab"])
def test_text_and_parquet_say_the_same(tmp_path, ending):
    parquet = read_panel(write(tmp_path / "made", years()), train_to=1991)
    text = read_panel(write(tmp_path / "made", years(), ending), train_to=1991)
    np.testing.assert_array_equal(parquet.counts, text.counts)


def test_what_comes_after_the_split_does_not_choose_the_dyads(tmp_path):
    rows = years()
    late = [(dt.date(1991, 6, 1) + dt.timedelta(days=k), "CCC", "DDD", "190") for k in range(150)]
    panel = read_panel(write(tmp_path / "made", rows + late), dyads_at_least=2, train_to=1991)
    assert panel.dyads == (("AAA", "BBB"), ("BBB", "AAA"))


def test_codes_of_two_digits_above_twenty_are_weis(tmp_path):
    rows = [(day, source, target, "223" if code == "194" else "121") for day, source, target, code in years()]
    panel = read_panel(write(tmp_path / "made", rows), train_to=1991)
    assert panel.scheme == "weis"
    assert panel.rung[0, 0] == 4


def test_regions_and_oneself_are_no_dyad(tmp_path):
    rows = years() + [(dt.date(1990, 1, 2) + dt.timedelta(days=k), "ARB", "AAA", "190") for k in range(300)]
    rows += [(dt.date(1990, 1, 2) + dt.timedelta(days=k), "AAAREB", "AAAGOV", "190") for k in range(300)]
    panel = read_panel(write(tmp_path / "made", rows), train_to=1991)
    assert panel.dyads == (("AAA", "BBB"), ("BBB", "AAA"))


def test_groups_stand_apart_from_the_country_they_live_in():
    assert actor("LBNREBHEZ") == actor("HEZ") == "HEZBOLLAH"
    assert actor("LBNGOV") == "LBN"
    assert actor("PALPLO") == actor("PSEGOV") == "PSE"


def test_the_split_is_the_new_year_nearest_six_sevenths_of_the_span(tmp_path):
    """1979-04-15 to 2007-12-29 splits at 2004, as the Levant's does."""
    rows = [(dt.date(1979, 4, 15) + dt.timedelta(days=7 * k), "AAA", "BBB", "190") for k in range(1498)]
    panel = read_panel(write(tmp_path / "made", rows))
    assert panel.weeks[split_week(panel)] == np.datetime64("2004-01-04")


def test_a_short_span_splits_where_both_sides_are_long_enough(tmp_path):
    """Six sevenths of four years and a bit lie near a new year that leaves eleven weeks to test."""
    rows = [(dt.date(1990, 1, 1) + dt.timedelta(days=7 * k), "AAA", "BBB", "190") for k in range(220)]
    panel = read_panel(write(tmp_path / "made", rows))
    assert panel.weeks[split_week(panel)] == np.datetime64("1993-01-03")


def test_refusals_say_what_was_expected(tmp_path):
    with pytest.raises(NoPanelError, match="date, source, target, code"):
        read_panels(tmp_path)
    write(tmp_path / "made", years())
    with pytest.raises(NoPanelError, match="there are made"):
        read_panels(tmp_path, theatres=("levant",))
    with pytest.raises(NoPanelError, match="1 January 1995 leaves"):
        read_panels(tmp_path, train_to=1995)


def test_other_files_in_the_folder_are_left_alone(tmp_path):
    file = write(tmp_path / "made", years())
    (tmp_path / "notes.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    assert event_files(tmp_path) == (file,)
