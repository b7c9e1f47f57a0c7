"""The past under a change: what it would have been, and how much likelier it would have been.

A particle's history is made of what its actors chose, what their readiness did and which talks were held,
of the noise it met, and of its fixed numbers as standard normals. The noise and the normals are as likely
under any case. Factors, standing and wear follow from the rest, and are told again under the change. So the
ratio of chances is that of the choices, of readiness and talks, of the marks of disposition and deception,
and of what was reported: an exact importance weight. Nothing is left out but what `Comparison.held` names.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from tocsin.ask.whatif.matching import Match, Named, match, named, pasts_of
from tocsin.ask.whatif.request import FullRunError
from tocsin.game import kernel
from tocsin.game.plan import CREDIBLE, F32, F64, FACTOR, I32, WEAK, WEAR, Game, Plan
from tocsin.game.reference import RELIEF_LEVELS
from tocsin.infer.evidence import ON_FACTOR, Evidence
from tocsin.infer.filter import EvidenceStep
from tocsin.infer.particles import Particles, derive, fill_rows, log_chance_of_goals
from tocsin.infer.unmade import difference

# Arrays by step, and others, that decide what factors, standing and wear follow from postures and noise.
_TOLD_BY_STEP = (
    "factor_keep", "factor_target", "factor_noise", "factor_jump", "standing_base", "standing_pull",
    "standing_gain", "standing_loss", "wear_cost", "wear_heal",
)  # fmt: skip
_TOLD_BY = ("driver_factor", "driver_front", "driver_from", "driver_gain", "surprise", "reach", "blow")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What of an island's past follows from the rest; steps 0 to now."""

    factor: F32  # (S, K, N)
    standing: F32  # (S, A, N)
    wear: F32  # (S, A, N)


@dataclass(slots=True, kw_only=True)
class Island:
    """One island at the as-of day, with its whole past; what lies after it is scratch."""

    particles: Particles
    share: float  # of the island in the pooled answer
    weight: F64  # (N,) sums to the share
    told: Told  # the past as it was inferred
    log_choice: dict[int, F32] = field(default_factory=dict)  # by front: (N,) log chance of its past goals
    moved: bool = False  # the particles hold another past than `told`

    def put_back(self) -> None:
        """Let the particles hold the past as it was inferred."""
        if self.moved:
            past = slice(0, self.particles.step + 1)
            self.particles.factor[past] = self.told.factor
            self.particles.standing[past] = self.told.standing
            self.particles.wear[past] = self.told.wear
            self.moved = False

    def tell_again(self, game: Game) -> None:
        """Let factors, standing and wear be what they would have been in this game."""
        p, start = self.particles, game.start
        p.factor[0], p.standing[0], p.wear[0] = (
            start.factor[:, None],
            start.standing[:, None],
            start.wear[:, None],
        )
        kernel.replay(game.plan, p.posture, p.factor, p.standing, p.wear, p.slots, p.keys, p.step)
        self.moved = True


def settled(particles: Particles, share: float) -> Island:
    """An island as its filter left it."""
    past = slice(0, particles.step + 1)
    return Island(
        particles=particles,
        share=share,
        weight=share * particles.weights(),
        told=Told(
            factor=particles.factor[past].copy(),
            standing=particles.standing[past].copy(),
            wear=particles.wear[past].copy(),
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """The game that the particles were made for, with the names of its numbers."""

    game: Game
    names: Named
    pasts: tuple[object, ...]  # of each front
    evidence: Evidence

    @classmethod
    def of(cls, game: Game, evidence: Evidence) -> Base:
        """The base of a game and what was reported in it."""
        names = named(game)
        return cls(game=game, names=names, pasts=pasts_of(game, names), evidence=evidence)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A changed game beside the base: everything in which their pasts can differ."""

    game: Game
    evidence: Evidence
    match: Match
    again: bool  # factors, standing or wear are told again
    fronts: tuple[int, ...]  # whose chances to choose as they did are others
    gone: I32  # items of the base's evidence that weigh no longer, or otherwise
    new: I32  # items of the changed evidence that stand for them
    held: tuple[str, ...]


def compare(base: Base, game: Game, evidence: Evidence) -> Comparison:
    """Lay a changed game beside the base.

    Raises
    ------
    FullRunError if it has other actors, fronts, factors, rungs, dispositions, deals or steps, starts from
    other postures, or holds something possible that the base holds impossible
    """
    old = base.game
    for name in ("actors", "fronts", "factors", "rungs", "dispositions", "deals", "grid", "as_of"):
        if getattr(old, name) != getattr(game, name):
            raise FullRunError(
                f"a change of the case's {'steps' if name == 'grid' else name}",
                "a change of its numbers",
                "run it in full",
            )
    if not np.array_equal(old.start.posture, game.start.posture):
        raise FullRunError("a front that starts at another rung", "a change of numbers", "run it in full")
    _must_be_covered(old, game)
    found = match(base.names, names := named(game))
    past = slice(1, old.now + 1)
    again = (
        any(
            _differ(getattr(old.start, part), getattr(game.start, part))
            for part in ("factor", "standing", "wear")
        )
        or any(
            _differ(getattr(old.plan, part)[past], getattr(game.plan, part)[past]) for part in _TOLD_BY_STEP
        )
        or any(_differ(getattr(old.plan, part), getattr(game.plan, part)) for part in _TOLD_BY)
    )
    pasts = pasts_of(game, names)
    before = replace(
        base.evidence,
        reliability=_ids(base.evidence.reliability, found.base_ids),
        clarity=_ids(base.evidence.clarity, found.base_ids),
    )
    after = replace(
        evidence,
        reliability=_ids(evidence.reliability, found.quantity_ids),
        clarity=_ids(evidence.clarity, found.quantity_ids),
    )
    gone, new = difference(before, after)
    return Comparison(
        game=game,
        evidence=evidence,
        match=found,
        again=again,
        fronts=tuple(f for f, (was, is_) in enumerate(zip(base.pasts, pasts, strict=True)) if was != is_),
        gone=gone,
        new=new,
        held=_held(old.plan, game.plan, past),
    )


def _differ(one: object, other: object) -> bool:
    return not np.array_equal(np.asarray(one), np.asarray(other))


def _ids(which: I32, ids: I32) -> I32:
    return np.where(which >= 0, ids[which] if len(ids) else which, -1).astype(np.int32)


def _held(old: Plan, new: Plan, past: slice) -> tuple[str, ...]:
    held = []
    if past.stop > past.start and (_differ(old.need, new.need) or old.relief_rung != new.relief_rung):
        held.append("what was done before the as-of day was done with the readiness that rungs needed then")
    if _differ(old.deal_force[past], new.deal_force[past]):
        held.append("deals that events signed or ended before the as-of day stand as they did")
    return tuple(held)


def _must_be_covered(old: Game, new: Game) -> None:
    """Refuse what no particle of the base could be: it has no weight to be given."""
    a, b = old.statics, new.statics
    mend = "run it in full"
    for i, k in zip(*np.nonzero((a.disposition_prior == 0.0) & (b.disposition_prior > 0.0)), strict=True):
        raise FullRunError(
            f"{old.actors[i]} possibly {old.dispositions[k]}",
            "what the case holds possible as it stands",
            mend,
        )
    for i in np.flatnonzero(
        ((a.deception_prior == 0.0) & (b.deception_prior > 0.0))
        | ((a.deception_prior == 1.0) & (b.deception_prior < 1.0))
    ):
        raise FullRunError(
            f"doubt whether {old.actors[i]} deceives", "what the case leaves open as it stands", mend
        )
    for f, _ in zip(*np.nonzero((old.start.preparation == 0.0) & (new.start.preparation > 0.0)), strict=True):
        raise FullRunError(
            f"another readiness of {old.fronts[f]} at the start",
            "one that the case holds possible as it stands",
            mend,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """An island under the change: its particles, and by what their weights are multiplied."""

    particles: Particles
    log_ratio: F64  # (N,)


def under(base: Base, island: Island, other: Comparison) -> Changed:
    """An island under a changed game. The next one asked of it overwrites what this one holds."""
    game, p = other.game, island.particles
    past = slice(0, p.step + 1)
    if other.again:
        island.tell_again(game)
    else:
        island.put_back()
    z, values, rows = _numbers(p, game, other.match)
    changed = replace(p, game=game, z=z, values=values, rows=rows)
    ratio = np.zeros(p.n)
    ratio += _marks(base.game, game, p)
    ratio += _readiness(base.game, game, p)
    ratio += _talks(base.game.plan, game.plan, p)
    fronts, gone, new = set(other.fronts), other.gone, other.new
    if other.again:
        factors = _moved(island.told.factor, p.factor[past])
        fronts |= _fronts_on(
            game,
            factors,
            _moved(island.told.standing, p.standing[past]),
            _moved(island.told.wear, p.wear[past]),
        )
        gone, new = _with_factors(base.evidence, gone, factors), _with_factors(other.evidence, new, factors)
    for f in sorted(fronts):
        ratio += log_chance_of_goals(changed, np.array([f], dtype=np.int32)).astype(np.float64) - _choice(
            base, island, f
        )
    if len(new):
        ratio += EvidenceStep(other.evidence).log_chance(new, changed, np.empty(p.n, dtype=np.float32))
    if len(gone):
        as_it_was = replace(p, factor=island.told.factor)
        ratio -= EvidenceStep(base.evidence).log_chance(gone, as_it_was, np.empty(p.n, dtype=np.float32))
    return Changed(particles=changed, log_ratio=ratio)


def _numbers(p: Particles, game: Game, found: Match) -> tuple[F32, F32, F32]:
    """The particles' numbers under the changed priors; arrays in which nothing differs are shared."""
    z, values, rows = p.z, p.values, p.rows
    same_quantities, same_rows = _identity(found.quantities, len(values)), _identity(found.rows, len(rows))
    if not _identity(found.coordinates, len(z)):
        z = z[found.coordinates]
        for k, (label, count) in found.fresh:
            words = [p.seed, p.island, count, *label.encode()]
            z[k] = np.random.Generator(np.random.Philox(np.random.SeedSequence(words))).standard_normal(
                p.n, dtype=np.float32
            )
    if not same_quantities:
        values = values[found.quantities]
        derive(game, z, np.flatnonzero(found.quantities < 0).astype(np.int32), values)
    if not same_rows:
        rows = rows[found.rows]
        fill_rows(game, values, p.disposition, np.flatnonzero(found.rows < 0).astype(np.int32), rows)
    return z, values, rows


def _identity(which: I32, n: int) -> bool:
    return len(which) == n and bool((which == np.arange(n)).all())


def _choice(base: Base, island: Island, f: int) -> F32:
    """Log chance of a front's past goals as the case stands, reckoned once."""
    if f not in island.log_choice:
        p = island.particles
        past = slice(0, p.step + 1)
        then = (
            replace(
                p,
                factor=island.told.factor,
                standing=island.told.standing,
                wear=island.told.wear,
                posture=p.posture[past],
            )
            if island.moved
            else p
        )
        island.log_choice[f] = log_chance_of_goals(then, np.array([f], dtype=np.int32), base.game.plan)
    return island.log_choice[f]


def _marks(old: Game, new: Game, p: Particles) -> F64:
    """Log ratio of the priors of dispositions and of deception."""
    ratio = np.zeros(p.n)
    was, is_ = old.statics, new.statics
    with np.errstate(divide="ignore", invalid="ignore"):
        dispositions = np.nan_to_num(
            np.log(is_.disposition_prior / was.disposition_prior), nan=0.0, neginf=-np.inf
        )
        deceives = np.stack(
            [
                np.log((1.0 - is_.deception_prior) / (1.0 - was.deception_prior)),
                np.log(is_.deception_prior / was.deception_prior),
            ]
        )
    for i in np.flatnonzero((is_.disposition_prior != was.disposition_prior).any(axis=1)):
        ratio += dispositions[i, p.disposition[i]]
    for i in np.flatnonzero(is_.deception_prior != was.deception_prior):
        ratio += deceives[p.deceives[i], i]
    return ratio


def _readiness(old: Game, new: Game, p: Particles) -> F64:
    """Log ratio of what readiness was at the start, and of what it did since."""
    ratio = np.zeros(p.n)
    was, is_ = old.start.preparation, new.start.preparation
    with np.errstate(divide="ignore", invalid="ignore"):
        start = np.nan_to_num(np.log(is_ / was), nan=0.0, neginf=-np.inf)
    for front in np.flatnonzero((is_ != was).any(axis=1)):
        ratio += start[front, p.readiness[0, front]]
    steps = slice(1, p.step + 1)
    if not (
        _differ(old.plan.p_gain[steps], new.plan.p_gain[steps])
        or _differ(old.plan.p_lose[steps], new.plan.p_lose[steps])
    ):
        return ratio
    for t in range(1, p.step + 1):
        with np.errstate(divide="ignore", invalid="ignore"):
            moved = np.log(_chances(new.plan, t) / _chances(old.plan, t))
        for f, back in enumerate(old.plan.reverse.tolist()):
            needed = old.plan.need[p.goal[t, f]]
            relieved = (p.posture[t - 1, back] >= old.plan.relief_rung) if back >= 0 else False
            have, after = p.readiness[t - 1, f], p.readiness[t, f]
            rests = (needed > 0) & (have >= np.maximum(needed - RELIEF_LEVELS * relieved, 0))
            kind = np.where(needed == 0, 0, 1)
            ratio += np.where(rests, 0.0, moved[kind, have, after])
    return ratio


def _chances(plan: Plan, t: int) -> F64:
    """(2, 4, 4) chance of going from one readiness to another while losing it and while gaining it."""
    chances = np.zeros((2, 4, 4))
    for have in range(4):
        for k in range(4):
            chances[0, have, max(have - k, 0)] += plan.p_lose[t, k]
            chances[1, have, min(have + k, 3)] += plan.p_gain[t, k]
    return chances


def _talks(old: Plan, new: Plan, p: Particles) -> F64:
    """Log ratio of the talks that were held and the deals that broke down."""
    ratio = np.zeros(p.n)
    for g in range(len(old.deal_cap)):
        for t in range(1, p.step + 1):
            was = np.array([old.p_talks[t, g] * old.deal_open[t, g], old.p_breakdown[t, g]], dtype=np.float64)
            is_ = np.array([new.p_talks[t, g] * new.deal_open[t, g], new.p_breakdown[t, g]], dtype=np.float64)
            if np.array_equal(was, is_):
                continue
            with np.errstate(divide="ignore", invalid="ignore"):
                happened = np.nan_to_num(np.log(is_ / was), nan=0.0, neginf=-np.inf, posinf=np.inf)
                not_so = np.log1p(-is_) - np.log1p(-was)
            force, bits = old.deal_force[t, g], p.deal[t, g]
            held = (p.deal[t - 1, g] & 1 == 1) if force == 0 else np.full(p.n, force > 0)
            talked = np.where(bits & 2 > 0, happened[0], not_so[0])
            broke = np.where(bits & 1 == 0, happened[1], not_so[1])
            ratio += np.where(held, broke, talked)
    return ratio


def _moved(was: F32, is_: F32) -> set[int]:
    """Columns (S, ., N) in which the past told again is another."""
    return {k for k in range(was.shape[1]) if not np.array_equal(was[:, k], is_[:, k])}


def _fronts_on(game: Game, factors: set[int], standing: set[int], wear: set[int]) -> set[int]:
    """Fronts whose choices depend on any of these factors or actors."""
    plan, found = game.plan, set()
    on = {FACTOR: factors, CREDIBLE: standing, WEAK: standing, WEAR: wear}
    for j, term in enumerate(game.terms):
        if int(plan.term_ref[j]) in on.get(int(plan.term_kind[j]), ()):
            found.add(term.front)
    return found


def _with_factors(evidence: Evidence, which: I32, factors: set[int]) -> I32:
    """These items, and all that tell of factors whose past is another."""
    told = np.flatnonzero((evidence.kind == ON_FACTOR) & np.isin(evidence.ref, sorted(factors)))
    return np.union1d(which, told).astype(np.int32)


__all__ = ["Base", "Changed", "Comparison", "Island", "Told", "compare", "settled", "under"]
