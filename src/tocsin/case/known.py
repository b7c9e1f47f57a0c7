"""The case as it could have been known on a day, and a digest that says which case it was.

Two clocks run through a case: when something happened and when it became known. An honest past
forecast may use only what was known by its date, so everything later is taken out before anything is
computed, and the digest of what is left proves it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import TypeVar

from tocsin.case.model import Actor, Case, Deal, Event, Source, Tie, Watch

_Dated = TypeVar("_Dated", Event, Tie, Watch)


def as_known(case: Case, as_of: dt.date) -> Case:
    """The case as it could have been known at the end of a day.

    Reports and events that became known later are gone, and so are ties and watches that began later,
    every outcome, and whatever is known now of what was hidden then. An end that lay in the future (of an
    event's effects, a tie, a watch) was not known: it is left open. A deal that came on the table later is
    not on it. What the analyst could write at any time (actors, reasons, levers, questions, collectors, a
    source's record) stays as it is, but for where a map draws an actor, which tells nothing. Other views of
    the case are gone: who wants one takes it before (`tocsin.case.variant`), and writing one more leaves the
    digest of every forecast alone.

    Parameters
    ----------
    case : a checked case
    as_of : last day whose news counts

    Returns
    -------
    a case; ``as_known(as_known(case, day), day)`` is the same again
    """
    return case.model_copy(
        update={
            "reports": tuple(report for report in case.reports if report.known_on <= as_of),
            "events": tuple(_open_ended(event, as_of) for event in case.events if event.known_on <= as_of),
            "ties": tuple(_open_ended(tie, as_of) for tie in case.ties if tie.since <= as_of),
            "actors": tuple(_unplaced(actor) for actor in case.actors),
            "sources": tuple(_watching(source, as_of) for source in case.sources),
            "deals": tuple(_on_table(deal, as_of) for deal in case.deals),
            "outcomes": (),
            "truth": None,
            "variants": (),
        }
    )


def _unplaced(actor: Actor) -> Actor:
    return actor if actor.place is None else actor.model_copy(update={"place": None})


def _open_ended(thing: _Dated, as_of: dt.date) -> _Dated:
    if thing.until is None or thing.until <= as_of:
        return thing
    return thing.model_copy(update={"until": None})


def _on_table(deal: Deal, as_of: dt.date) -> Deal:
    later = [
        name for name in ("on_table", "off_table") if (day := getattr(deal, name)) is not None and day > as_of
    ]
    return deal.model_copy(update=dict.fromkeys(later)) if later else deal


def _watching(source: Source, as_of: dt.date) -> Source:
    watches = tuple(
        _open_ended(watch, as_of) for watch in source.watches if watch.since is None or watch.since <= as_of
    )
    return source if watches == source.watches else source.model_copy(update={"watches": watches})


def digest(case: Case) -> str:
    """SHA-256 of everything a case says, in hexadecimal.

    Reports count in the order of when they became known, then of their date and id, so that the order
    of a file's rows, and whether reports came as CSV or YAML, make no difference.

    Parameters
    ----------
    case : any case

    Returns
    -------
    64 hexadecimal digits; 16 of them are enough to show
    """
    ordered = sorted(case.reports, key=lambda report: (report.known_on, report.date, report.id))
    plain = case.model_copy(update={"reports": tuple(ordered)}).model_dump(mode="json", by_alias=True)
    # These came later: a case that does not use them keeps the digest it always had.
    for name in [name for name in ("collectors", "truth", "variants") if not plain[name]]:
        del plain[name]
    for actor in plain["actors"]:
        if actor["place"] is None:
            del actor["place"]
    for effect in [e for part in ("events", "levers") for one in plain[part] for e in one["effects"]]:
        if effect["table"] is None:
            del effect["table"]
    for source in plain["sources"]:
        for name in [name for name in ("confusion", "store") if source[name] is None]:
            del source[name]
    text = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
