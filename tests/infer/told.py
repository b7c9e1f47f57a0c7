"""The game and its reports told a second time, one history at a time, straight from a case.

It shares nothing with `tocsin.game` and `tocsin.infer` but the table of words, so that a slip there cannot
hide here: plain Python numbers, equations as the design has them. Left out is what the tests of inference do
not need (events, levers, ties that begin or end, more than one deal). Steps are weeks.
"""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.special import betaincinv, ndtr

from tocsin.case import words
from tocsin.case.model import Case, Indicator, Source
from tocsin.case.population import STYLE

QUIET_DAYS = 28  # what was reported as seen need not be repeated for so long
EPSILON, EPSILON_WEIGHT = np.polynomial.hermite_e.hermegauss(31)
EPSILON_WEIGHT = EPSILON_WEIGHT / EPSILON_WEIGHT.sum()

Numbers = dict[str, float]
# Of a source's reliability, the counts of its Beta.
Prior = words.Prior | tuple[float, float]


class State(NamedTuple):
    """What the next step needs of this one."""

    posture: tuple[int, ...]
    goal: tuple[int, ...]
    level: tuple[int, ...]
    standing: tuple[float, ...]
    wear: tuple[float, ...]
    factor: tuple[float, ...]
    deal: bool


@dataclass(frozen=True, kw_only=True)
class Said:
    """One report, or one silence: what it speaks of and its chance."""

    name: str
    step: int
    known: int
    about: str  # posture, preparation, factor, disposition
    ref: int
    source: str
    indicator: str | None
    trust: float  # what the item's grade leaves of the source's reliability
    base: float
    faithful: tuple[float, ...]  # chance by level that a faithful source says it is there
    conceal: float
    plant: float
    owner: int | None
    offset: float
    slope: float

    def chance(self, level: float, reliability, clarity, deceives):
        """Chance of it; the last three may be arrays."""
        low = min(int(level), len(self.faithful) - 1)
        high, part = min(low + 1, len(self.faithful) - 1), level - low

        def at(k: int):
            p = self.faithful[k]
            if self.indicator is not None:
                p = 1.0 / (1.0 + np.exp(-(math.log(p / (1.0 - p)) + clarity)))
                p = p * (1.0 - self.conceal * deceives)
                p = p + (1.0 - p) * self.plant * deceives
            a = reliability * self.trust
            return self.offset + self.slope * (a * p + (1.0 - a) * self.base)

        return at(low) if part == 0.0 else (1.0 - part) * at(low) + part * at(high)


def _gain(rate: float) -> list[float]:
    first = [math.exp(-rate) * rate**k / math.factorial(k) for k in range(3)]
    return [*first, 1.0 - sum(first)]


def _share(rate: float) -> float:
    return 1.0 - math.exp(-rate)


class World:
    """A case as told here, up to an as-of day."""

    def __init__(self, case: Case, as_of: dt.date) -> None:
        assert (as_of - case.start).days % 7 == 6, "the as-of day ends a step"
        self.case, self.as_of = case, as_of
        self.now = (as_of - case.start).days // 7 + 1
        self.actors = [actor.id for actor in case.actors]
        self.fronts = [front.ref for front in case.fronts]
        self.who = [(self.actors.index(f.from_), self.actors.index(f.to)) for f in case.fronts]
        self.back = [self.who.index((b, a)) if (b, a) in self.who else None for a, b in self.who]
        self.rungs = [rung.id for rung in case.ladder.rungs]
        self.need = [rung.readiness for rung in case.ladder.rungs]
        self.top = len(self.rungs) - 1
        self.reach = max(r for r, need in enumerate(self.need) if need == 0)
        self.contact, self.blow, self.attack = (
            self.rungs.index(rung) for rung in (case.ladder.contact, case.ladder.blow, case.ladder.attack)
        )
        self.factors = [factor.id for factor in case.factors]
        self.pace = case.pace
        self.lean = [
            0.3
            * sum(
                words.strength(t.strength).median
                for t in case.ties
                if t.kind == "rivalry" and {t.from_, t.to} == {f.from_, f.to}
            )
            for f in case.fronts
        ]
        a, b = case.deals[0].between if case.deals else ("", "")
        self.sides = tuple(self.fronts.index(r) for r in (f"{a} -> {b}", f"{b} -> {a}") if r in self.fronts)
        # What bears on nothing is not carried, so that histories meet again.
        styles = [actor.style for actor in case.actors]
        self.weighs_standing = bool(case.threats) or any(
            words.style("opportunity", s.opportunity).median for s in styles
        )
        self.weighs_wear = any(words.style("weariness", s.weariness).median for s in styles)

    # numbers

    def priors(self) -> dict[str, Prior]:
        """Every number of the case by its label; of a source's reliability the counts of its Beta."""
        case = self.case
        out: dict[str, Prior] = {}
        for actor in case.actors:
            for name in STYLE:
                out[f"{actor.id}: {name}"] = words.style(name, getattr(actor.style, name))
            for disposition in case.dispositions:
                out[f"{actor.id}: appetite if {disposition.id}"] = words.plain(disposition.appetite)
        for reason in case.reasons:
            out[f"{reason.id}: weight"] = words.weight(reason.weight)
        for threat in case.threats:
            out[f"threat {threat.by} -> {threat.against}"] = words.weight(threat.strength)
        for tie in case.ties:
            if tie.kind == "alliance":
                out[f"{tie.from_}: tie to {tie.to}"] = words.strength(tie.strength)
                out[f"{tie.to}: tie to {tie.from_}"] = words.strength(tie.strength)
        for source in case.sources:
            right, wrong = words.RELIABILITY[source.grade]
            if source.record:
                right, wrong = right + source.record.right, wrong + source.record.wrong
            out[f"{source.id}: reliability"] = (right, wrong)
        for indicator in case.indicators:
            spread = max(words.likelihood(value).scale for value in indicator.likelihood.values())
            out[f"{indicator.id}: clarity"] = words.Prior(link="plain", location=0.0, scale=spread)
        return out

    @staticmethod
    def value(prior: Prior, z):
        """The number at standard normal coordinate z (an array or a float)."""
        if isinstance(prior, tuple):
            return betaincinv(*prior, ndtr(z))
        x = prior.location + (prior.scale * z if prior.scale else 0.0 * z)
        if prior.link == "log":
            return np.exp(x)
        return 1.0 / (1.0 + np.exp(-x)) if prior.link == "logit" else x

    # the game

    def start(self) -> list[tuple[float, State]]:
        """States at the start and their chances."""
        case = self.case
        posture = tuple(self.rungs.index(f.posture) if f.posture else 0 for f in case.fronts)
        levels = [
            [float(k == f.preparation) for k in range(4)]
            if isinstance(f.preparation, int)
            else list(f.preparation)
            for f in case.fronts
        ]
        standing = tuple(words.strength(actor.standing).median for actor in case.actors)
        wear, factor = tuple(a.wear for a in case.actors), tuple(f.start for f in case.factors)
        return [
            (p, State(posture, posture, level, standing, wear, factor, False))
            for level in itertools.product(range(4), repeat=len(posture))
            if (p := math.prod(levels[f][k] for f, k in enumerate(level))) > 0.0
        ]

    def ramp(self, rung: float, from_: int) -> float:
        return min(max((rung - from_ + 1.0) / (self.top + 1 - from_), 0.0), 1.0)

    def next_factors(self, state: State, noise: tuple[float, ...] | None = None) -> tuple[float, ...]:
        out = []
        for k, factor in enumerate(self.case.factors):
            target = factor.start if factor.target is None else factor.target
            for driver in factor.drivers:
                rung = state.posture[self.fronts.index(driver.front)]
                target += driver.gain * self.ramp(rung, self.rungs.index(driver.from_))
            keep = math.exp(-factor.pace)
            x = keep * state.factor[k] + (1.0 - keep) * min(max(target, 0.0), 1.0)
            if noise is not None:
                spread = factor.volatility * math.sqrt(
                    (1.0 - keep**2) / (2.0 * factor.pace) if factor.pace else 1.0
                )
                x += spread * noise[k]
            out.append(min(max(x, 0.0), 1.0))
        return tuple(out)

    def considerations(
        self, f: int, state: State, factor: tuple[float, ...], numbers: Numbers, kind: int
    ) -> list[float]:
        """What speaks for every rung of front f, but for the posture read into the other, times tau."""
        inertia = numbers[f"{self.actors[self.who[f][0]]}: inertia"]
        weighed = self.weighed(f, state, factor, numbers, kind)
        return [u - inertia * abs(r - state.posture[f]) for r, u in enumerate(weighed)]

    def weighed(
        self, f: int, state: State, factor: tuple[float, ...], numbers: Numbers, kind: int
    ) -> list[float]:
        """The same without inertia."""
        case, (i, j) = self.case, self.who[f]
        me, other, mine = self.actors[i], self.actors[j], case.dispositions[kind]
        beyond = min(self.reach + 1, self.top)
        weights: list[tuple[float, int]] = []
        for reason in case.reasons:
            if reason.front == self.fronts[f]:
                x = numbers[f"{reason.id}: weight"] * (1.0 if reason.direction == "pull" else -1.0)
                scale = factor[self.factors.index(reason.factor)] if reason.factor else 1.0
                weights.append((x * scale, self.rungs.index(reason.from_)))
        from_ = self.rungs.index(mine.from_) if mine.from_ else beyond
        weights.append((numbers[f"{me}: appetite if {mine.id}"], from_))
        for tie in case.ties:
            if tie.kind == "alliance" and me in (tie.from_, tie.to):
                ally = tie.to if tie.from_ == me else tie.from_
                if ally != other and f"{other} -> {ally}" in self.fronts:
                    peril = self.ramp(state.posture[self.fronts.index(f"{other} -> {ally}")], self.blow)
                    weights.append(
                        (numbers[f"{me}: obligation"] * numbers[f"{me}: tie to {ally}"] * peril, self.blow)
                    )
        for threat in case.threats:
            if threat.against == me and (threat.protects or threat.by) == other:
                believed = state.standing[self.actors.index(threat.by)]
                weight = numbers[f"threat {threat.by} -> {me}"] * mine.fear * believed
                weights.append((-weight, self.rungs.index(threat.from_)))
        weights.append((numbers[f"{me}: opportunity"] * mine.opportunity * (1.0 - state.standing[j]), beyond))
        weights.append((-numbers[f"{me}: weariness"] * state.wear[i], self.blow))
        return [sum(w * self.ramp(r, from_) for w, from_ in weights) for r in range(self.top + 1)]

    def decide(
        self, f: int, state: State, factor: tuple[float, ...], numbers: Numbers, kind: int
    ) -> list[tuple[float, np.ndarray, float]]:
        """Ways front f can be decided: (chance, chance of each goal, chance of accepting a deal)."""
        i, back = self.who[f][0], self.back[f]
        me = self.actors[i]
        other = state.posture[back] if back is not None else 0
        m = other + self.lean[f] + numbers[f"{me}: bias"]
        rate = self.case.fronts[f].incidents
        in_contact = back is not None and min(other, state.posture[f]) >= self.contact
        p_incident = _share(self.pace.incidents if rate is None else rate) if in_contact else 0.0
        # What may be read into the other: nothing, or an incident of one to three rungs, and noise.
        size = np.arange(4)[:, None]
        p_size = np.array([1.0 - p_incident, *[p_incident / 3.0] * 3])
        spread = numbers[f"{me}: misperception"]
        eps, p_eps = (EPSILON, EPSILON_WEIGHT) if spread > 1e-6 else (np.zeros(1), np.ones(1))
        seen, p_way = (m + size + spread * eps).ravel(), np.outer(p_size, p_eps).ravel()
        revises = np.repeat(np.where(size.ravel() > 0, 1.0, _share(self.pace.revision)), len(eps))
        rung, cap = np.arange(self.top + 1), self.cap(state, f)
        u = np.array(self.considerations(f, state, factor, numbers, kind))
        u = u - 0.5 * numbers[f"{me}: reciprocity"] * (rung - seen[:, None]) ** 2
        u = u / numbers[f"{me}: temperature"]
        e = np.where(rung <= cap, np.exp(u - u.max(axis=1, keepdims=True)), 0.0)
        kept = np.eye(self.top + 1)[min(state.goal[f], cap)]
        goals = revises[:, None] * e / e.sum(axis=1, keepdims=True) + (1.0 - revises[:, None]) * kept
        if f not in self.sides:
            return [(1.0, p_way @ goals, 1.0)]
        # A deal is worth what both sides capped are against both as they mean to and are seen to go on.
        deal = self.case.deals[0]
        limit = self.rungs.index(deal.cap)
        meant = min(state.goal[f], cap)
        held, calmer = min(meant, limit), other - min(other, limit)
        weighed = self.weighed(f, state, factor, numbers, kind)
        omega = numbers[f"{me}: reciprocity"]
        gain = weighed[held] - 0.5 * omega * (held - (seen - calmer)) ** 2
        gain = gain - weighed[meant] + 0.5 * omega * (meant - seen) ** 2
        gain = (gain + deal.terms.get(me, 0.0)) / numbers[f"{me}: temperature"]
        return list(zip(p_way, goals, 1.0 / (1.0 + np.exp(-gain)), strict=True))

    def cap(self, state: State, f: int) -> int:
        capped = state.deal and f in self.sides
        return self.rungs.index(self.case.deals[0].cap) if capped else self.top

    def ready(self, f: int, state: State, goal: int) -> list[tuple[float, int, int]]:
        """Ways readiness can go once the goal is set: (chance, posture, level)."""
        level, posture, cap = state.level[f], state.posture[f], self.cap(state, f)
        if self.need[goal] == 0:
            return [(p, min(goal, cap), max(level - k, 0)) for k, p in enumerate(_gain(self.pace.stand_down))]
        back = self.back[f]
        relief = 2 if back is not None and state.posture[back] >= self.attack else 0
        need = max(self.need[goal] - relief, 0)
        if level >= need:
            return [(1.0, min(goal, cap), level)]
        after = [(p, min(level + k, 3)) for k, p in enumerate(_gain(self.pace.preparation))]
        return [(p, min(goal if reached >= need else posture, cap), reached) for p, reached in after]

    def follow(self, state: State, posture: tuple[int, ...]) -> tuple[tuple[float, ...], tuple[float, ...]]:
        """Standing and wear after the new postures."""
        if not self.weighs_standing and not self.weighs_wear:
            return state.standing, state.wear
        base = [words.strength(actor.standing).median for actor in self.case.actors]
        pull = _share(self.pace.standing)
        standing = [s + pull * (b - s) for s, b in zip(state.standing, base, strict=True)]
        wear = [w * (1.0 - _share(self.pace.recovery)) for w in state.wear]
        for f, (i, j) in enumerate(self.who):
            held, back = state.standing[j], self.back[f]
            gap = (posture[f] - (posture[back] if back is not None else 0)) / self.top
            if posture[f] >= self.blow:
                standing[j] += _share(0.05) * (1.0 - held) if gap <= 0.0 else -_share(0.15) * gap * held
            jump = posture[f] - state.posture[f]
            if jump >= 2 and posture[f] > self.reach:
                standing[j] -= 0.5 * jump / self.top * held
            cost = self.case.ladder.rungs[posture[f]].wear
            wear[i] += cost
            wear[j] += cost
        # Rounding lets histories that come to the same meet again.
        return (
            tuple(round(min(max(s, 0.0), 1.0), 10) for s in standing)
            if self.weighs_standing
            else state.standing,
            tuple(round(min(max(w, 0.0), 1.0), 10) for w in wear) if self.weighs_wear else state.wear,
        )

    def talks(self, t: int) -> float:
        """Chance of a round of talks in a step."""
        if not self.case.deals or self.case.deals[0].on_table is None:
            return 0.0
        opens = max(1, (self.case.deals[0].on_table - self.case.start).days // 7 + 1)
        return _share(self.case.deals[0].pace) if t >= opens else 0.0

    def steps(
        self, t: int, state: State, numbers: Numbers, kinds: tuple[int, ...]
    ) -> Iterator[tuple[float, State]]:
        """Every state after step t and its chance (a state may come more than once)."""
        factor = self.next_factors(state)
        by_front: list[list[tuple[tuple[int, int, int, bool], float]]] = []
        for f in range(len(self.fronts)):
            ways: dict[tuple[int, int, int, bool], float] = {}
            outcomes = [self.ready(f, state, goal) for goal in range(self.top + 1)]
            asked = f in self.sides and self.talks(t) > 0.0 and not state.deal
            for p, goals, accepts in self.decide(f, state, factor, numbers, kinds[self.who[f][0]]):
                for goal, q in enumerate(goals):
                    for r, posture, level in outcomes[goal]:
                        for yes, a in ((True, accepts), (False, 1.0 - accepts)) if asked else ((True, 1.0),):
                            key = (posture, goal, level, yes)
                            ways[key] = ways.get(key, 0.0) + p * q * r * a
            by_front.append([(way, p) for way, p in ways.items() if p > 0.0])
        for combination in itertools.product(*by_front):
            p = math.prod(chance for _, chance in combination)
            postures = tuple(way[0] for way, _ in combination)
            goals_now, levels = (
                tuple(way[1] for way, _ in combination),
                tuple(way[2] for way, _ in combination),
            )
            agreed = all(way[3] for way, _ in combination)
            after = State(postures, goals_now, levels, *self.follow(state, postures), factor, False)
            if state.deal:
                broken = _share(self.case.deals[0].breakdown)
                yield p * broken, after
                yield p * (1.0 - broken), after._replace(deal=True)
            elif self.talks(t) and agreed:
                yield p * self.talks(t), after._replace(deal=True)
                yield p * (1.0 - self.talks(t)), after
            else:
                yield p, after

    # reports

    def said(self) -> list[Said]:
        """Every report that counts and every silence, known on the as-of day."""
        case = self.case
        sources = {source.id: source for source in case.sources}
        indicators = {indicator.id: indicator for indicator in case.indicators}
        known = [r for r in case.reports if r.known_on <= self.as_of]
        groups: dict[object, list] = {}
        for report in known:
            key = (
                report.origin or report.source,
                report.indicator or report.front,
                self.step_of(report.date),
            )
            groups.setdefault(key, []).append(report)

        def merit(report):
            right, wrong = words.RELIABILITY[sources[report.source].grade]
            return right / (right + wrong) * words.ITEM_FACTOR[report.grade]

        out = []
        for group in groups.values():
            report = max(group, key=merit)
            step, later = self.step_of(report.date), self.step_of(report.known_on)
            trust, source = words.ITEM_FACTOR[report.grade], sources[report.source]
            if report.front:
                out.append(self.names(report.id, step, later, source, report.front, report.value, trust))
            else:
                offset, slope = (0.0, 1.0) if report.value == "seen" else (1.0, -1.0)
                out.append(
                    self.shows(
                        report.id, step, later, source, indicators[report.indicator], trust, offset, slope
                    )
                )
        for source in case.sources:
            for watch in source.watches:
                spoken = [r for r in known if r.source == source.id and r.indicator == watch.indicator]
                for step in range(1, self.now + 1):
                    monday = case.start + dt.timedelta(days=7 * (step - 1))
                    first = max(monday, watch.since or monday)
                    days = 7 - (first - monday).days
                    if (
                        days <= 0
                        or any(self.step_of(r.date) == step for r in spoken)
                        or any(r.value == "seen" and 0 <= (first - r.date).days < QUIET_DAYS for r in spoken)
                    ):
                        continue
                    coverage = 1.0 - (1.0 - words.likelihood(watch.coverage).median) ** (days / 7.0)
                    name = f"silence {source.id} {watch.indicator} {step}"
                    out.append(
                        self.shows(name, step, step, source, indicators[watch.indicator], 1.0, 1.0, -coverage)
                    )
        return out

    def step_of(self, day: dt.date) -> int:
        return (day - self.case.start).days // 7 + 1

    def names(
        self, name: str, step: int, known: int, source: Source, front: str, rung: str, trust: float
    ) -> Said:
        """A report that names the rung of a front."""
        blur = max(1.0 - words.strength(source.sharpness).median, 1e-6)
        n = self.top + 1
        table = np.array([[blur ** abs(said - true) for true in range(n)] for said in range(n)])
        chances = (table / table.sum(axis=0))[self.rungs.index(rung)]
        return Said(
            name=name, step=step, known=known, about="posture", ref=self.fronts.index(front),
            source=source.id, indicator=None, trust=trust, base=1.0 / n, faithful=tuple(chances),
            conceal=0.0, plant=0.0, owner=None, offset=0.0, slope=1.0,
        )  # fmt: skip

    def shows(
        self, name: str, step: int, known: int, source: Source, indicator: Indicator, trust: float,
        offset: float, slope: float,
    ) -> Said:  # fmt: skip
        """A sighting (0, 1), an explicit "not seen" (1, -1) or a silence (1, -coverage)."""
        about, reference = indicator.about.target
        levels = {
            "posture": self.rungs,
            "preparation": ["0", "1", "2", "3"],
            "factor": ["low", "middle", "high"],
            "disposition": [d.id for d in self.case.dispositions],
        }[about]
        given = {level: words.likelihood(value).median for level, value in indicator.likelihood.items()}
        if about == "factor":
            given.setdefault("middle", (given["low"] + given["high"]) / 2.0)
        faithful: list[float] = []
        for level in levels:
            faithful.append(given.get(level, faithful[-1] if faithful else math.nan))
        owner = None
        if about in ("posture", "preparation"):
            ref = self.fronts.index(reference)
            owner = self.who[ref][0]
        elif about == "disposition":
            ref = owner = self.actors.index(reference)
        else:
            ref = self.factors.index(reference)
        return Said(
            name=name, step=step, known=known, about=about, ref=ref, source=source.id, indicator=indicator.id,
            trust=trust, base=words.likelihood(source.base_rate).median, faithful=tuple(faithful),
            conceal=words.strength(indicator.concealable).median if owner is not None else 0.0,
            plant=words.strength(indicator.plantable).median if owner is not None else 0.0,
            owner=owner, offset=offset, slope=slope,
        )  # fmt: skip

    def level(self, item: Said, state: State, kinds: tuple[int, ...]) -> float:
        """What the item speaks of: a rung, a readiness, a type, or a factor on the scale of its levels."""
        if item.about == "posture":
            return state.posture[item.ref]
        if item.about == "preparation":
            return state.level[item.ref]
        return kinds[item.ref] if item.about == "disposition" else 2.0 * state.factor[item.ref]
