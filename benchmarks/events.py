"""What do tocsin's readers cost beside DuckDB's own query, and do files beyond memory stream through?

Question 1: 5,000,000 made-up rows of tab-separated text (252 MB), chosen by date and name, counted by
week, pair and code. tocsin's pass (which also tells refused rows from sound ones) against the bare query,
both under the same bounds of memory and threads, in turns; ratio of the medians, and the largest memory of
the process. Goal: at most 1.2, under 1.5 GB.

Question 2: 100,000,000 rows of the same, in text on disk, through the same pass under the same memory limit.

Question 3: the import of the 5,000,000 rows into a store, and the same count from there.

    uv run python -m benchmarks.events [--rows 5000000] [--many 100000000] [--folder DIR]
"""

from __future__ import annotations

import argparse
import datetime as dt
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tocsin.events import counts, feeds, store
from tocsin.events.formats import KEDS

REPEATS = 11
SINCE, NAMES = dt.date(1990, 1, 1), ("A*",)
ROWS, MANY, SEED = 5_000_000, 100_000_000, 1
CODES = [
    *(
        "010",
        "020",
        "036",
        "040",
        "042",
        "043",
        "051",
        "057",
        "070",
        "0872",
        "100",
        "111",
        "112",
        "120",
        "130",
    ),
    *("138", "140", "145", "150", "160", "171", "173", "180", "183", "190", "193", "194", "195", "203"),
]
# Two hundred names with four roles, so that a week has some thousands of pairs.
ACTORS = [
    chr(65 + k % 26) + chr(65 + (k // 26) % 26) + chr(65 + (k * 7) % 26) + ("", "GOV", "MIL", "REB")[k % 4]
    for k in range(200)
]


def generate(path: Path, n: int) -> None:
    """Write n rows over 16,000 days; every choice is a hash of the row's number and the seed."""

    def choice(of: str, k: int, size: int) -> str:
        return f"{of}[(1 + hash(i, {SEED}, {k}) % {size})::BIGINT]"

    with feeds.connect() as connection:
        connection.execute(
            f"COPY (WITH lists AS (SELECT {ACTORS} AS actors, {CODES} AS codes) "
            f"SELECT strftime(DATE '1979-01-01' + (i * 16000 // {n})::INTEGER, '%Y%m%d') AS date, "
            f"{choice('actors', 1, len(ACTORS))} AS source, {choice('actors', 2, len(ACTORS))} AS target, "
            f"{choice('codes', 3, len(CODES))} AS code, 'made up' AS label, 'sentence ' || i AS text "
            f"FROM range({n}) numbers(i), lists) TO '{path}' "
            "(FORMAT csv, DELIMITER '\t', HEADER false, QUOTE '')"
        )


def bare(path: Path) -> str:
    """The query that somebody would write for this one file by hand."""
    names = ", ".join(f"'{name}': 'VARCHAR'" for name in ("day", "source", "target", "code", "label", "text"))
    return (
        "CREATE OR REPLACE TEMP TABLE bare AS "
        "SELECT date_trunc('week', date)::DATE AS step, source, target, code, count(*) AS n FROM "
        "(SELECT strptime(day, '%Y%m%d')::DATE AS date, source, target, code FROM "
        f"read_csv('{path}', auto_detect = false, header = false, delim = '\t', quote = '', "
        f"columns = {{{names}}})) WHERE date >= DATE '{SINCE}' "
        "AND (starts_with(source, 'A') OR starts_with(target, 'A')) GROUP BY ALL"
    )


def timed(call: object) -> tuple[float, float]:
    """Seconds on the wall and of the processor."""
    wall, cpu = time.perf_counter(), time.process_time()
    call()  # type: ignore[operator]
    return time.perf_counter() - wall, time.process_time() - cpu


def ours(connection: object, path: Path) -> None:
    """tocsin's pass, from the file's name to the counts and the refusals."""
    feed = feeds.look(path, KEDS)
    wanted = counts.Wanted(since=SINCE, names=NAMES)
    counts.count(connection, counts.of_files([feed]), wanted=wanted)  # type: ignore[arg-type]
    counts.refusals(connection, [feed])  # type: ignore[arg-type]


def compare(path: Path) -> None:
    """Question 1: in turns, so that what else the machine does falls on both."""
    times: dict[str, list[tuple[float, float]]] = {"bare": [], "tocsin": []}
    for _ in range(REPEATS):
        with feeds.connect() as connection:
            times["bare"].append(timed(lambda: connection.execute(bare(path))))
            (theirs,) = connection.execute("SELECT sum(n) FROM bare").fetchall()
        with feeds.connect() as connection:
            times["tocsin"].append(timed(lambda: ours(connection, path)))
            (mine,) = connection.execute("SELECT sum(n) FROM counted").fetchall()
        assert theirs == mine, "the two must count the same"
    for place, kind in enumerate(("wall", "processor")):
        medians = {name: statistics.median(pair[place] for pair in pairs) for name, pairs in times.items()}
        least = {name: min(pair[place] for pair in pairs) for name, pairs in times.items()}
        print(
            f"{kind}: bare {medians['bare']:.2f} s, tocsin {medians['tocsin']:.2f} s, "
            f"ratio of medians {medians['tocsin'] / medians['bare']:.2f}, "
            f"of the fastest {least['tocsin'] / least['bare']:.2f}"
        )


def peak_mb() -> float:
    """Largest memory of this process so far, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def stream(path: Path) -> None:
    """Question 2, in a process of its own so that its memory is its own."""
    program = (
        "from benchmarks import events; from pathlib import Path; "
        "from tocsin.events import feeds\n"
        f"with feeds.connect() as c:\n"
        f"    wall, cpu = events.timed(lambda: events.ours(c, Path({str(path)!r})))\n"
        "    chosen = c.execute('SELECT sum(n) FROM counted').fetchone()[0]\n"
        "print(f'{wall:.1f} s, {cpu:.1f} s of the processor; {chosen:,} rows chosen; '\n"
        "    f'peak {events.peak_mb():.0f} MB')"
    )
    subprocess.run([sys.executable, "-c", program], check=True, cwd=Path(__file__).parents[1])


def into_store(path: Path, folder: Path) -> None:
    """Question 3."""
    with store.opened(folder / "events.duckdb", create=True) as connection:
        wall, cpu = timed(lambda: store.import_file(connection, path, KEDS))
        print(f"import: {wall:.1f} s on the wall, {cpu:.1f} s of the processor")
        wanted = counts.Wanted(since=SINCE, names=NAMES)
        wall, cpu = timed(lambda: counts.count(connection, counts.of_store(), wanted=wanted))
        print(f"the same count from the store: {wall:.2f} s, {cpu:.2f} s of the processor")
    print(f"store: {(folder / 'events.duckdb').stat().st_size / 1e6:.0f} MB")


def main() -> None:
    """Generate, measure, print; what was generated is deleted."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--many", type=int, default=MANY)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()))
    given = parser.parse_args()
    if shutil.disk_usage(given.folder).free < 80 * given.many + 200 * given.rows:
        sys.exit("too little free disk for the generated rows")
    with tempfile.TemporaryDirectory(dir=given.folder) as name:
        folder = Path(name)
        if given.rows:
            generate(folder / "some.tab", given.rows)
            print(f"{given.rows:,} rows, {(folder / 'some.tab').stat().st_size / 1e6:.0f} MB")
            compare(folder / "some.tab")
            print(f"peak {peak_mb():.0f} MB")
            into_store(folder / "some.tab", folder)
            print(f"peak with the import {peak_mb():.0f} MB")
            (folder / "some.tab").unlink()
        if given.many:
            generate(folder / "many.tab", given.many)
            print(f"{given.many:,} rows, {(folder / 'many.tab').stat().st_size / 1e9:.1f} GB")
            stream(folder / "many.tab")


if __name__ == "__main__":
    main()
