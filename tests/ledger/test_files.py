"""An export carries the chain, can be verified without tocsin, and comes back as it was."""

import csv
import hashlib
import json

import duckdb
import pytest

from tests.ledger.made import NOON, forecast, later, question, report, resolution
from tocsin.ledger import ChainError, Ledger
from tocsin.ledger.chain import GENESIS, chained, verify
from tocsin.ledger.files import as_csv, as_lines, differing, read_file, write_parquet

FORMS = ("jsonl", "csv", "parquet")


@pytest.fixture(scope="module")
def entries():
    """One of each kind of row, with text that trips whoever splits lines or quotes carelessly."""
    awkward = question(text='Will "x", y\nor z; =1+1, \u2028 東京?')
    with Ledger.open("sqlite://") as ledger:
        ledger.add([forecast(question=awkward, probability=1e-7, seed=3, base_rate=0.05)], now=NOON)
        number = question("n", number=True)
        ledger.add([forecast(question=number, probability=None, quantiles=((0.5, 1e22),))], now=NOON)
        ledger.resolve([resolution()], now=later(60))
        ledger.resolve_reports([report()], now=later(61))
        return ledger.entries()


def write(entries, path):
    if path.suffix == ".parquet":
        write_parquet(entries, path)
    else:
        text = (as_lines if path.suffix == ".jsonl" else as_csv)(entries)
        path.write_text(text, encoding="utf-8", newline="\n")
    return path


@pytest.mark.parametrize("form", FORMS)
def test_what_is_written_comes_back(entries, form, tmp_path):
    assert tuple(read_file(write(entries, tmp_path / f"l.{form}"))) == entries


def test_json_lines_are_verified_with_nothing_but_sha256(entries, tmp_path):
    """The text of a row is taken out of its line as it stands; no JSON is read or written anew."""
    previous = GENESIS
    for line in write(entries, tmp_path / "l.jsonl").read_text(encoding="utf-8").split("\n")[:-1]:
        head, _, row = line.partition(',"row":')
        text = row.removesuffix("}")
        assert (
            head
            == f'{{"hash":"{hashlib.sha256((previous + text).encode()).hexdigest()}","previous":"{previous}"'
        )
        previous = json.loads(line)["hash"]
    assert previous == entries[-1].hash


def test_parquet_opens_elsewhere_with_types(entries, tmp_path):
    path = write(entries, tmp_path / "l.parquet")
    with duckdb.connect() as connection:
        query = f"SELECT number, probability, base_rate, closes, outcome FROM '{path}'"
        shown = connection.execute(query).fetchall()
    assert shown[0] == (1, 1e-7, 0.05, "2030-06-01", None)
    assert shown[2] == (3, None, None, None, "yes")


@pytest.mark.parametrize("column", ["probability", "subject", "outcome", "number"])
def test_a_column_that_says_something_else_than_its_row_is_refused(entries, column, tmp_path):
    path = write(entries, tmp_path / "l.csv")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rows[0][column] = "0.5"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    with pytest.raises(ChainError, match=f"column {column} '0.5'"):
        read_file(path)


@pytest.mark.parametrize("form", FORMS)
def test_a_row_changed_in_the_file_breaks_its_chain(entries, form, tmp_path):
    forged = chained(entries[0], kind="forecast", subject="n", recorded=entries[1].recorded, body="{}")
    rows = read_file(write([entries[0], forged, *entries[2:]], tmp_path / f"l.{form}"))
    breach = verify(rows).breach
    assert breach is not None
    assert breach.number == 3


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("l.txt", ""),
        ("l.jsonl", "no json"),
        ("l.jsonl", '{"a": 1}\n'),
        ("l.csv", "a,b\n1,2\n"),
        ("l.csv", "a,b\n"),
        ("l.csv", ""),
        ("l.parquet", "no parquet"),
    ],
)
def test_what_is_no_export_is_refused(name, text, tmp_path):
    (tmp_path / name).write_text(text)
    with pytest.raises(ChainError, match="mend: "):
        read_file(tmp_path / name)


def test_beside_an_earlier_export_it_shows_what_differs(entries):
    old = forecast(probability=0.2)
    changed = []
    for probability in (0.2, 0.9):
        with Ledger.open("sqlite://") as ledger:
            ledger.add([forecast("a"), forecast(question=old.question, probability=probability)], now=NOON)
            changed.append(ledger.entries())
    breach = differing(changed[1], changed[0])
    assert breach is not None
    assert breach.number == 2
    assert "body.probability 0.9" in breach.found
    assert "body.probability 0.2" in breach.expected
    assert differing(entries, entries[:2]) is None
    gone = differing(entries[:2], entries)
    assert gone is not None
    assert (gone.number, gone.what) == (3, "it is gone")
