"""What changes the game from outside or by agreement: events, levers, deals and their effects."""

from __future__ import annotations

from collections.abc import Iterator

from tocsin.case.check.dates import inside, known_after, order
from tocsin.case.check.finding import Finding, finding, listed, warning
from tocsin.case.check.names import Names
from tocsin.case.faults import Path
from tocsin.case.model import Case, Deal, Effect

_TARGETS = {
    "factor": "factors",
    "standing": "actors",
    "threat": "threats",
    "tie": "ties",
    "provokes": "fronts",
    "pull": "fronts",
    "deal": "deals",
    "table": "deals",
}
# Factors, standing and ties live in [0, 1]; nats as in words.py. Rungs are bounded by the ladder.
_LARGEST_SHIFT = {"factor": 1.0, "standing": 1.0, "tie": 1.0, "threat": 20.0, "pull": 20.0}


def check_changes(case: Case, names: Names) -> Iterator[Finding]:
    """Events, levers and deals: their dates, whom they name, and what their effects change."""
    for i, event in enumerate(case.events):
        yield from inside(case, event.date, ("events", i, "date"))
        yield from known_after(event.date, event.known, ("events", i, "known"))
        yield from order(event.date, event.until, ("events", i, "until"))
        if event.lever is not None:
            yield from names.unknown("levers", event.lever, ("events", i, "lever"))
        yield from _effects(event.effects, ("events", i, "effects"), names)
    for i, lever in enumerate(case.levers):
        yield from names.unknown("actors", lever.actor, ("levers", i, "actor"))
        yield from _effects(lever.effects, ("levers", i, "effects"), names)
        if not lever.effects:
            yield warning(
                ("levers", i, "effects"),
                "no effects",
                "something that pulling the lever changes",
                "add an effect",
            )
    for i, deal in enumerate(case.deals):
        yield from _deal(deal, ("deals", i), names)


def _effects(effects: tuple[Effect, ...], path: Path, names: Names) -> Iterator[Finding]:
    for k, effect in enumerate(effects):
        kind, reference = effect.target
        here = (*path, k)
        if kind == "tie":
            yield from _tie(reference, (*here, "tie"), names)
        else:
            yield from names.unknown(_TARGETS[kind], reference, (*here, kind))
        if kind == "deal" and effect.shift not in (1.0, -1.0):
            yield finding(
                (*here, "shift"), f"{effect.shift:g}", "1 to sign the deal, or -1 to end it", "write 1 or -1"
            )
        if kind == "table" and effect.shift not in (1.0, -1.0):
            yield finding(
                (*here, "shift"),
                f"{effect.shift:g}",
                "1 to put the deal on the table, or -1 to take it off",
                "write 1 or -1",
            )
        largest = _LARGEST_SHIFT.get(kind, float(len(names.of("rungs")) - 1))
        if kind not in ("deal", "table") and abs(effect.shift) > largest:
            yield finding(
                (*here, "shift"),
                f"{effect.shift:g}",
                f"a shift of the {kind} from {-largest:g} to {largest:g}",
                "write a number in that range",
            )
        if effect.at_once and kind != "factor":
            yield warning(
                (*here, "at_once"),
                f"at_once for a {kind}",
                "at_once for a factor only",
                "remove it: it changes nothing here",
            )


def _tie(reference: str, path: Path, names: Names) -> Iterator[Finding]:
    """A tie that an effect adds to need not exist yet; its two actors must."""
    if names.has("ties", reference):
        return
    actors = reference.split(" -> ")
    if len(actors) != 2:
        yield finding(path, repr(reference), 'a tie: "from -> to"', "write it like 'norland -> sudria'")
        return
    for actor in actors:
        yield from names.unknown("actors", actor, path)
    if actors[0] == actors[1]:
        yield finding(path, f"{actors[0]} toward itself", "two different actors", "name the other actor")


def _deal(deal: Deal, path: Path, names: Names) -> Iterator[Finding]:
    one, other = deal.between
    for k, party in enumerate(deal.between):
        yield from names.unknown("actors", party, (*path, "between", k))
    yield from names.unknown("rungs", deal.cap, (*path, "cap"))
    if one == other:
        yield finding(
            (*path, "between"), f"{one} with itself", "two different actors", "name the other party"
        )
    elif all(names.has("actors", party) for party in deal.between) and not any(
        names.has("fronts", front) for front in (f"{one} -> {other}", f"{other} -> {one}")
    ):
        yield finding(
            (*path, "between"),
            f"no front between {one} and {other}",
            "a front that the deal caps",
            f"add the front {one} -> {other}, or its reverse",
        )
    for name in deal.terms:
        if name not in deal.between:
            yield finding(
                (*path, "terms", name),
                f"terms for {name}",
                f"terms for {listed(deal.between)}",
                "remove it, or name a party",
                at_key=True,
            )
    if deal.off_table is not None and deal.on_table is None:
        yield finding(
            (*path, "off_table"),
            f"{deal.off_table} without on_table",
            "on_table before off_table",
            "add on_table, or remove off_table",
        )
    yield from order(deal.on_table, deal.off_table, (*path, "off_table"))
