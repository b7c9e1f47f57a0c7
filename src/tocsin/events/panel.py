"""Directed dyad-weeks: what event files say of each pair of actors, week by week.

A file of events is one *theatre*. Events are grouped by initiator, target and week, counted at each rung of
the ladder, and the highest rung with an event is the week's **coded rung**. It is a reading of what happened,
made by a machine from news leads, and not the posture itself: `tocsin.events.fit` treats it so.

Who is who follows from how KEDS makes its codes (`actor`), not from the dictionary of `tocsin.events.actors`:
a backtest has to run on theatres for which nobody has written one.

Which dyads are kept depends on the weeks before the split alone, so that nothing of the test span decides
what is tested.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
from numpy.typing import NDArray

from tocsin.errors import TocsinError
from tocsin.events import ladder

N_RUNGS = 7
COLUMNS = ("date", "source", "target", "code")
# CAMEO numbers its most violent root 20, WEIS 22; only WEIS has codes above 209.
WEIS_ONLY = ("21", "22")
# Codes that name a region, a faith or nobody in particular cannot take turns with anybody.
NOT_ACTORS = frozenset([
    "UNK", "ARB", "MOS", "MEA", "EUR", "CHR", "JEW", "WST", "AFR", "ASA", "IMG", "NGO", "NGM",
    "MNC", "GUN", "SAF", "EAF", "WAF", "CAF", "NAF", "LAM", "SAM", "CAS", "EEU", "SEA", "EAS",
    "NMR", "WOR", "XXX", "---", "BAL", "MUS", "REL",
])  # fmt: skip
# Roles that an actor's code may carry behind its first three letters; they do not make it another actor.
ROLES = frozenset([
    "GOV", "MIL", "REB", "OPP", "COP", "JUD", "SPY", "MED", "EDU", "BUS", "CRM", "CVL", "NGO",
    "ELI", "LEG", "SET", "LAB", "REF", "AGR", "HLH", "ENV", "DEV", "INS", "SEP", "UAF", "PTY",
    "IMG", "NGM", "MNC", "RAD", "MOD",
])  # fmt: skip
# Armed groups that are actors of their own wherever their letters stand in a code.
GROUPS = {"HEZ": "HEZBOLLAH", "HMS": "HAMAS"}
# Two codes of one actor, from different years of the same project.
SAME = {"PAL": "PSE"}


class NoPanelError(TocsinError):
    """There are no events from which dyad-weeks could be made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """Directed dyad-weeks of one theatre. D directed dyads, T weeks, L rungs.

    Dyads 2k and 2k + 1 are each other's reverse.
    """

    theatre: str
    scheme: str  # of the codes: "cameo" or "weis"
    weeks: NDArray[np.datetime64]  # (T,) the Sunday on which each week begins
    dyads: tuple[tuple[str, str], ...]  # (D,) initiator, target
    counts: NDArray[np.int32]  # (D, T, L) events coded at each rung; rung 0 counts what is not hostile
    volume: NDArray[np.int32]  # (T,) all events of the theatre, whoever took part
    rung: NDArray[np.int8]  # (D, T) the coded rung: the highest with an event, 0 in a week without

    def __post_init__(self) -> None:
        D, T = self.rung.shape
        assert self.counts.shape == (D, T, N_RUNGS)
        assert len(self.weeks) == len(self.volume) == T
        assert all(self.dyads[d ^ 1] == self.dyads[d][::-1] for d in range(D))


def actor(code: str) -> str:
    """The actor that a KEDS code stands for: a country, or an armed or ethnic group within one.

    Examples
    --------
    >>> [actor(code) for code in ("ISRMIL", "LBNREBHEZ", "PALPLO", "BOSSER", "ETHALB", "IGOUNO")]
    ['ISR', 'HEZBOLLAH', 'PSE', 'BOSSER', 'ETHALB', 'IGOUNO']
    """
    for letters, group in GROUPS.items():
        if letters in code:
            return group
    first, second = code[:3], code[3:6]
    if first in ("IGO", "ETH"):
        return code[:6]
    if len(second) == 3 and second not in ROLES and first not in SAME and first != "PSE":
        return code[:6]
    return SAME.get(first, first)


def event_files(data: Path) -> tuple[Path, ...]:
    """Files of dated, directed, coded events in a folder or in its `keds` folder, by name."""
    folders = [data, data / "keds"]
    files = [
        path
        for folder in folders
        if folder.is_dir()
        for path in sorted(folder.iterdir())
        if path.suffix in (".parquet", ".csv", ".tab", ".tsv") and _has_columns(path)
    ]
    if not files:
        raise NoPanelError(
            f"{data}: no event file found; expected Parquet or delimited text with the columns "
            f"{', '.join(COLUMNS)}, here or in a folder keds below it"
        )
    return tuple(files)


def read_panels(
    data: Path, *, dyads_at_least: int = 16, train_to: int | None = None, theatres: tuple[str, ...] = ()
) -> tuple[Panel, ...]:
    """Dyad-weeks of each theatre in a folder.

    Parameters
    ----------
    data : a folder with event files, or with a folder `keds` of them
    dyads_at_least : how many directed dyads a theatre gives, where it has so many with enough events
    train_to : first year of the test span, which decides what may be looked at when dyads are chosen
    theatres : stems of the files wanted; all where empty

    Raises
    ------
    NoPanelError where no file holds events, or none is named so
    """
    files = event_files(data)
    if theatres:
        known = {path.stem for path in files}
        if unknown := [name for name in theatres if name not in known]:
            raise NoPanelError(f"no theatre {unknown[0]!r} in {data}; there are {', '.join(sorted(known))}")
        files = tuple(path for path in files if path.stem in theatres)
    return tuple(read_panel(path, dyads_at_least=dyads_at_least, train_to=train_to) for path in files)


def read_panel(path: Path, *, dyads_at_least: int = 16, train_to: int | None = None) -> Panel:
    """Dyad-weeks of one file of events; see `read_panels`."""
    with duckdb.connect() as connection:
        rows = connection.execute(
            f"""
            select day, upper(trim(source)), upper(trim(target)), trim(cast(code as varchar))
            from (select *, try_cast(date as date) as day from {_scan(path)})
            where day is not null and source is not null and target is not null and code is not null
            """
        ).fetchnumpy()
    days, sources, targets, codes = (np.ma.getdata(column) for column in rows.values())
    if not len(days):
        raise NoPanelError(f"{path}: no event has a date, a source, a target and a code")
    scheme = _scheme(codes)
    rung = _coded(codes, scheme)
    known = rung >= 0
    days = days[known].astype("datetime64[D]")
    initiator, target = (_actors(column[known]) for column in (sources, targets))
    return from_events(
        path.stem,
        scheme,
        days=days,
        initiator=initiator,
        target=target,
        rung=rung[known],
        dyads_at_least=dyads_at_least,
        train_to=train_to,
    )


def from_events(
    theatre: str,
    scheme: str,
    *,
    days: NDArray[np.datetime64],
    initiator: NDArray[np.str_],
    target: NDArray[np.str_],
    rung: NDArray[np.int8],
    dyads_at_least: int = 16,
    train_to: int | None = None,
) -> Panel:
    """Group events into the panel's weeks, which begin on the Sunday on or before the first event."""
    first = days.min()
    # 1970-01-01 was a Thursday.
    first -= np.timedelta64((first.astype(int) + 4) % 7, "D")
    week = ((days - first).astype(int) // 7).astype(np.int64)
    T = int(week.max()) + 1
    weeks = first + 7 * np.arange(T).astype("timedelta64[D]")
    split = _split(weeks, train_to)
    dyads = _busiest(initiator, target, week, rung, split, dyads_at_least)
    counts = np.zeros((len(dyads), T, N_RUNGS), dtype=np.int32)
    place = {dyad: d for d, dyad in enumerate(dyads)}
    row = np.array([place.get(pair, -1) for pair in zip(initiator.tolist(), target.tolist(), strict=True)])
    kept = row >= 0
    np.add.at(counts, (row[kept], week[kept], rung[kept]), 1)
    return Panel(
        theatre=theatre,
        scheme=scheme,
        weeks=weeks,
        dyads=dyads,
        counts=counts,
        volume=np.bincount(week, minlength=T).astype(np.int32),
        rung=highest_rung(counts),
    )


def highest_rung(counts: NDArray[np.int32]) -> NDArray[np.int8]:
    """(...) the coded rung of counts (..., L): the highest rung with an event, 0 where there is none.

    Examples
    --------
    >>> highest_rung(np.array([[5, 0, 0], [0, 2, 0], [1, 1, 4]])).tolist()
    [0, 1, 2]
    """
    n_rungs = counts.shape[-1]
    hostile = np.where(counts[..., 1:] > 0, np.arange(1, n_rungs), 0)
    return np.asarray(hostile.max(axis=-1), dtype=np.int8)


def split_week(panel: Panel, train_to: int | None = None) -> int:
    """Index of the first test week: that of 1 January of `train_to`, or of the year nearest 6/7 of the span.

    Raises
    ------
    NoPanelError where the split leaves less than a year on either side
    """
    return _split(panel.weeks, train_to)


def _split(weeks: NDArray[np.datetime64], train_to: int | None) -> int:
    at = len(weeks) * 6 // 7
    years = range(_year(weeks[0]), _year(weeks[-1]) + 2) if train_to is None else [train_to]
    splits = [int(np.searchsorted(weeks, np.datetime64(f"{year}-01-01"))) for year in years]
    fair = [split for split in splits if 52 <= split <= len(weeks) - 26]
    if not fair:
        named = "every turn of a year" if train_to is None else f"a split at 1 January {train_to}"
        raise NoPanelError(
            f"{named} leaves too little on one side: the events run from {weeks[0]} to {weeks[-1]}; "
            "expected a year to learn from and half a year to test\n"
            "  mend: name another year with --train-to, or give longer files"
        )
    return min(fair, key=lambda split: abs(split - at))


def _year(day: np.datetime64) -> int:
    return int(day.astype("datetime64[Y]").astype(int)) + 1970


def _busiest(
    initiator: NDArray[np.str_],
    target: NDArray[np.str_],
    week: NDArray[np.int64],
    rung: NDArray[np.int8],
    split: int,
    at_least: int,
) -> tuple[tuple[str, str], ...]:
    """The pairs with most dyad-weeks of a hostile act before the split, both directions of each."""
    hostile = (rung >= 1) & (week < split) & (initiator != target)
    seen = set(
        zip(initiator[hostile].tolist(), target[hostile].tolist(), week[hostile].tolist(), strict=True)
    )
    busy: dict[tuple[str, str], int] = {}
    for a, b, _ in seen:
        if a not in NOT_ACTORS and b not in NOT_ACTORS:
            busy[min(a, b), max(a, b)] = busy.get((min(a, b), max(a, b)), 0) + 1
    if not busy:
        raise NoPanelError("no pair of actors has a hostile event before the split")
    pairs = sorted(busy, key=lambda pair: (-busy[pair], pair))[: (at_least + 1) // 2]
    return tuple(dyad for a, b in pairs for dyad in ((a, b), (b, a)))


def _scan(path: Path) -> str:
    name = str(path).replace("'", "''")
    return f"read_parquet('{name}')" if path.suffix == ".parquet" else f"read_csv('{name}', all_varchar=true)"


def _has_columns(path: Path) -> bool:
    try:
        with duckdb.connect() as connection:
            described = connection.execute(f"describe select * from {_scan(path)}").fetchall()
    except duckdb.Error:
        return False
    return set(COLUMNS) <= {str(row[0]) for row in described}


def _scheme(codes: NDArray[np.str_]) -> str:
    """WEIS has roots 21 and 22, which CAMEO has not; CAMEO has codes of four digits, which WEIS has not."""
    kinds = np.unique(codes)
    return "weis" if any(code.startswith(WEIS_ONLY) for code in kinds.tolist()) else "cameo"


def _coded(codes: NDArray[np.str_], scheme: str) -> NDArray[np.int8]:
    kinds, place = np.unique(codes.astype(str), return_inverse=True)
    found = [ladder.rung(scheme, code) for code in kinds.tolist()]
    return np.array([-1 if rung is None else rung for rung in found], dtype=np.int8)[place]


def _actors(codes: NDArray[np.str_]) -> NDArray[np.str_]:
    kinds, place = np.unique(codes.astype(str), return_inverse=True)
    return np.array([actor(code) for code in kinds.tolist()])[place]
