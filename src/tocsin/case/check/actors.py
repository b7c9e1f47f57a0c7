"""Actors and what lies between them: dispositions, ties, fronts, factors, reasons, threats."""

from __future__ import annotations

from collections.abc import Iterator

from tocsin.case.check.dates import order
from tocsin.case.check.finding import Finding, finding, listed
from tocsin.case.check.names import Names
from tocsin.case.check.numbers import sums_to_one
from tocsin.case.faults import Path
from tocsin.case.model import Actor, Case, Threat, Tie

# Kinds of tie that bind both ways, so that b -> a repeats a -> b.
MUTUAL = frozenset({"alliance", "joint command", "rivalry"})


def check_actors(case: Case, names: Names) -> Iterator[Finding]:
    """Names, sums and dates of everything that is written in case.yaml about actors."""
    for i, disposition in enumerate(case.dispositions):
        if disposition.from_ is not None:
            yield from names.unknown("rungs", disposition.from_, ("dispositions", i, "from"))
    for i, actor in enumerate(case.actors):
        yield from _dispositions(actor, ("actors", i, "dispositions"), names)
    yield from _ties(case, names)
    for i, front in enumerate(case.fronts):
        yield from _pair(front.from_, "from", front.to, "to", ("fronts", i), names)
        if front.posture is not None:
            yield from names.unknown("rungs", front.posture, ("fronts", i, "posture"))
        if isinstance(front.preparation, tuple):
            yield from sums_to_one(front.preparation, ("fronts", i, "preparation"))
    for i, factor in enumerate(case.factors):
        for k, driver in enumerate(factor.drivers):
            yield from names.unknown("fronts", driver.front, ("factors", i, "drivers", k, "front"))
            yield from names.unknown("rungs", driver.from_, ("factors", i, "drivers", k, "from"))
    for i, reason in enumerate(case.reasons):
        yield from names.unknown("fronts", reason.front, ("reasons", i, "front"))
        yield from names.unknown("rungs", reason.from_, ("reasons", i, "from"))
        if reason.factor is not None:
            yield from names.unknown("factors", reason.factor, ("reasons", i, "factor"))
    for i, threat in enumerate(case.threats):
        yield from _threat(threat, ("threats", i), names)


def _pair(
    one: str, one_field: str, other: str, other_field: str, path: Path, names: Names
) -> Iterator[Finding]:
    yield from names.unknown("actors", one, (*path, one_field))
    yield from names.unknown("actors", other, (*path, other_field))
    if one == other:
        yield finding(
            (*path, other_field), f"{one} toward itself", "two different actors", "name the other actor"
        )


def _dispositions(actor: Actor, path: Path, names: Names) -> Iterator[Finding]:
    for name in actor.dispositions:
        yield from names.unknown("dispositions", name, (*path, name), at_key=True)
    omitted = [name for name in names.of("dispositions") if name not in actor.dispositions]
    misnamed = [name for name in actor.dispositions if not names.has("dispositions", name)]
    if omitted and not misnamed and names.knows_all("dispositions"):
        yield finding(
            path,
            f"no chance for {listed(omitted)}",
            f"a chance for each of {listed(names.of('dispositions'))}",
            "add it, as 0 if the actor cannot be of that type",
        )
    yield from sums_to_one(tuple(actor.dispositions.values()), path)


def _ties(case: Case, names: Names) -> Iterator[Finding]:
    earlier: dict[tuple[str, str, str], list[tuple[int, Tie]]] = {}
    for i, tie in enumerate(case.ties):
        path = ("ties", i)
        yield from _pair(tie.from_, "from", tie.to, "to", path, names)
        yield from order(tie.since, tie.until, (*path, "until"))
        one, other = sorted((tie.from_, tie.to)) if tie.kind in MUTUAL else (tie.from_, tie.to)
        alike = earlier.setdefault((one, other, tie.kind), [])
        for j, before in alike:
            starts_inside = before.until is None or tie.since < before.until
            if starts_inside and (tie.until is None or before.since < tie.until):
                yield finding(
                    (*path, "since"),
                    f"an overlap with ties[{j}] of the same kind",
                    "one at a time",
                    f"end ties[{j}] before this one begins, or merge the two",
                )
        alike.append((i, tie))


def _threat(threat: Threat, path: Path, names: Names) -> Iterator[Finding]:
    yield from _pair(threat.by, "by", threat.against, "against", path, names)
    yield from names.unknown("rungs", threat.from_, (*path, "from"))
    protected = threat.by if threat.protects is None else threat.protects
    if threat.protects is not None:
        yield from names.unknown("actors", threat.protects, (*path, "protects"))
    if protected == threat.against:
        if threat.protects is not None:
            yield finding(
                (*path, "protects"),
                f"{protected}, whom it is against",
                "an actor that it protects",
                "name whose attack it deters, or leave it out for the threatener's own",
            )
        return
    # A threat bites on the front from the deterred actor to whom it protects.
    known = names.has("actors", threat.against) and names.has("actors", protected)
    if known and not names.has("fronts", f"{threat.against} -> {protected}"):
        yield finding(
            path,
            f"no front {threat.against} -> {protected}",
            "a front on which the threat deters",
            "add that front, or name whom the threat protects",
        )
