"""Estimate how feeds mislead about postures, from the historical data: writes ``events/data/confusion.csv``.

Two things can be told without knowing the true posture. Where allies were not fighting, coded fighting is
false. Where UCDP counts deaths between two sides in a week, there was fighting, and tens or hundreds of
deaths say how much. The rest is judgement, said to be so in the table's own words.

    uv run scripts/confusion.py --data DIR
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tocsin.events import confusion, counts, feeds
from tocsin.events.actors import Dictionary, Entry, usual
from tocsin.events.formats import FORMATS
from tocsin.events.ladder import RUNGS
from tocsin.events.postures import Reading, postures, steps_between

L = len(RUNGS)
OUT = Path(__file__).resolve().parents[1] / "src" / "tocsin" / "events" / "data" / "confusion.csv"
# Judgement: how far one rung is taken for the next, and how many weeks that judgement counts for.
BLUR, PRIOR_WEEKS = 0.35, 20.0
# One reading in a hundred may be anything at all, so that none is ever impossible.
ANYTHING = 0.01
# Pairs that had no fighting with each other in the years of the data.
ALLIES = {
    "keds": [
        ("united-states", "israel"),
        ("united-states", "united-kingdom"),
        ("united-states", "france"),
        ("united-states", "egypt"),
        ("united-states", "jordan"),
        ("united-states", "saudi-arabia"),
        ("united-states", "turkey"),
        ("france", "united-kingdom"),
        ("jordan", "egypt"),
        ("israel", "france"),
    ],
    "keds-weis": [
        ("united-states", "germany"),
        ("united-states", "france"),
        ("united-states", "turkey"),
        ("germany", "france"),
        ("united-states", "nato"),
        ("croatia", "germany"),
    ],
}
# Pairs whose fighting UCDP counts, and under whose names the feeds code them.
AT_WAR = {
    "keds": [("israel", "hezbollah"), ("israel", "palestinian side"), ("united-states", "iraq")],
    "keds-weis": [("bosnia", "bosnian-serbs"), ("croatia", "krajina-serbs"), ("serbia", "kosovo side")],
}
FILES = {
    "keds": ("keds", "keds/levant_cameo_1979_2007.parquet"),
    "keds-weis": ("keds-weis", "keds/balkans_weis_1989_2003.parquet"),
    "ged": ("ucdp-ged", "ucdp_ged/ged211_precise_events_1989_2018.parquet"),
}
# Groups that feeds and UCDP name at different grain are taken together here.
TOGETHER = {
    "palestinian side": ("palestinians", "hamas", "pij"),
    "kosovo side": ("kosovo", "kosovo-liberation-army"),
}
DEATHS = (1, 10, 100, 1000)  # a few, tens, hundreds, a thousand: rungs 3 to 6, as the ladder says


def dictionary() -> Dictionary:
    """The shipped one, with the groups taken together, and UCDP's names for the smaller ones."""
    of = {old: new for new, olds in TOGETHER.items() for old in olds}
    more = [Entry(actor="palestinian side", pattern=name) for name in ("AMB", "PRC", "PFLP", "PNA")]
    more.append(Entry(actor="united-states", pattern="Government of *United States of America*"))
    entries = [
        Entry(actor=of.get(e.actor, e.actor), pattern=e.pattern, since=e.since, until=e.until)
        for e in usual().entries
    ]
    return Dictionary(entries=(*more, *entries))


def readings(
    data: Path, feed: str, pairs: list[tuple[str, str]], since: dt.date, until: dt.date
) -> tuple[Reading, ...]:
    """Readings of both directions of some pairs, week by week."""
    name, file = FILES[feed]
    fronts = [front for a, b in pairs for front in ((a, b), (b, a))]
    with feeds.connect() as connection:
        relation = counts.of_files([feeds.look(data / file, FORMATS[name])])
        return postures(connection, relation, fronts, steps_between(since, until, "week"), dictionary())


def deaths(data: Path, pairs: list[tuple[str, str]]) -> dict[tuple[str, str, dt.date], int]:
    """UCDP's best estimate of deaths by pair, either way round, and Monday."""
    name, file = FILES["ged"]
    found: dict[tuple[str, str, dt.date], int] = {}
    own = dictionary()
    with feeds.connect() as connection:
        relation = counts.of_files([feeds.look(data / file, FORMATS[name])])
        rows = connection.execute(
            f"SELECT date, initiator, target, sum(deaths_best) FROM ({relation}) "
            "WHERE reason IS NULL AND code = '1' GROUP BY ALL"
        ).fetchall()
    known = {name: {s.actor for s in own.spells([name])} for row in rows for name in row[1:3]}
    for day, one, other, n in rows:
        monday = day - dt.timedelta(days=day.weekday())
        for a, b in pairs:
            if (a in known[one] and b in known[other]) or (b in known[one] and a in known[other]):
                for front in ((a, b), (b, a)):
                    found[(*front, monday)] = found.get((*front, monday), 0) + int(n)
    return found


def matrix(data: Path, feed: str) -> tuple[confusion.Chances, str]:
    """The estimated matrix of one feed, and how it came about in words."""
    first, last = {
        "keds": (dt.date(1989, 1, 2), dt.date(2007, 12, 31)),
        "keds-weis": (dt.date(1989, 4, 3), dt.date(2003, 8, 4)),
    }[feed]
    calm = readings(data, feed, ALLIES[feed], first, last)
    false = sum(reading.rung >= 3 for reading in calm)
    share = false / len(calm)
    how = np.bincount([reading.rung for reading in calm if reading.rung >= 3], minlength=L).astype(float)
    killed = deaths(data, AT_WAR[feed])
    told: NDArray[np.int64] = np.zeros((L, L), dtype=np.int64)
    for reading in readings(data, feed, AT_WAR[feed], first, last):
        n = killed.get((reading.initiator, reading.target, reading.first_day), 0)
        if n:
            told[reading.rung, 2 + sum(n >= least for least in DEATHS)] += 1
    prior = confusion.blur(L, BLUR)
    # Below fighting nothing can be told but the false alarms; they take the place of the blur upward.
    low = np.zeros((L, L))
    low[:3, :3] = confusion.blur(3, BLUR) * (1.0 - share)
    low[:, :3] += share * (how / how.sum())[:, None]
    prior[:, :3] = low[:, :3]
    # What was coded of any fighting says more of the higher rungs than a blur: feeds seldom code those.
    any_fighting = told[:, 3:].sum(axis=1) / told[:, 3:].sum()
    prior[:, 3:] = 0.5 * prior[:, 3:] + 0.5 * any_fighting[:, None]
    highest = 4 if feed == "keds-weis" else L - 1
    chance = confusion.no_higher(confusion.estimate(told, prior, PRIOR_WEEKS), highest)
    rows = "".join(f"  {RUNGS[c]:10s}{''.join(f'{n:6d}' for n in told[c, 3:])}\n" for c in range(L))
    sys.stdout.write(
        f"{feed}: fighting coded in {false} of {len(calm)} front-weeks of allies ({share:.1%})\n"
        f"  coded (rows) by deaths counted (columns: a few, tens, hundreds, a thousand)\n{rows}"
    )
    weeks = told[:, 3:].sum()
    return chance, (
        f"false alarms from {false} of {len(calm)} front-weeks of allies; fighting from {weeks} "
        "front-weeks with deaths in UCDP GED 21.1; among the lower rungs judgement"
    )


def judged(misses: float) -> confusion.Chances:
    """Feeds of deadly events alone: nothing below fighting shows, and some fighting goes uncounted."""
    chance = np.zeros((L, L))
    chance[:, :3] = np.array([0.97, 0.0, 0.0, 0.025, 0.005, 0.0, 0.0])[:, None]
    chance[:, 3:] = (1.0 - misses) * np.vstack([np.zeros((3, 4)), confusion.blur(4, BLUR)])
    chance[0, 3:] += misses
    return chance


def main() -> None:
    """Estimate, print the counts, and write the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="folder of the historical data")
    data = parser.parse_args().data
    if not data.is_dir():
        sys.exit(f"{data}: found no such folder; expected the historical data")
    keds, keds_basis = matrix(data, "keds")
    weis, weis_basis = matrix(data, "keds-weis")
    borrowed = "borrowed from keds, which is coded alike; not tested on this feed"
    table = {
        "keds": (keds, keds_basis),
        "keds-weis": (weis, weis_basis),
        **dict.fromkeys(("gdelt", "icews", "polecat"), (keds, borrowed)),
        "ucdp-ged": (judged(0.15), "judgement: only deadly events are in it, and few of them are missed"),
        "acled": (judged(0.10), "judgement: read by people; few fights are missed"),
    }
    with OUT.open("w", encoding="utf-8", newline="\n") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["source", "coded", *RUNGS, "basis"])
        for source, (chance, basis) in table.items():
            rounded = ((1.0 - ANYTHING) * chance + ANYTHING / L).round(5)
            # What rounding leaves goes to the largest of the column, so that each still sums to one.
            rounded[rounded.argmax(axis=0), range(L)] += 1.0 - rounded.sum(axis=0)
            for coded, row in zip(RUNGS, rounded, strict=True):
                writer.writerow([source, coded, *(f"{value:.5f}" for value in row), basis])


if __name__ == "__main__":
    main()
