"""A made-up history in the layout of the historical data: no row of it is anyone's."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import csv
from pyarrow import parquet as pq

SEED = 20261
STATES = (2, 20, 200, 220, 300, 365, 600, 630, 645, 700, 710, 750)
NAMES = [
    "North",
    "South",
    "East",
    "West",
    "Upper",
    "Lower",
    "Inner",
    "Outer",
    "Old",
    "New",
    "Great",
    "Little",
]


TYPES = {"int": pa.int64(), "double": pa.float64(), "text": pa.string(), "date": pa.date32()}


def write(folder: Path, file: str, columns: str, rows: list[tuple[Any, ...]]) -> None:
    """Write a file, Parquet or CSV, with columns typed as in ``a int, b text``."""
    path = folder / file
    path.parent.mkdir(parents=True, exist_ok=True)
    fields = [part.split() for part in columns.split(",")]
    arrays = {}
    for k, (name, kind) in enumerate(fields):
        values = [row[k] for row in rows]
        if kind == "date":
            values = [dt.date.fromisoformat(value) for value in values]
        arrays[name] = pa.array(values, TYPES[kind])
    table = pa.table(arrays)
    if file.endswith("parquet"):
        pq.write_table(table, path)
    else:
        csv.write_csv(table, path)


def context(folder: Path, *, after: int = 9999, scramble: int = 0) -> None:
    """The world of states; what lies after a year depends on `scramble`."""
    early, late = np.random.default_rng(SEED), np.random.default_rng(SEED + 1 + scramble)

    def rng(year: int) -> np.random.Generator:
        return late if year > after else early

    years = range(1895, 1985)
    pairs = [(a, b) for a in STATES for b in STATES if a < b]
    pacts, power, regimes, wars = [], [], [], []
    for year in years:
        for a, b in pairs:
            bound = int(rng(year).random() < 0.1)
            pacts += [(a, b, year, bound, 0, 0, 0), (b, a, year, bound, 0, 0, 0)]
        for state in STATES:
            power.append((state, year, float(rng(year).random() / 5 + 0.01)))
            regimes.append((state, year, float(rng(year).normal())))
        if rng(year).random() < 0.3:
            a, b = pairs[int(rng(year).integers(len(pairs)))]
            wars += [(a, b, year, 1), (b, a, year, 1)]
    write(
        folder,
        "state_context/atop_v51_directed_dyad_years.parquet",
        "ccode1 int, ccode2 int, year int, atop_defense int, atop_offense int, atop_neutral int, "
        "atop_nonagg int",
        pacts,
    )
    write(folder, "state_context/cow_nmc_v7.parquet", "ccode int, year int, cinc double", power)
    write(folder, "state_context/democracy_country_year.parquet", "ccode int, year int, euds double", regimes)
    near = [
        (a, b, 1, "1890-01-01", "2000-12-31") for a in STATES for b in STATES if a != b and (a + b) % 3 == 0
    ]
    write(
        folder,
        "state_context/cow_contiguity_v32_directed.csv",
        "ccode1 int, ccode2 int, conttype int, stdate date, enddate date",
        near,
    )
    rivals = [(a, b, 1890, 2000) for a, b in pairs if (a * b) % 7 < 2]
    write(
        folder,
        "state_context/rivalries_thompson_sakuwa_suhas.csv",
        "ccode1 int, ccode2 int, start int, end int",
        rivals,
    )
    write(
        folder,
        "state_context/arms_races_gibler_rider_hutchison.csv",
        "ccode1 int, ccode2 int, styear int, endyear int",
        [(2, 365, 1947, 1960)],
    )
    write(
        folder,
        "state_context/cow_majors.csv",
        "ccode int, styear int, endyear int",
        [(2, 1898, 2016), (365, 1816, 2016)],
    )
    write(
        folder,
        "state_context/cow_states.csv",
        "ccode int, styear int, endyear int, statenme text",
        [(state, 1816, 2016, name) for state, name in zip(STATES, NAMES, strict=True)],
    )
    write(
        folder,
        "mid/cow_interstate_war_dyad_years_pre1984.parquet",
        "ccode1 int, ccode2 int, year int, cowinterongoing int",
        wars,
    )


def disputes(folder: Path, *, n: int = 420, after: int = 9999, scramble: int = 0) -> None:
    """Made-up disputes; how those that begin after a year go depends on `scramble`."""
    early, late = np.random.default_rng(SEED + 7), np.random.default_rng(SEED + 70 + scramble)
    heads, parts, dyads = [], [], []
    for number in range(n):
        year = 1900 + number * 84 // n
        rng = late if year > after else early
        month, day = int(rng.integers(1, 13)), int(rng.integers(1, 29))
        a, b, c = (int(state) for state in rng.choice(STATES, 3, replace=False))
        war, joins = rng.random() < 0.15, rng.random() < 0.25
        act = 20 if war else int(rng.choice([7, 14, 17]))
        level = 5 if war else 3 if act == 7 else 4
        heads.append((number, 5, 3, level, int(rng.random() < 0.5)))
        end = min(year, 1983)
        span = (year, month, day, end, 12, 28)
        parts += [(number, a, *span, 1, act, 1), (number, b, *span, 0, act, 1)]
        if joins:
            parts.append((number, c, year, 12, 27, end, 12, 28, 1, act, 0))
        wish = int(rng.integers(0, 5))
        dyads += [(number, a, wish, -9, 1), (number, b, 0, -9, 1)]
    write(
        folder,
        "mid/gml_mid_v221_disputes_pre1984.parquet",
        "dispnum int, outcome int, settle int, hostlev int, recip int",
        heads,
    )
    write(
        folder,
        "mid/gml_mid_v221_participants_pre1984.parquet",
        "dispnum int, ccode int, styear int, stmon int, stday int, endyear int, endmon int, endday int, "
        "sidea int, hiact int, orig int",
        parts,
    )
    write(
        folder,
        "mid/gml_mid_v221_directed_dyad_years_pre1984.parquet",
        "dispnum int, ccode1 int, revtype11 int, revtype21 int, midonset int",
        dyads,
    )


def crises(folder: Path, *, n: int = 220) -> None:
    """Made-up crises."""
    rng = np.random.default_rng(SEED + 3)
    heads, actors = [], []
    for number in range(n):
        year = 1918 + number * 66 // n
        struck, by, other = (int(state) for state in rng.choice(STATES, 3, replace=False))
        heads.append(
            (
                number,
                int(rng.integers(2, 10)),
                by,
                year,
                12,
                20,
                int(rng.integers(1, 5)),
                int(rng.random() < 0.05) * 6 + 1,
                year,
            )
        )
        actors.append((number, struck, year, 3, 4))
        if rng.random() < 0.3:
            actors.append((number, other, year, 4, 66))
    write(
        folder,
        "icb/icb1_v14_crises_1918_1983.parquet",
        "crisno int, break_ int, trigent int, yrterm int, moterm int, daterm int, viol int, iwcmb int, "
        "yrtrig int",
        heads,
    )
    write(
        folder,
        "icb/icb2_v14_actors_1918_1983.parquet",
        "crisno int, cracid int, yrtrig int, motrig int, datrig int",
        actors,
    )


def clashes(folder: Path) -> None:
    """Two pairs with an armed group and one of two groups, each with a few deadly days."""
    rows = []
    for name, one, two, kind, days in (
        (
            "Government of North - Front",
            "Government of North",
            "Front",
            1,
            [("1995-03-10", 4), ("1995-04-20", 120)],
        ),
        (
            "Government of South - League",
            "Government of South",
            "League",
            1,
            [("2001-01-01", 1), ("2001-06-01", 30)],
        ),
        ("Front - League", "Front", "League", 2, [("1999-05-05", 2)]),
        (
            "Government of North - Government of South",
            "Government of North",
            "Government of South",
            1,
            [("1999-01-01", 9)],
        ),
    ):
        rows += [(name, kind, one, two, day, deaths) for day, deaths in days]
    write(
        folder,
        "ucdp_ged/ged211_precise_events_1989_2018.parquet",
        "dyad_name text, type_of_violence int, side_a text, side_b text, date_start date, best int",
        rows,
    )


def everything(folder: Path, *, after: int = 9999, scramble: int = 0) -> Path:
    """The whole made-up history; what lies after a year depends on `scramble`."""
    context(folder, after=after, scramble=scramble)
    disputes(folder, after=after, scramble=scramble)
    crises(folder)
    clashes(folder)
    return folder
