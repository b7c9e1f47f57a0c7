"""The numbers of how a case goes: reasons, actors, ties, fronts, factors, deals, levers, pace."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from tocsin.case import words
from tocsin.case.knobs.knob import (
    MOST_NATS,
    MOST_RUNGS,
    MOST_SHIFT,
    Knob,
    as_written,
    bare_knob,
    kept_spread,
    knob,
    marks_of,
    rate_knobs,
    share_knob,
    strength_knob,
    weight_knob,
)
from tocsin.case.model import (
    Actor,
    Case,
    Deal,
    Driver,
    Effect,
    Factor,
    Front,
    Pace,
    Reason,
    Rung,
    Style,
    Threat,
    Tie,
)
from tocsin.case.model import Disposition as Type
from tocsin.case.population import STYLE


def game_knobs(case: Case, last: dt.date) -> Iterator[Knob]:
    """Those of all but the evidence, part by part."""
    names = {actor.id: actor.name for actor in case.actors}

    def who(ref: str) -> str:
        """ "a -> b" in names."""
        a, _, b = ref.partition(" -> ")
        return f"{names.get(a, a)} → {names.get(b, b)}"

    for reason in case.reasons:
        way = "holds back" if reason.direction == "restrain" else "pulls in"
        yield weight_knob(
            Reason,
            "weight",
            reason.weight,
            words.weight,
            f"reasons.{reason.id}",
            "Reasons",
            f"{who(reason.front)}, {way}",
            reason.text,
        )
    yield from _threats(case, names)
    yield from _actors(case)
    yield from _types(case)
    yield from _ties(case, who, last)
    yield from _fronts(case, who)
    yield from _factors(case, who)
    for event in case.events:
        if event.known_on <= last:
            yield from _effects(event.effects, f"events.{event.id}", "Events", event.text, case)
    yield from _deals(case, names)
    yield from _levers(case, names)
    yield from rate_knobs(Pace, case.pace, "pace", "Pace", "the case", tuple(Pace.model_fields))
    for rung in case.ladder.rungs:
        base = f"ladder.rungs.{rung.id}"
        yield bare_knob(Rung, "wear", rung.wear, base, "Ladder", rung.id, "wear a week", high=0.2, step=0.001)
        if rung == case.ladder.rungs[0]:
            continue  # the lowest needs none
        yield bare_knob(
            Rung,
            "readiness",
            rung.readiness,
            base,
            "Ladder",
            rung.id,
            "readiness needed",
            form="whole",
            unit="level",
            high=3.0,
            step=1.0,
        )


def _threats(case: Case, names: Mapping[str, str]) -> Iterator[Knob]:
    for threat in case.threats:
        name = f"{threat.by} -> {threat.against}"
        alike = [t for t in case.threats if (t.by, t.against) == (threat.by, threat.against)]
        if len(alike) > 1:
            name += f" ({threat.protects or threat.by})"
        if len([t for t in alike if (t.protects or t.by) == (threat.protects or threat.by)]) > 1:
            continue  # no path leads to one of them alone
        of = f"{names.get(threat.by, threat.by)} threatens {names.get(threat.against, threat.against)}"
        yield weight_knob(
            Threat,
            "strength",
            threat.strength,
            words.weight,
            f"threats.{name}",
            "Threats",
            of,
            threat.text or "the threat's weight",
        )


def _actors(case: Case) -> Iterator[Knob]:
    for actor in case.actors:
        base, name = f"actors.{actor.id}", actor.name
        shares = {kind.id: actor.dispositions.get(kind.id, 0.0) for kind in case.dispositions}
        for part in shares:
            yield share_knob(Actor, "dispositions", shares, part, base, "Dispositions", name, f"is {part}")
        for field, label in (("standing", "looks strong"), ("deception", "skill at deception")):
            yield strength_knob(Actor, field, getattr(actor, field), base, "Actors", name, label)
        yield bare_knob(Actor, "wear", actor.wear, base, "Actors", name, "worn at the start")
        for field in Style.model_fields:
            yield _style(actor, field)


def _style(actor: Actor, field: str) -> Knob:
    value, prior = getattr(actor.style, field), STYLE[field]
    plain = prior.scale == "plain"
    made = words.style(field, value)
    return knob(
        Style,
        field,
        f"actors.{actor.id}.style.{field}",
        "Style",
        actor.name,
        field,
        form="median",
        written=as_written(value),
        number=made.median,
        spread=made.scale,
        unit="rungs" if field in ("bias", "misperception") else "times" if field == "temperature" else "nats",
        low=-MOST_RUNGS if plain else 0.05 if field == "temperature" else 0.0,
        high=MOST_RUNGS if plain else MOST_NATS,
        step=0.05,
        marks=() if plain else marks_of(words.WEIGHTS, MOST_NATS),
    )


def _types(case: Case) -> Iterator[Knob]:
    for kind in case.dispositions:
        base = f"dispositions.{kind.id}"
        made = words.plain(kind.appetite)
        yield knob(
            Type,
            "appetite",
            f"{base}.appetite",
            "Types",
            kind.id,
            "appetite for force",
            form="median",
            written=as_written(kind.appetite),
            number=made.median,
            spread=made.scale,
            unit="nats",
            low=-MOST_NATS,
            high=MOST_NATS,
            step=0.05,
            marks=(),
        )
        for field, label in (("opportunity", "tempted by weakness"), ("fear", "held back by threats")):
            yield bare_knob(
                Type,
                field,
                getattr(kind, field),
                base,
                "Types",
                kind.id,
                label,
                unit="times",
                high=3.0,
                step=0.05,
            )


def _ties(case: Case, who: Any, last: dt.date) -> Iterator[Knob]:
    pairs = Counter(f"{tie.from_} -> {tie.to}" for tie in case.ties)
    kinds = Counter((f"{tie.from_} -> {tie.to}", tie.kind) for tie in case.ties)
    spells = Counter((f"{tie.from_} -> {tie.to}", tie.kind, tie.since) for tie in case.ties)
    for tie in case.ties:
        pair = f"{tie.from_} -> {tie.to}"
        if tie.since > last or spells[pair, tie.kind, tie.since] > 1:
            continue  # of two that began on one day no path leads to one alone
        apart = f"{tie.kind}, {tie.since}" if kinds[pair, tie.kind] > 1 else tie.kind
        name = f"{pair} ({apart})" if pairs[pair] > 1 else pair
        made = words.strength(tie.strength)
        years = f"{tie.since.year} to {tie.until.year}" if tie.until else f"since {tie.since.year}"
        yield knob(
            Tie,
            "strength",
            f"ties.{name}.strength",
            "Ties",
            who(pair),
            f"{tie.kind}, {years}",
            form="median",
            written=as_written(tie.strength),
            number=made.median,
            spread=kept_spread(tie.strength, made),
            unit="share",
            low=0.0,
            high=1.0,
            step=0.01,
            marks=marks_of(words.STRENGTHS, 1.0),
        )


def _fronts(case: Case, who: Any) -> Iterator[Knob]:
    for front in case.fronts:
        base, of = f"fronts.{front.ref}", who(front.ref)
        if isinstance(front.preparation, int):
            yield bare_knob(
                Front,
                "preparation",
                front.preparation,
                base,
                "Fronts",
                of,
                "readiness at the start",
                form="whole",
                unit="level",
                high=3.0,
                step=1.0,
            )
        else:
            shares = {str(k): share for k, share in enumerate(front.preparation)}
            for part in shares:
                yield share_knob(
                    Front,
                    "preparation",
                    shares,
                    part,
                    base,
                    "Fronts",
                    of,
                    f"readiness {part} at the start",
                    form="listed share",
                )
        rate = case.pace.incidents if front.incidents is None else front.incidents
        written = "" if front.incidents is None else f"{front.incidents:g}"
        yield bare_knob(
            Front,
            "incidents",
            rate,
            base,
            "Fronts",
            of,
            "incidents",
            unit="a week",
            high=1.0,
            written=written,
        )


def _factors(case: Case, who: Any) -> Iterator[Knob]:
    for factor in case.factors:
        base, of = f"factors.{factor.id}", factor.name
        target = factor.start if factor.target is None else factor.target
        yield bare_knob(Factor, "start", factor.start, base, "Factors", of, "at the start")
        yield bare_knob(
            Factor,
            "target",
            target,
            base,
            "Factors",
            of,
            "where it settles",
            written="" if factor.target is None else f"{factor.target:g}",
        )
        yield from rate_knobs(Factor, factor, base, "Factors", of, ("pace",))
        yield bare_knob(Factor, "volatility", factor.volatility, base, "Factors", of, "volatility", high=0.5)
        for k, driver in enumerate(factor.drivers):
            yield bare_knob(
                Driver,
                "gain",
                driver.gain,
                f"{base}.drivers.{k}",
                "Factors",
                of,
                f"driven by {who(driver.front)}",
                low=-1.0,
            )


def _effects(effects: tuple[Effect, ...], base: str, group: str, of: str, case: Case) -> Iterator[Knob]:
    for k, effect in enumerate(effects):
        kind, reference = effect.target
        if kind in ("deal", "table"):
            continue  # signed or not, on the table or not: no number
        named = next((f.name for f in case.factors if f.id == reference), reference)
        reach = 1.0 if kind in ("factor", "standing", "tie") else MOST_SHIFT
        yield bare_knob(
            Effect,
            "shift",
            effect.shift,
            f"{base}.effects.{k}",
            group,
            of,
            f"{kind} of {named}",
            unit={"provokes": "rungs", "threat": "nats", "pull": "nats"}.get(kind, "share"),
            low=-reach,
            high=reach,
        )


def _deals(case: Case, names: Mapping[str, str]) -> Iterator[Knob]:
    for deal in case.deals:
        base = f"deals.{deal.id}"
        yield from rate_knobs(Deal, deal, base, "Deals", deal.name, ("pace", "breakdown"))
        for actor, worth in deal.terms.items():
            yield bare_knob(
                Deal,
                "terms",
                worth,
                f"{base}.terms",
                "Deals",
                deal.name,
                f"worth to {names.get(actor, actor)}",
                unit="nats",
                low=-MOST_NATS,
                high=MOST_NATS,
                step=0.05,
                last=actor,
            )


def _levers(case: Case, names: Mapping[str, str]) -> Iterator[Knob]:
    for lever in case.levers:
        of = f"{names.get(lever.actor, lever.actor)}: {lever.name}"
        yield Knob(
            path=f"levers.{lever.id}",
            part="",
            group="Levers",
            of=of,
            label="pulled",
            meaning=lever.text or lever.note or lever.name,
            form="lever",
            written="",
            number=0.0,
            spread=None,
            unit="",
            low=0.0,
            high=1.0,
            step=1.0,
            marks=(),
        )
        yield from _effects(lever.effects, f"levers.{lever.id}", "Levers", of, case)


__all__ = ["game_knobs"]
