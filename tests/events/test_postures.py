"""Events read as postures: who, which way, how high, and how such a reading misleads."""

import datetime as dt
import io
import json

import numpy as np
import pyarrow.parquet as pq
import pytest

from tests.events.samples import HERE
from tocsin.events import confusion, counts, feeds, ladder, postures, store
from tocsin.events.actors import Dictionary, Entry, read_dictionary, usual
from tocsin.events.formats import FORMATS

MONDAY = dt.date(2030, 1, 7)
WEEKS = postures.steps_between(MONDAY, dt.date(2030, 1, 28), "week")
PAIR = Dictionary(
    entries=(Entry(actor="sudria", pattern="*Sudria*"), Entry(actor="reds", pattern="Red Band"))
)


def keds(tmp_path, rows):
    """A made-up KEDS file of (day of January 2030, source, target, code)."""
    path = tmp_path / "k.tab"
    path.write_text("".join(f"203001{d:02d}\t{s}\t{t}\t{c}\n" for d, s, t, c in rows), encoding="utf-8")
    return feeds.look(path, FORMATS["keds"])


def stored(tmp_path, form, name, fronts, dictionary):
    """Readings from a sample in a store, where no event stands twice."""
    with store.opened(tmp_path / "s.duckdb", create=True) as connection:
        store.import_file(connection, HERE / name, FORMATS[form])
        return postures.postures(connection, counts.of_store(), fronts, WEEKS, dictionary)


def read(feed, fronts, dictionary=None, grid=WEEKS, **options):
    with feeds.connect() as connection:
        return postures.postures(
            connection, counts.of_files([feed]), fronts, grid, dictionary or usual(), **options
        )


def test_the_coded_rung_is_the_highest_of_the_step(tmp_path):
    feed = keds(tmp_path, [(7, "ISRMIL", "LBNREBHEZ", "195"), (8, "ISR", "LBNREBHEZ", "112"),
                           (14, "ISR", "LBNREBHEZ", "138"), (27, "USA", "FRA", "042")])  # fmt: skip
    found = read(feed, [("israel", "hezbollah")])
    assert [reading.rung for reading in found] == [4, 1, 0]
    assert found[0].counts == (0, 1, 0, 0, 1, 0, 0)
    assert [reading.volume for reading in found] == [2, 1, 1]


def test_with_at_least_two_a_single_event_does_not_make_the_step(tmp_path):
    feed = keds(tmp_path, [(7, "ISR", "SYR", "195"), (8, "ISR", "SYR", "190"), (9, "ISR", "SYR", "190"),
                           (13, "USA", "FRA", "042")])  # fmt: skip
    assert [reading.rung for reading in read(feed, [("israel", "syria")], at_least=2)] == [3]


def test_directed_events_count_on_one_front_alone(tmp_path):
    feed = keds(tmp_path, [(7, "ISR", "SYR", "195"), (13, "USA", "FRA", "042")])
    found = read(feed, [("israel", "syria"), ("syria", "israel")])
    assert [(reading.initiator, reading.rung) for reading in found] == [("israel", 4), ("syria", 0)]


def test_a_week_in_which_the_feed_says_nothing_gives_no_reading(tmp_path):
    feed = keds(tmp_path, [(7, "ISR", "SYR", "195"), (27, "USA", "FRA", "042")])
    found = read(feed, [("israel", "syria")])
    assert [reading.first_day for reading in found] == [MONDAY, dt.date(2030, 1, 21)]


def test_the_unfinished_last_week_gives_no_reading(tmp_path):
    feed = keds(tmp_path, [(7, "ISR", "SYR", "195"), (13, "ISR", "SYR", "042"), (16, "ISR", "SYR", "195")])
    assert [reading.first_day for reading in read(feed, [("israel", "syria")])] == [MONDAY]


@pytest.mark.parametrize(("form", "name"), [("acled", "acled.csv"), ("ucdp-ged", "ucdp_ged.csv")])
def test_fighting_without_direction_counts_on_both_fronts(form, name, tmp_path):
    """In both samples the two sides meet in an event of tens of deaths, and in one of three."""
    found = stored(tmp_path, form, name, [("sudria", "reds"), ("reds", "sudria")], PAIR)
    first = [reading for reading in found if reading.first_day == MONDAY]
    assert [reading.rung for reading in first] == [4, 4]
    assert first[0].counts == first[1].counts == (0, 0, 0, 1, 1, 0, 0)


def test_one_sided_violence_counts_on_its_own_front_alone(tmp_path):
    both = Dictionary(
        entries=(Entry(actor="reds", pattern="Red Band"), Entry(actor="people", pattern="Civilians"))
    )
    found = stored(tmp_path, "ucdp-ged", "ucdp_ged.csv", [("reds", "people"), ("people", "reds")], both)
    second = [reading.rung for reading in found if reading.first_day == dt.date(2030, 1, 14)]
    assert second == [3, 0]


def test_an_actor_changes_with_the_day(tmp_path):
    (tmp_path / "own.csv").write_text(
        "actor,pattern,from,until\nold,SYR*,,2030-01-14\nnew,SYR*,2030-01-14,\nisrael,ISR*,,\n",
        encoding="utf-8",
    )
    feed = keds(tmp_path, [(13, "ISR", "SYR", "195"), (14, "ISR", "SYR", "190"), (20, "USA", "FRA", "042")])
    found = read(feed, [("israel", "old"), ("israel", "new")], read_dictionary(tmp_path / "own.csv"))
    assert [(reading.target, reading.rung) for reading in found] == [
        ("old", 4), ("old", 0), ("new", 0), ("new", 3),
    ]  # fmt: skip


def test_an_event_taken_in_too_late_does_not_count():
    """The sample's fourth GDELT row tells on 8 January 2030 of a day a year earlier."""
    feed = feeds.look(HERE / "gdelt.tsv", FORMATS["gdelt"])
    year = postures.steps_between(dt.date(2029, 1, 8), dt.date(2029, 1, 9), "day")
    fronts = [("united-states", "israel")]
    assert [reading.counts[0] for reading in read(feed, fronts, grid=year)] == [1]
    assert read(feed, fronts, grid=year, lag_days=30) == ()


def test_what_comes_after_a_day_changes_no_reading_before_it(tmp_path):
    early = [(7, "ISR", "SYR", "195"), (13, "ISR", "SYR", "112")]
    whole = [*early, (14, "ISR", "SYR", "204"), (15, "SYR", "ISR", "204"), (20, "ISR", "SYR", "190")]
    fronts = [("israel", "syria"), ("syria", "israel")]
    before = read(keds(tmp_path, early), fronts)
    after = [r for r in read(keds(tmp_path, whole), fronts) if r.day_after <= dt.date(2030, 1, 14)]
    assert list(before) == after


def test_a_store_and_its_files_read_alike(tmp_path):
    feed = feeds.look(HERE / "keds.tab", FORMATS["keds"])
    with store.opened(tmp_path / "s.duckdb", create=True) as connection:
        store.import_file(connection, feed.path, feed.form)
        stored = postures.postures(connection, counts.of_store(), [("israel", "hezbollah")], WEEKS, usual())
    assert stored == read(feed, [("israel", "hezbollah")])
    assert stored[0].rung == 4


def test_a_table_of_rungs_of_ones_own_is_used(tmp_path):
    (tmp_path / "own.csv").write_text("scheme,code,rung,why\ncameo,1,6,all of it\n", encoding="utf-8")
    feed = keds(tmp_path, [(7, "ISR", "SYR", "112"), (13, "USA", "FRA", "042")])
    table = ladder.read_table(tmp_path / "own.csv")
    assert [reading.rung for reading in read(feed, [("israel", "syria")], table=table)] == [6]


def test_a_front_with_itself_is_refused(tmp_path):
    with pytest.raises(postures.PostureError, match="found the front israel:israel"):
        read(keds(tmp_path, [(7, "ISR", "SYR", "112")]), [("israel", "israel")])


def test_counts_by_week_are_those_of_a_plain_count(tmp_path):
    rows = [(1 + k % 28, "ISR" if k % 3 else "SYR", "LBN", ("042", "190", "195")[k % 3]) for k in range(200)]
    plain: dict = {}
    for day, source, _, code in rows:
        date = dt.date(2030, 1, day)
        place = (date - dt.timedelta(days=date.weekday()), source, code)
        plain[place] = plain.get(place, 0) + 1
    with feeds.connect() as connection:
        counts.count(connection, counts.of_files([keds(tmp_path, rows)]), step="week")
        found = connection.execute("SELECT step, initiator, code, n FROM counted").fetchall()
    assert {tuple(row[:3]): row[3] for row in found} == plain


def test_rows_that_a_direct_pass_could_not_use_are_counted():
    feed = feeds.look(HERE / "keds.tab", FORMATS["keds"])
    with feeds.connect() as connection:
        counts.count(connection, counts.of_files([feed]), wanted=counts.Wanted(since=dt.date(2040, 1, 1)))
        found = counts.refusals(connection, [feed])
    assert found == {"no actor at all": 1, "no code": 1, "not a date": 1, "too few columns": 1}


@pytest.mark.parametrize("source", sorted({form.source for form in FORMATS.values()}))
def test_every_feed_has_a_confusion_matrix_that_rules_nothing_out(source):
    matrix = confusion.of_source(source)
    assert matrix.chance.sum(axis=0) == pytest.approx(np.ones(7), abs=1e-6)
    assert (matrix.chance > 0).all()
    assert matrix.basis


def test_in_machine_coded_feeds_fighting_is_no_proof_and_calm_no_comfort():
    """What the data showed: false alarms between allies, and a quarter of deadly weeks coded calm."""
    keds = confusion.of_source("keds").chance
    assert 0.01 < keds[3:, 0].sum() < 0.03
    assert 0.2 < keds[0, 3] < 0.3


def test_no_matrix_of_weis_reads_above_strikes():
    assert confusion.of_source("keds-weis").chance[5:].max() < 0.002


def test_a_matrix_whose_columns_do_not_sum_to_one_is_refused():
    with pytest.raises(confusion.ConfusionError, match=r"sum to 0\.9, 1"):
        confusion.Confusion(chance=np.array([[0.5, 0.5], [0.4, 0.5]]), basis="made up")


def test_estimates_go_to_the_counts_as_they_grow():
    told = np.array([[70, 20], [30, 80]])
    near = confusion.estimate(told * 1000, np.full((2, 2), 0.5), 10.0)
    assert near == pytest.approx(np.array([[0.7, 0.2], [0.3, 0.8]]), abs=1e-3)


@pytest.mark.parametrize("ending", ["csv", "json", "parquet"])
def test_readings_are_written_in_each_form(tmp_path, ending, capsys):
    found = read(feeds.look(HERE / "keds.tab", FORMATS["keds"]), [("israel", "hezbollah")])
    out = tmp_path / f"p.{ending}"
    postures.write_readings(found, out, io.StringIO())
    if ending == "json":
        assert json.loads(out.read_text(encoding="utf-8")) == [reading.to_json() for reading in found]
    elif ending == "parquet":
        table = pq.read_table(out)
        assert table.column("rung").to_pylist() == [reading.rung for reading in found]
        assert sum(table.column(f"p_{name}")[0].as_py() for name in ladder.RUNGS) > 0
    else:
        first = out.read_text(encoding="utf-8").splitlines()[1]
        assert first.startswith("keds,israel,hezbollah,2030-01-07,2030-01-14,4,2,0,0,0,0,1,0,0,")


class Closed(io.StringIO):
    """A stream whose reader has gone away."""

    def write(self, text: str) -> int:
        raise BrokenPipeError(text)


def test_a_reader_that_has_seen_enough_is_no_place_that_cannot_be_written():
    found = read(feeds.look(HERE / "keds.tab", FORMATS["keds"]), [("israel", "hezbollah")])
    with pytest.raises(BrokenPipeError):
        postures.write_readings(found, None, Closed())


def test_steps_are_whole_weeks_from_monday_and_whole_months():
    weeks = postures.steps_between(dt.date(2030, 1, 9), dt.date(2030, 1, 15), "week")
    assert (weeks.first_days, weeks.end) == ((MONDAY, dt.date(2030, 1, 14)), dt.date(2030, 1, 21))
    months = postures.steps_between(dt.date(2030, 1, 31), dt.date(2030, 3, 1), "month")
    assert months.first_days == (dt.date(2030, 1, 1), dt.date(2030, 2, 1))


def test_the_summer_of_2006_shows_in_the_levant(data):
    """The war of July and August 2006: strikes both ways in its weeks, and few before."""
    feed = feeds.look(data / "keds" / "levant_cameo_1979_2007.parquet", FORMATS["keds"])
    grid = postures.steps_between(dt.date(2006, 1, 2), dt.date(2006, 8, 14), "week")
    found = read(feed, [("israel", "hezbollah"), ("hezbollah", "israel")], grid=grid)
    war: dict[str, list[int]] = {r.initiator: [] for r in found}
    for reading in found:
        if reading.first_day >= dt.date(2006, 7, 10):
            war[reading.initiator].append(reading.rung)
    assert all(min(rungs) >= 3 and max(rungs) >= 4 for rungs in war.values())
    before = [reading.rung for reading in found if reading.day_after <= dt.date(2006, 7, 10)]
    assert np.mean([rung >= 3 for rung in before]) < 0.3
