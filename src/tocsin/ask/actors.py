"""Actors and their decisions: what they are, what they mean to do, what pushes and what holds."""

from __future__ import annotations

import numpy as np

from tocsin.ask.estimate import ActorEstimate, Chance, FrontEstimate, Moment, Number, TermEstimate
from tocsin.infer.posterior import Posterior, pool

# How strongly a term weighs, by its size in nats: 0.2 nats change odds by a fifth, 2 by seven times.
STRENGTH_WORDS = (
    (0.05, "hardly"),
    (0.3, "slightly"),
    (1.0, "clearly"),
    (2.0, "strongly"),
    (np.inf, "decisively"),
)


def term_words(nats: float) -> str:
    """What a term does to a decision, in words.

    Examples
    --------
    >>> term_words(-1.4)
    'strongly holds back'
    """
    how = next(word for limit, word in STRENGTH_WORDS if abs(nats) < limit)
    return f"{how} {'pulls in' if nats > 0 else 'holds back'}"


def _chances(mean: np.ndarray, error: np.ndarray) -> tuple[Chance, ...]:
    return tuple(Chance(probability=float(p), mc_error=float(e)) for p, e in zip(mean, error, strict=True))


def _over_time(posterior: Posterior, name: str) -> np.ndarray:
    """A trace pooled over islands by the evidence each had found by that step: (S, ...)."""
    log_evidence = np.stack([trace.log_evidence for trace in posterior.traces])
    weight = np.exp(log_evidence - log_evidence.max(axis=0))
    weight /= weight.sum(axis=0)
    values = np.stack([getattr(trace, name) for trace in posterior.traces])
    return np.asarray(np.einsum("ms,ms...->s...", weight, values))


def _moments(posterior: Posterior, shares: np.ndarray) -> tuple[Moment, ...]:
    grid = posterior.game.grid
    return tuple(
        Moment(day=grid.first_day(t), shares=tuple(float(s) for s in np.atleast_1d(row)))
        for t, row in enumerate(shares)
    )


def estimate_actors(posterior: Posterior) -> tuple[ActorEstimate, ...]:
    """Dispositions, deception and standing of every actor, now and over time."""
    game, statics = posterior.game, posterior.game.statics
    n_types = len(game.dispositions)
    types_over_time = _over_time(posterior, "disposition")
    deceives_over_time = _over_time(posterior, "deceives")
    names = {actor.id: actor.name for actor in game.case.actors}
    out = []
    for i, actor in enumerate(game.actors):
        truth = np.stack([posterior.disposition[i] == k for k in range(n_types)]).astype(np.float64)
        mean, error = posterior.expect(truth)
        deceives, deceives_error = posterior.expect(posterior.deceives[i].astype(np.float64))
        standing, standing_error = posterior.expect(posterior.standing[i].astype(np.float64))
        out.append(
            ActorEstimate(
                id=actor,
                name=names[actor],
                dispositions=tuple(
                    (d, chance, float(prior))
                    for d, chance, prior in zip(
                        game.dispositions, _chances(mean, error), statics.disposition_prior[i], strict=True
                    )
                ),
                dispositions_over_time=_moments(posterior, types_over_time[:, i]),
                deceives=Chance(probability=float(deceives), mc_error=float(deceives_error)),
                deceives_prior=float(statics.deception_prior[i]),
                deceives_over_time=_moments(posterior, deceives_over_time[:, i]),
                standing=Number(value=float(standing), mc_error=float(standing_error)),
            )
        )
    return tuple(out)


def estimate_fronts(posterior: Posterior) -> tuple[FrontEstimate, ...]:
    """Posture, goal and readiness on every front, and its initiator's decision taken apart."""
    game, plan = posterior.game, posterior.game.plan
    n_rungs, n_fronts, n_terms = len(game.rungs), len(game.fronts), len(plan.term_kind)
    now = posterior.paths.posture[game.now]
    island = posterior.island_weight
    mean, _ = pool(island[:, None] * posterior.term_mean, island, np.inf)
    square, _ = pool(island[:, None] * posterior.term_square, island, np.inf)
    spread = np.sqrt(np.maximum(square - mean**2, 0.0))
    posture_over_time = _over_time(posterior, "posture")

    def term(k: int, kind: str, label: str, reference: str) -> TermEstimate:
        return TermEstimate(
            kind=kind,
            label=label,
            reference=reference,
            nats=float(mean[k]),
            spread=float(spread[k]),
            words=term_words(float(mean[k])),
        )

    def shares(marks: np.ndarray, levels: int) -> tuple[Chance, ...]:
        truth = np.stack([marks == level for level in range(levels)])
        return _chances(*posterior.expect(truth.astype(np.float64)))

    out = []
    for f, ref in enumerate(game.fronts):
        initiator, target = ref.split(" -> ")
        terms = [
            term(j, game.terms[j].name, game.terms[j].label, game.terms[j].reference)
            for j in range(plan.term_start[f], plan.term_start[f + 1])
        ]
        # The dispositions are one consideration: what the actor is.
        types = [t for t in terms if t.kind == "disposition"]
        terms = [t for t in terms if t.kind != "disposition"]
        nats = sum(t.nats for t in types)
        # Only one of them is at work in a history, so that their mean squares add up.
        square_nats = sum(t.spread**2 + t.nats**2 for t in types)
        terms.append(
            TermEstimate(
                kind="disposition",
                label="what it is disposed to",
                reference=initiator,
                nats=nats,
                spread=float(np.sqrt(max(square_nats - nats**2, 0.0))),
                words=term_words(nats),
            )
        )
        terms.append(term(n_terms + f, "reciprocity", f"answers {target} in kind", target))
        terms.append(term(n_terms + n_fronts + f, "inertia", "stays where it is", initiator))
        need = plan.need[posterior.goal[f]]
        preparing = (need > posterior.readiness[f]) & (need > 0)
        preparing_mean, preparing_error = posterior.expect(preparing.astype(np.float64))
        posture = shares(now[f], n_rungs)
        out.append(
            FrontEstimate(
                ref=ref,
                initiator=initiator,
                target=target,
                posture=posture,
                goal=shares(posterior.goal[f], n_rungs),
                readiness=shares(posterior.readiness[f], 4),
                preparing=Chance(probability=float(preparing_mean), mc_error=float(preparing_error)),
                current=game.rungs[int(np.argmax([c.probability for c in posture]))],
                against=game.rungs[int(plan.relief_rung)],
                terms=tuple(sorted(terms, key=lambda t: -t.nats)),
                posture_over_time=_moments(posterior, posture_over_time[:, f]),
            )
        )
    return tuple(out)
