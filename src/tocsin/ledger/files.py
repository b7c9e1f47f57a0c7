"""A ledger as a file, so that its chain can be kept and verified elsewhere, and the way back.

JSON Lines have one row a line, ``{"hash":"…","previous":"…","row":{…}}``: the row's text, which is hashed
after `previous`, stands in the line as it is, from ``"row":`` to the last brace but one. CSV and Parquet
have the same three as columns, and what a reader looks for in columns of its own; these say nothing that
the row does not say, and reading compares them.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from tocsin.ledger.chain import Breach, Entry, canonical
from tocsin.ledger.errors import ChainError

# What a reader looks for, taken from the body; a kind of row that has no such thing leaves it empty.
TEXTS = (
    "author", "as_of", "closes", "text", "rule", "outcome", "on", "source", "case_digest", "version",
    "confidence",
)  # fmt: skip
NUMBERS = ("probability", "mc_error", "base_rate")
CHAIN = ("number", "kind", "subject", "recorded", "previous", "hash", "row")
COLUMNS = (*CHAIN[:4], *TEXTS[:3], *NUMBERS, *TEXTS[3:], *CHAIN[4:])
# An export has no reason to hold a longer line, and the CSV module must be told of any limit.
LONGEST_FIELD = 1_000_000


def as_lines(entries: Iterable[Entry]) -> str:
    """Rows as JSON Lines."""
    return "".join(
        f'{{"hash":{canonical(entry.hash)},"previous":{canonical(entry.previous)},"row":{entry.text}}}\n'
        for entry in entries
    )


def _flat(entry: Entry) -> dict[str, Any]:
    body = json.loads(entry.body)
    chain = {
        "number": entry.number,
        "kind": entry.kind,
        "subject": entry.subject,
        "recorded": entry.recorded,
        "previous": entry.previous,
        "hash": entry.hash,
        "row": entry.text,
    }
    return {name: chain[name] if name in chain else body.get(name) for name in COLUMNS}


def as_csv(entries: Iterable[Entry]) -> str:
    """Rows as CSV with a head line; what is missing is empty."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(_flat(entry) for entry in entries)
    return out.getvalue()


def write_parquet(entries: Iterable[Entry], path: Path) -> None:
    """Write rows as Parquet."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    kinds = {"number": pa.int64()} | dict.fromkeys(NUMBERS, pa.float64())
    schema = pa.schema([(name, kinds.get(name, pa.string())) for name in COLUMNS])
    pq.write_table(
        pa.Table.from_pylist([_flat(entry) for entry in entries], schema=schema), path, compression="zstd"
    )


def read_file(path: Path) -> list[Entry]:
    """Rows of an export, of any of the three forms by the end of its name; not yet verified.

    Raises
    ------
    ChainError if it is no export, or if its columns say something else than its rows
    """
    readers: dict[str, Callable[[Path], list[Entry]]] = {
        ".jsonl": _read_lines,
        ".csv": _read_csv,
        ".parquet": _read_parquet,
    }
    if path.suffix not in readers:
        raise ChainError(
            str(path),
            found=f"a name that ends with {path.suffix!r}",
            expected=", ".join(readers),
            mend="name the file by its form",
        )
    try:
        return readers[path.suffix](path)
    except (ValueError, KeyError, TypeError, csv.Error, OSError) as error:
        raise ChainError(
            str(path),
            found=f"a file that cannot be read ({error})",
            expected="an export of a ledger",
            mend="export again with tocsin ledger export",
        ) from None


def _entry(row: dict[str, Any], previous: str, found: str) -> Entry:
    return Entry(
        number=row["number"],
        kind=row["kind"],
        subject=row["subject"],
        recorded=row["recorded"],
        body=canonical(row["body"]),
        previous=previous,
        hash=found,
    )


def _read_lines(path: Path) -> list[Entry]:
    entries = []
    for line in path.read_text(encoding="utf-8").split("\n"):
        if line:
            data = json.loads(line)
            entries.append(_entry(data["row"], data["previous"], data["hash"]))
    return entries


def _read_csv(path: Path) -> list[Entry]:
    csv.field_size_limit(LONGEST_FIELD)
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        # Without this a file that is no export, and has no rows, would pass for an empty one.
        if tuple(reader.fieldnames or ()) != COLUMNS:
            raise ValueError("its first line names other columns")
        return [_compared(path, row, as_text=True) for row in reader]


def _read_parquet(path: Path) -> list[Entry]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return [_compared(path, row, as_text=False) for row in pq.read_table(path).to_pylist()]
    except pa.ArrowException as error:
        raise ValueError(str(error)) from None


def _compared(path: Path, row: dict[str, Any], *, as_text: bool) -> Entry:
    """A row's entry, if its columns say the same."""
    entry = _entry(json.loads(row["row"]), row["previous"], row["hash"])
    for name, value in _flat(entry).items():
        expected = ("" if value is None else str(value)) if as_text else value
        if row[name] != expected:
            raise ChainError(
                f"{path}, row {entry.number}",
                found=f"column {name} {str(row[name])[:200]!r}",
                expected=f"{str(expected)[:200]!r}, as its row says",
                mend="the file was changed; export again",
            )
    return entry


def differing(now: Iterable[Entry], then: Iterable[Entry]) -> Breach | None:
    """The first row of an earlier export that the ledger no longer holds as it was, and what differs.

    Parameters
    ----------
    now : the ledger's rows
    then : the rows of the export; the ledger may have grown since
    """
    here = list(now)
    for k, old in enumerate(then):
        if k >= len(here):
            return Breach(
                number=old.number,
                what="it is gone",
                found=f"{len(here)} rows",
                expected=f"row {old.number}: {old.text}",
            )
        if here[k] != old:
            found, expected = _differences(here[k], old)
            return Breach(
                number=old.number, what="it says something else than it did", found=found, expected=expected
            )
    return None


def _differences(now: Entry, then: Entry) -> tuple[str, str]:
    """What differs between two rows, field by field: as it is, and as it was."""
    found, expected = [], []
    one, two = _fields(now), _fields(then)
    for name in sorted(one.keys() | two.keys()):
        if one.get(name) != two.get(name):
            found.append(f"{name} {canonical(one.get(name))}")
            expected.append(f"{name} {canonical(two.get(name))}")
    return ", ".join(found), ", ".join(expected)


def _fields(entry: Entry) -> dict[str, Any]:
    try:
        body = {f"body.{name}": value for name, value in json.loads(entry.body).items()}
    except (ValueError, AttributeError):
        body = {"body": entry.body}
    return body | {name: getattr(entry, name) for name in CHAIN[:6]}
