"""Compile a case to the arrays of the game, once; nothing here runs the game.

`compile_case` expects a case that passed its checks and that holds nothing learned after the as-of day.
Order of actors, fronts and so on is the case's own.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np

from tocsin.case import words
from tocsin.case.model import Case, Front, Spread
from tocsin.case.population import STYLE
from tocsin.game import plan as p
from tocsin.game.grid import Grid, build_grid
from tocsin.game.schedule import Scheduled, Targets, event_effects, lever_effects, steps_between
from tocsin.game.skill import deception_skill

# Judgements that hold for every case, set before any was run (docs/model.md gives the reasons).
RIVALRY_LEAN = 0.3  # rungs of hostility that a full-strength rival reads into the other
STANDING_GAIN_PER_WEEK = 0.05  # share of the room above that answering blows wins
STANDING_LOSS_PER_WEEK = 0.15  # share lost by leaving a gap of the whole ladder unanswered
SURPRISE_LOSS = 0.5  # share lost by a jump over the whole ladder to beyond the standing limit
_Strength = str | float | Spread
# The default noise of perception and incidents is on.
SCALE_ON = (1.0, 1.0)


def _chance(rate_per_week: float, weeks: float) -> float:
    return -math.expm1(-rate_per_week * weeks)


def _poisson(rate_per_week: float, weeks: float) -> tuple[float, float, float, float]:
    mean = rate_per_week * weeks
    p0, p1, p2 = math.exp(-mean), mean * math.exp(-mean), mean**2 / 2.0 * math.exp(-mean)
    return p0, p1, p2, max(0.0, 1.0 - p0 - p1 - p2)


@lru_cache(maxsize=256)
def _beta_quantiles(right: float, wrong: float) -> np.ndarray:
    """A Beta distribution's quantiles on the grid of standard normals; read only, for it is shared."""
    from scipy.special import betaincinv, ndtr

    table = np.asarray(betaincinv(right, wrong, ndtr(p.Z_GRID)))
    table.setflags(write=False)
    return table


class _Quantities:
    """Collects uncertain numbers and the parameter rows made of them, block by block."""

    def __init__(self, n_dispositions: int) -> None:
        self.labels: list[str] = []
        self.link: list[int] = []
        self.location: list[float] = []
        self.scale: list[float] = []
        self.coordinate: list[int] = []
        self.owner: list[int] = []
        self.tables: list[np.ndarray] = []
        self.rows: list[tuple[float, tuple[int, ...], tuple[float, ...], int]] = []
        self.n_dispositions = n_dispositions
        self.n_coordinates = 0

    def _add(self, label: str, link: int, location: float, scale: float, owner: int) -> int:
        self.labels.append(label)
        self.link.append(link)
        # exp(-inf) and the logistic of +-inf are wanted, but kernels run with fast arithmetic: use +-80.
        self.location.append(max(-80.0, min(80.0, location)))
        self.scale.append(scale)
        uncertain = scale > 0.0
        self.coordinate.append(self.n_coordinates if uncertain else -1)
        self.n_coordinates += uncertain
        self.owner.append(owner)
        return len(self.labels) - 1

    def add(self, label: str, prior: words.Prior, owner: int = -1) -> int:
        link = {"log": p.LOG, "logit": p.LOGIT, "plain": p.PLAIN}[prior.link]
        return self._add(label, link, prior.location, prior.scale, owner)

    def inverse(self, label: str, prior: words.Prior, owner: int) -> int:
        return self._add(label, p.LOG, -prior.location, prior.scale, owner)

    def add_beta(self, label: str, right: float, wrong: float) -> int:
        self.tables.append(_beta_quantiles(right, wrong))
        return self._add(label, p.TABLE, float(len(self.tables) - 1), 1.0, -1)

    def row(
        self, actor: int, *quantities: int, sign: float = 1.0, multiplier: Sequence[float] | None = None
    ) -> int:
        by_disposition = tuple(multiplier) if multiplier is not None else (1.0,) * self.n_dispositions
        self.rows.append((sign, quantities, by_disposition, actor))
        return len(self.rows) - 1


def compile_case(case: Case, as_of: dt.date, pulled: Iterable[tuple[str, dt.date]] = ()) -> p.Game:
    """The game of `case` as it stands on `as_of`.

    Parameters
    ----------
    case : a checked case that holds only what was known on `as_of`
    as_of : the day of the estimate
    pulled : levers pulled, and the day each is pulled

    Returns
    -------
    Game, with nothing left to look up by name
    """
    return compile_scheduled(case, as_of, pulled)[0]


def compile_scheduled(
    case: Case, as_of: dt.date, pulled: Iterable[tuple[str, dt.date]] = (), ready: Iterable[str] = ()
) -> tuple[p.Game, Scheduled]:
    """The game as by `compile_case`, and the arrays of dated effects that its plan was made from.

    `ready` are levers that have not been pulled but may be, and whose effects shall find their place: a front
    that one of them pulls has a term for it, which is nothing until then.
    """
    grid = build_grid(case)
    n_steps = grid.n_steps
    weeks = grid.weeks
    rungs = tuple(rung.id for rung in case.ladder.rungs)
    rung_index = {rung: k for k, rung in enumerate(rungs)}
    n_rungs = len(rungs)
    actors = tuple(actor.id for actor in case.actors)
    actor_index = {actor: k for k, actor in enumerate(actors)}
    fronts = tuple(front.ref for front in case.fronts)
    front_index = {ref: k for k, ref in enumerate(fronts)}
    factors = tuple(factor.id for factor in case.factors)
    factor_index = {factor: k for k, factor in enumerate(factors)}
    deals = tuple(deal.id for deal in case.deals)
    dispositions = tuple(d.id for d in case.dispositions)
    n_fronts, n_factors, n_deals = len(fronts), len(factors), len(deals)
    need = np.array([rung.readiness for rung in case.ladder.rungs], dtype=np.int32)
    reach = int(np.flatnonzero(need == 0)[-1])
    beyond = min(reach + 1, n_rungs - 1)
    blow = rung_index[case.ladder.blow]

    quantities = _Quantities(len(dispositions))
    terms: list[p.Term] = []
    compiled: list[tuple[int, int, int, int, int, int]] = []  # front, kind, from, row, shift_row, ref
    gates: list[np.ndarray] = []
    threat_terms: dict[tuple[str, str], list[int]] = {}
    tie_terms: dict[tuple[str, str], list[int]] = {}
    pull_term: dict[str, int] = {}

    def add_term(
        front: int,
        kind: int,
        from_: int,
        row: int,
        shift_row: int,
        ref: int,
        name: str,
        label: str,
        reference: str,
    ) -> int:
        terms.append(p.Term(front=front, name=name, label=label, reference=reference))
        compiled.append((front, kind, from_, row, shift_row, ref))
        gates.append(np.ones(n_steps + 1, dtype=np.float32))
        return len(compiled) - 1

    style_rows: dict[str, list[int]] = {
        k: [] for k in ("reciprocity", "inertia", "bias", "misperception", "inverse")
    }
    strongest = _strongest_ties(case, grid)
    for i, actor in enumerate(case.actors):
        style = {name: words.style(name, getattr(actor.style, name)) for name in STYLE}
        tau = quantities.inverse(f"{actor.id}: temperature", style["temperature"], i)
        number = {
            name: quantities.add(f"{actor.id}: {name}", prior, i)
            for name, prior in style.items()
            if name != "temperature"
        }
        style_rows["reciprocity"].append(quantities.row(i, number["reciprocity"], tau))
        style_rows["inertia"].append(quantities.row(i, number["inertia"], tau))
        style_rows["bias"].append(quantities.row(i, number["bias"]))
        style_rows["misperception"].append(quantities.row(i, number["misperception"]))
        inverse = quantities.row(i, tau)
        style_rows["inverse"].append(inverse)
        minus_inverse = quantities.row(i, tau, sign=-1.0)
        appetite = [
            quantities.add(f"{actor.id}: appetite if {d.id}", words.plain(d.appetite), i)
            for d in case.dispositions
        ]
        for f, front in enumerate(case.fronts):
            if front.from_ != actor.id:
                continue
            target = actor_index[front.to]
            for reason in case.reasons:
                if reason.front != front.ref:
                    continue
                weight = quantities.add(f"{reason.id}: weight", words.weight(reason.weight), i)
                sign = 1.0 if reason.direction == "pull" else -1.0
                add_term(
                    f,
                    p.FACTOR if reason.factor else p.CONSTANT,
                    rung_index[reason.from_],
                    quantities.row(i, weight, tau, sign=sign),
                    inverse,
                    factor_index[reason.factor] if reason.factor else 0,
                    "reason",
                    reason.text,
                    reason.id,
                )
            for k, disposition in enumerate(case.dispositions):
                only = [float(k == d) for d in range(len(dispositions))]
                add_term(
                    f,
                    p.CONSTANT,
                    rung_index[disposition.from_] if disposition.from_ else beyond,
                    quantities.row(i, appetite[k], tau, multiplier=only),
                    inverse,
                    0,
                    "disposition",
                    f"disposition: {disposition.id}",
                    disposition.id,
                )
            for ally, in_force, strength in strongest.get(actor.id, ()):
                peril = front_index.get(f"{front.to} -> {ally}")
                if ally == front.to or peril is None:
                    continue
                tie = quantities.add(f"{actor.id}: tie to {ally}", words.strength(strength), i)
                j = add_term(
                    f,
                    p.PERIL,
                    blow,
                    quantities.row(i, number["obligation"], tie, tau),
                    quantities.row(i, number["obligation"], tau),
                    peril,
                    "alliance",
                    f"{ally} in peril from {front.to}",
                    f"{actor.id} -> {ally}",
                )
                gates[j][:] = in_force
                # A pair whose strength changes has a term for each; a shift counts once, on the first.
                shifted = tie_terms.setdefault((actor.id, ally), [])
                if not any(compiled[k][0] == f for k in shifted):
                    shifted.append(j)
            fear = [d.fear for d in case.dispositions]
            minus_fear = quantities.row(i, tau, sign=-1.0, multiplier=fear)
            for threat in case.threats:
                if threat.against != actor.id or (threat.protects or threat.by) != front.to:
                    continue
                weight = quantities.add(
                    f"threat {threat.by} -> {threat.against}", words.weight(threat.strength), i
                )
                j = add_term(
                    f,
                    p.CREDIBLE,
                    rung_index[threat.from_],
                    quantities.row(i, weight, tau, sign=-1.0, multiplier=fear),
                    minus_fear,
                    actor_index[threat.by],
                    "deterrence",
                    threat.text or f"threat by {threat.by}",
                    f"{threat.by} -> {threat.against}",
                )
                threat_terms.setdefault((threat.by, threat.against), []).append(j)
            tempted = [d.opportunity for d in case.dispositions]
            add_term(
                f,
                p.WEAK,
                beyond,
                quantities.row(i, number["opportunity"], tau, multiplier=tempted),
                inverse,
                target,
                "opportunity",
                f"{front.to} looks weak",
                front.to,
            )
            add_term(
                f,
                p.WEAR,
                blow,
                quantities.row(i, number["weariness"], tau, sign=-1.0),
                minus_inverse,
                i,
                "weariness",
                "weariness of fighting",
                actor.id,
            )

    # Scheduled effects.
    lean = np.zeros((n_steps + 1, n_fronts), dtype=np.float32)
    for rivalry in case.ties:
        if rivalry.kind != "rivalry":
            continue
        held = steps_between(grid, rivalry.since, rivalry.until)
        for a, b in ((rivalry.from_, rivalry.to), (rivalry.to, rivalry.from_)):
            facing = front_index.get(f"{a} -> {b}")
            if facing is not None:
                lean[held, facing] += RIVALRY_LEAN * words.strength(rivalry.strength).median
    standing_start = np.array([words.strength(actor.standing).median for actor in case.actors])
    standing_base = np.tile(standing_start, (n_steps + 1, 1))
    factor_target = np.tile(
        np.array([f.start if f.target is None else f.target for f in case.factors], dtype=np.float64).reshape(
            1, -1
        ),
        (n_steps + 1, 1),
    )
    factor_jump = np.zeros((n_steps + 1, n_factors))
    deal_force = np.zeros((n_steps + 1, n_deals), dtype=np.int8)
    deal_table = np.zeros((n_steps + 1, n_deals), dtype=np.int32)
    for g, deal in enumerate(case.deals):
        if deal.on_table is not None:
            deal_table[steps_between(grid, deal.on_table, deal.off_table), g] = deal.on_table.toordinal()
        if deal.off_table is not None:
            off = deal_table[steps_between(grid, deal.off_table, None), g]
            off[off == 0] = -deal.off_table.toordinal()
    effects = event_effects(case) + lever_effects(case, pulled)
    wanted = [e.pull for e, since, until in effects if steps_between(grid, since, until).start <= n_steps]
    may_be = set(ready)
    wanted += [effect.pull for lever in case.levers if lever.id in may_be for effect in lever.effects]
    for pull in wanted:
        if pull is not None and pull not in pull_term:
            f = front_index[pull]
            row = style_rows["inverse"][actor_index[case.fronts[f].from_]]
            pull_term[pull] = add_term(f, p.CONSTANT, blow, row, row, 0, "event", "events", pull)
            gates[-1][:] = 0.0

    # Evidence quantities: a source's reliability and an indicator's clarity are shared by all it says.
    reliability = []
    for source in case.sources:
        right, wrong = words.RELIABILITY[source.grade]
        if source.record:
            right, wrong = right + source.record.right, wrong + source.record.wrong
        reliability.append(quantities.add_beta(f"{source.id}: reliability", right, wrong))
    clarity = []
    for indicator in case.indicators:
        spreads = [words.likelihood(value).scale for value in indicator.likelihood.values()]
        prior = words.Prior(link="plain", location=0.0, scale=max(spreads, default=0.0))
        clarity.append(quantities.add(f"{indicator.id}: clarity", prior))

    order = sorted(range(len(compiled)), key=lambda j: (compiled[j][0], j))
    columns = np.array([compiled[j] for j in order], dtype=np.int32).reshape(-1, 6)
    place = {j: k for k, j in enumerate(order)}
    scheduled = Scheduled(
        grid=grid,
        targets=Targets(
            factor=factor_index,
            standing=actor_index,
            front=front_index,
            deal={deal: g for g, deal in enumerate(deals)},
            threat={f"{a} -> {b}": tuple(place[j] for j in which) for (a, b), which in threat_terms.items()},
            tie={f"{a} -> {b}": tuple(place[j] for j in which) for (a, b), which in tie_terms.items()},
            pull={front: place[j] for front, j in pull_term.items()},
        ),
        lean=lean,
        standing_base=standing_base,
        factor_target=factor_target,
        factor_jump=factor_jump,
        deal_force=deal_force,
        deal_table=deal_table,
        term_shift=np.zeros((n_steps + 1, len(order)), dtype=np.float32),
    )
    scheduled.add(effects)
    deal_fronts = np.full((n_deals, 2), -1, dtype=np.int32)
    deal_terms = np.zeros((n_deals, 2), dtype=np.float32)
    for g, deal in enumerate(case.deals):
        a, b = deal.between
        deal_fronts[g] = front_index.get(f"{a} -> {b}", -1), front_index.get(f"{b} -> {a}", -1)
        deal_terms[g] = deal.terms.get(a, 0.0), deal.terms.get(b, 0.0)

    def by_step(chance: Iterable[float]) -> np.ndarray:
        return np.array(list(chance), dtype=np.float32)

    pace = case.pace
    incident_rates = [pace.incidents if f.incidents is None else f.incidents for f in case.fronts]
    keep = np.array([[math.exp(-f.pace * w) for f in case.factors] for w in weeks]).reshape(
        n_steps + 1, n_factors
    )
    noise = np.array([[_noise(f.volatility, f.pace, w) for f in case.factors] for w in weeks])
    plan = p.Plan(
        front_from=np.array([actor_index[f.from_] for f in case.fronts], dtype=np.int32),
        front_to=np.array([actor_index[f.to] for f in case.fronts], dtype=np.int32),
        reverse=np.array([front_index.get(f"{f.to} -> {f.from_}", -1) for f in case.fronts], dtype=np.int32),
        need=need,
        relief_rung=np.int32(rung_index[case.ladder.attack]),
        contact=np.int32(rung_index[case.ladder.contact]),
        blow=np.int32(blow),
        reach=np.int32(reach),
        row_reciprocity=np.array(style_rows["reciprocity"], dtype=np.int32),
        row_inertia=np.array(style_rows["inertia"], dtype=np.int32),
        row_bias=np.array(style_rows["bias"], dtype=np.int32),
        row_misperception=np.array(style_rows["misperception"], dtype=np.int32),
        row_inverse_temperature=np.array(style_rows["inverse"], dtype=np.int32),
        p_incident=np.array([[_chance(rate, w) for rate in incident_rates] for w in weeks], dtype=np.float32),
        p_revise=by_step(_chance(pace.revision, w) for w in weeks),
        term_start=np.searchsorted(columns[:, 0], np.arange(n_fronts + 1)).astype(np.int32),
        term_kind=np.ascontiguousarray(columns[:, 1]),
        term_from=np.ascontiguousarray(columns[:, 2]),
        term_row=np.ascontiguousarray(columns[:, 3]),
        term_shift_row=np.ascontiguousarray(columns[:, 4]),
        term_ref=np.ascontiguousarray(columns[:, 5]),
        term_gate=_columns([gates[j] for j in order], n_steps),
        p_gain=np.array([_poisson(pace.preparation, w) for w in weeks], dtype=np.float32),
        p_lose=np.array([_poisson(pace.stand_down, w) for w in weeks], dtype=np.float32),
        factor_keep=keep.astype(np.float32),
        factor_noise=noise.astype(np.float32).reshape(n_steps + 1, n_factors),
        driver_factor=np.array([k for k, f in enumerate(case.factors) for _ in f.drivers], dtype=np.int32),
        driver_front=np.array(
            [front_index[d.front] for f in case.factors for d in f.drivers], dtype=np.int32
        ),
        driver_from=np.array([rung_index[d.from_] for f in case.factors for d in f.drivers], dtype=np.int32),
        driver_gain=np.array([d.gain for f in case.factors for d in f.drivers], dtype=np.float32),
        standing_pull=by_step(_chance(pace.standing, w) for w in weeks),
        standing_gain=by_step(_chance(STANDING_GAIN_PER_WEEK, w) for w in weeks),
        standing_loss=by_step(_chance(STANDING_LOSS_PER_WEEK, w) for w in weeks),
        surprise=np.float32(SURPRISE_LOSS),
        wear_cost=np.array([[rung.wear * w for rung in case.ladder.rungs] for w in weeks], dtype=np.float32),
        wear_heal=by_step(_chance(pace.recovery, w) for w in weeks),
        deal_front=deal_fronts,
        deal_cap=np.array([rung_index[deal.cap] for deal in case.deals], dtype=np.int32),
        deal_terms=deal_terms,
        p_talks=np.array([[_chance(d.pace, w) for d in case.deals] for w in weeks], dtype=np.float32).reshape(
            n_steps + 1, n_deals
        ),
        p_breakdown=np.array(
            [[_chance(d.breakdown, w) for d in case.deals] for w in weeks], dtype=np.float32
        ).reshape(n_steps + 1, n_deals),
        scale=np.array(SCALE_ON, dtype=np.float32),
        **scheduled.arrays(),
    )
    start = p.Start(
        posture=np.array([rung_index[f.posture] if f.posture else 0 for f in case.fronts], dtype=np.int32),
        preparation=np.array([_levels(f) for f in case.fronts], dtype=np.float64),
        factor=np.array([f.start for f in case.factors], dtype=np.float64),
        standing=standing_start,
        wear=np.array([actor.wear for actor in case.actors], dtype=np.float64),
    )
    game = p.Game(
        case=case,
        as_of=as_of,
        grid=grid,
        plan=plan,
        statics=_statics(case, quantities, plan, dispositions, reliability, clarity),
        start=start,
        terms=tuple(terms[j] for j in order),
        actors=actors,
        fronts=fronts,
        factors=factors,
        rungs=rungs,
        dispositions=dispositions,
        deals=deals,
    )
    return game, scheduled


def _columns(columns: list[np.ndarray], n_steps: int) -> np.ndarray:
    if not columns:
        return np.zeros((n_steps + 1, 0), dtype=np.float32)
    return np.ascontiguousarray(np.stack(columns, axis=1), dtype=np.float32)


def _noise(volatility: float, pace: float, weeks: float) -> float:
    """Standard deviation over a step of an Ornstein-Uhlenbeck factor, so that steps of any length agree."""
    if pace * weeks < 1e-9:
        return volatility * math.sqrt(weeks)
    return volatility * math.sqrt(-math.expm1(-2.0 * pace * weeks) / (2.0 * pace))


def _levels(front: Front) -> list[float]:
    if isinstance(front.preparation, int):
        return [float(level == front.preparation) for level in range(4)]
    return list(front.preparation)


def _strongest_ties(case: Case, grid: Grid) -> dict[str, list[tuple[str, np.ndarray, _Strength]]]:
    """Obligations of each actor: (ally, in force by step, strength), a pair's strongest tie at a time."""
    held: dict[tuple[str, str], list[tuple[float, np.ndarray, _Strength]]] = {}
    for tie in case.ties:
        both = tie.kind in ("patron", "alliance")
        if not both and tie.kind != "guarantee":
            continue
        in_force = np.zeros(grid.n_steps + 1, dtype=np.float32)
        in_force[steps_between(grid, tie.since, tie.until)] = 1.0
        for a, b in [(tie.from_, tie.to)] + ([(tie.to, tie.from_)] if both else []):
            held.setdefault((a, b), []).append(
                (words.strength(tie.strength).median, in_force.copy(), tie.strength)
            )
    obligations: dict[str, list[tuple[str, np.ndarray, _Strength]]] = {}
    for (a, b), ties in held.items():
        taken = np.zeros(grid.n_steps + 1, dtype=np.float32)
        for _, in_force, strength in sorted(ties, key=lambda tie: -tie[0]):
            free = in_force * (1.0 - taken)
            taken = np.maximum(taken, in_force)
            if free.any():
                obligations.setdefault(a, []).append((b, free, strength))
    return obligations


def _statics(
    case: Case,
    quantities: _Quantities,
    plan: p.Plan,
    dispositions: tuple[str, ...],
    reliability: list[int],
    clarity: list[int],
) -> p.Statics:
    n_actors = len(case.actors)
    owner = np.array(quantities.owner, dtype=np.int32)
    coordinate = np.array(quantities.coordinate, dtype=np.int32)
    row_actor = np.array([row[3] for row in quantities.rows], dtype=np.int32)
    blocks = tuple(
        p.Block(
            coordinates=coordinate[(owner == i) & (coordinate >= 0)],
            quantities=np.flatnonzero(owner == i).astype(np.int32),
            rows=np.flatnonzero(row_actor == i).astype(np.int32),
            fronts=np.flatnonzero(plan.front_from == i).astype(np.int32),
        )
        for i in range(n_actors)
    )
    row_quantities = np.full((len(quantities.rows), 3), -1, dtype=np.int32)
    for k, (_, parts, _, _) in enumerate(quantities.rows):
        row_quantities[k, : len(parts)] = parts
    return p.Statics(
        labels=tuple(quantities.labels),
        link=np.array(quantities.link, dtype=np.int32),
        location=np.array(quantities.location, dtype=np.float32),
        scale=np.array(quantities.scale, dtype=np.float32),
        coordinate=coordinate,
        tables=np.array(quantities.tables, dtype=np.float32).reshape(-1, len(p.Z_GRID)),
        n_coordinates=quantities.n_coordinates,
        row_quantities=row_quantities,
        row_sign=np.array([row[0] for row in quantities.rows], dtype=np.float32),
        row_multiplier=np.array([row[2] for row in quantities.rows], dtype=np.float32),
        row_actor=row_actor,
        disposition_prior=np.array(
            [[actor.dispositions.get(d, 0.0) for d in dispositions] for actor in case.actors],
            dtype=np.float64,
        ),
        deception_prior=deception_skill(case, case.start),
        blocks=blocks,
        reliability=np.array(reliability, dtype=np.int32),
        clarity=np.array(clarity, dtype=np.int32),
    )
