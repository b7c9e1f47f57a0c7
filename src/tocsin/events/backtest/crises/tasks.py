"""The four things forecast: war from a dispute or crisis, and a third party's entry into either.

Left out because they are coded from how it went: of the crises ``viol``, ``sevvio``, ``cenvio``, ``gravcr``
and ``gravty`` (the gravest threat *at any time*), ``noactr``, ``cractr``, ``gpinv``, ``usinv`` and the other
involvements, ``mediate``, ``outcom``, ``protrac`` (its third value is a long war), ``stressad``, ``timvio``,
``geostr``; of the disputes ``hiact``, ``hostlev``, ``fatality``, ``recip``, ``settle``, ``outcome`` and the
durations. ``iwcmb`` is used only to leave out crises that arise inside a war (values 3 and above): these
cannot *end* in war. Its value 2 says that a crisis went on to war, and is therefore not a column.

Sources: Gibler, Miller and Little 2016; Brecher, Wilkenfeld, Beardsley, James and Quinn, International Crisis
Behavior data 14 and codebook.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

from tocsin.events import context as context_files
from tocsin.events import disputes as dispute_files
from tocsin.events.backtest.crises.situations import Encounters, Opening, Table, of_disputes, table
from tocsin.events.context import read_context
from tocsin.events.disputes import WAR, read_disputes
from tocsin.events.history import Rows, ask, day_number

ICB1, ICB2 = "icb/icb1_v14_crises_1918_1983.parquet", "icb/icb2_v14_actors_1918_1983.parquet"
FILES = (*dispute_files.FILES, *context_files.FILES, ICB1, ICB2)
FULL_SCALE_WAR = 4
INSIDE_A_WAR = 3
END_OF_DATA = day_number(1984, 12, 31)
# Numbers from here on stand for no single state.
NO_STATE = 990
TRIGGERS = {
    1: "verbal act",
    2: "political act",
    3: "economic act",
    4: "external change",
    5: "other non-violent act",
    6: "internal challenge",
    7: "non-violent military act",
    8: "indirect violent act",
    9: "violent act",
}
_TRIGGER_CLASS = {6: "internal", 7: "military", 8: "violent", 9: "violent"}

TASKS = {
    "dispute-war": "a militarised dispute ends in war",
    "dispute-entry": "a state comes into a militarised dispute after its first day",
    "crisis-war": "a crisis that begins outside a war ends in full-scale war",
    "crisis-entry": "a further state is drawn into a crisis after its first day",
}


def read_tasks(folder: Path) -> tuple[Table, ...]:
    """The four tables, in the order of `TASKS`.

    Raises
    ------
    HistoryError if a file is missing or lacks a column
    """
    world = read_context(folder)
    disputes = read_disputes(folder)
    encounters = Encounters(disputes)
    openings = tuple(of_disputes(disputes))
    crises = tuple(read_crises(folder))
    return (
        table("dispute-war", ((o, d.last, d.level >= WAR) for o, d in openings), world, encounters),
        table("dispute-entry", ((o, d.last, bool(d.joiners)) for o, d in openings), world, encounters),
        table("crisis-war", ((o, last, war) for o, last, war, _ in crises), world, encounters),
        table("crisis-entry", ((o, last, entry) for o, last, _, entry in crises), world, encounters),
    )


def read_crises(folder: Path) -> list[tuple[Opening, int, bool, bool]]:
    """Crises that began outside a war: opening, last day, ended in war, drew in a further state."""
    heads = ask(folder, ICB1, ("crisno", "break_", "trigent", "yrterm", "moterm", "daterm", "viol", "iwcmb"))
    members = ask(folder, ICB2, ("crisno", "cracid", "yrtrig", "motrig", "datrig"))
    actors: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for crisis, state, year, month, day in members:
        actors[crisis].append((day_number(year, month, day), state))
    return [_crisis(head, actors[head[0]]) for head in heads if head[7] < INSIDE_A_WAR and actors[head[0]]]


def _crisis(head: tuple[Any, ...], actors: list[tuple[int, int]]) -> tuple[Opening, int, bool, bool]:
    crisis, trigger, trigger_entity, year, month, day, violence, _ = head
    first = min(when for when, _ in actors)
    # Whoever was in crisis on the first day was acted on; the state that set it off is the initiator.
    struck = tuple(sorted(state for when, state in actors if when == first))
    by = () if trigger_entity >= NO_STATE or trigger_entity in struck else (trigger_entity,)
    opening = Opening(
        id=f"crisis {crisis}",
        first=first,
        initiators=by or struck,
        targets=struck if by else (),
        initiator_issues=frozenset(),
        target_issues=frozenset(),
        trigger=_TRIGGER_CLASS.get(trigger, ""),
        kind=TRIGGERS.get(trigger, "not coded"),
    )
    drawn_in = any(when > first and state not in by for when, state in actors)
    # An end that is not recorded teaches nothing before the data end.
    last = END_OF_DATA if year is None else max(day_number(year, month, day), first)
    return opening, last, violence == FULL_SCALE_WAR, drawn_in


def crisis_rows(folder: Path) -> Rows:
    """How many crises were left out because they arose inside a war, by value of ``iwcmb``."""
    counts: dict[int, int] = defaultdict(int)
    for (value,) in ask(folder, ICB1, ("iwcmb",)):
        counts[value] += 1
    return sorted(counts.items())
