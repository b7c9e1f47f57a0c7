"""What deception costs: a table of judgement, in units of effort, that a user can override.

To control a source costs more the better it is, for the letter says how far it is checked; twice as much or
more where a thing has to be staged and not only said. The numbers matter through their ratios only. They are
judgement, set before any case was run, and no source is known that measures them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from tocsin.ask.inferred import AskError
from tocsin.ask.stress.answer import Prices, SourcePrice
from tocsin.ask.stress.tricks import Move
from tocsin.case.model import Case

# Each letter costs twice the next; F is not known to be poor, and counts as D.
GRADE = (("A", 16.0), ("B", 8.0), ("C", 4.0), ("D", 2.0), ("E", 1.0), ("F", 2.0))
DISCIPLINE = (
    ("press", 1.0),
    ("official", 1.0),
    ("research", 1.0),
    ("human", 1.0),
    ("social media", 0.25),  # accounts are free
    ("observers", 1.5),  # they see for themselves, and have a mandate
    ("imagery", 2.0),  # what is to be seen must be built or hidden
    ("signals", 2.0),  # traffic must be made, day and night
)
USUAL = Prices(grade=GRADE, discipline=DISCIPLINE, source=(), plant=1.0, hide=1.0, change=1.0)
KINDS = ("plant", "hide", "change")


def priced(given: Iterable[str], case: Case, base: Prices = USUAL) -> Prices:
    """The table of prices with some of it overridden.

    Parameters
    ----------
    given : texts such as "grade.A=20", "discipline.imagery=3", "source.unifil=30" or "hide=2"
    case : whose sources may be named

    Raises
    ------
    AskError if one is no price

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> priced(["grade.A=20", "hide=2"], SimpleNamespace(sources=())).hide
    2.0
    """
    tables = {
        "grade": dict(base.grade),
        "discipline": dict(base.discipline),
        "source": dict(base.source),
    }
    kinds = {kind: getattr(base, kind) for kind in KINDS}
    sources = tuple(source.id for source in case.sources)
    for text in given:
        name, equals, number = text.partition("=")
        kind, _, of = name.strip().partition(".")
        try:
            price = float(number)
        except ValueError:
            price = -1.0
        if not equals or not 0.0 <= price < 1e6:
            raise AskError(
                f"found the price {text!r}; expected a name, = and a number from 0, e.g. grade.A=20"
            )
        if kind in KINDS and not of:
            if price < 0.01:
                raise AskError(f"found the price {text!r}; expected at least 0.01, for no report is free")
            kinds[kind] = price
        elif kind in tables:
            known = sources if kind == "source" else tuple(tables[kind])
            if of not in known:
                raise AskError(
                    f"found {of!r} in the price {text!r}; expected one of {', '.join(known) or 'none'}"
                )
            tables[kind][of] = price
        else:
            raise AskError(
                f"found {kind!r} in the price {text!r}; expected grade, discipline or source and a name, "
                f"or {', '.join(KINDS)}"
            )
    return replace(base, **{k: tuple(v.items()) for k, v in tables.items()}, **kinds)  # type: ignore[arg-type]


def source_prices(case: Case, prices: Prices, deceiver: str | None) -> tuple[SourcePrice, ...]:
    """What each source costs to control; nothing where the deceiver decides what it says already."""
    grade, discipline, named = dict(prices.grade), dict(prices.discipline), dict(prices.source)
    out = []
    for source in case.sources:
        own = deceiver is not None and source.controlled_by == deceiver
        usual = grade[source.grade] * discipline[source.discipline]
        price = named.get(source.id, 0.0 if own else usual)
        out.append(
            SourcePrice(
                source=source.id, grade=source.grade, discipline=source.discipline, price=price, own=own
            )
        )
    return tuple(out)


def price_of(move: Move, prices: Prices) -> float:
    """What a trick costs, control of its sources apart."""
    return float(move.count * getattr(prices, move.kind))


__all__ = ["DISCIPLINE", "GRADE", "USUAL", "price_of", "priced", "source_prices"]
