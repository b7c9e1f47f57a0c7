"""Reasons ranked by how far the answers would move if they were no reasons at all.

For each reason and threat the game is compiled without it. Its past is weighed again (how likely were the
decisions taken, had the reason not been there?) and the future is run on again with the same chance, on a few
particles of each island. What differs, differs because of the reason.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from tocsin.ask.estimate import Sensitivity
from tocsin.ask.resolve import outcomes
from tocsin.ask.weights import number
from tocsin.infer.particles import Particles, log_chance_of_goals, run_on
from tocsin.infer.posterior import Posterior, paths_of
from tocsin.infer.work import do_all


def rank_reasons(posterior: Posterior, threads: int | None = None) -> tuple[Sensitivity, ...]:
    """Every reason and threat of the case, the most consequential first."""
    game = posterior.game
    questions = game.case.questions
    groups: dict[tuple[str, str], list[int]] = {}
    for j, term in enumerate(game.terms):
        if term.name == "reason":
            groups.setdefault(("reason", term.reference), []).append(j)
        elif term.name == "deterrence":
            groups.setdefault(("threat", term.reference), []).append(j)
    if not groups:
        return ()
    members = list(groups.values())

    def truth(particles: Particles) -> np.ndarray:
        paths = paths_of(particles, posterior.followed)
        return outcomes(game, paths, posterior.followed).astype(np.float64)

    def work(particles: Particles) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Per reason: (R, Q) weighted truth with and without, (R, 2) totals, (R,) effective share."""
        weight = particles.weights()
        run_on(particles, game.grid.n_steps)
        base = truth(particles)
        fronts = {game.terms[j].front for group in members for j in group}
        past = {f: log_chance_of_goals(particles, np.array([f], dtype=np.int32), game.plan) for f in fronts}
        sums = np.empty((len(members), len(questions), 2))
        totals, share = np.empty((len(members), 2)), np.empty(len(members))
        for k, group in enumerate(members):
            gate, shift = game.plan.term_gate.copy(), game.plan.term_shift.copy()
            gate[:, group] = 0.0
            shift[:, group] = 0.0
            plan = game.plan._replace(term_gate=gate, term_shift=shift)
            log_ratio = np.zeros(particles.n)
            for f in {game.terms[j].front for j in group}:
                log_ratio += log_chance_of_goals(particles, np.array([f], dtype=np.int32), plan) - past[f]
            other = weight * np.exp(log_ratio)
            run_on(particles, game.grid.n_steps, plan)
            changed = truth(particles)
            sums[k, :, 0], sums[k, :, 1] = base @ weight, changed @ other
            totals[k] = weight.sum(), other.sum()
            share[k] = other.sum() ** 2 / np.sum(other**2) / particles.n
        return sums, totals, share

    jobs = [partial(work, particles) for particles in posterior.samples]
    results = do_all(jobs, "islands run again", threads=threads)
    # Every island's sums count by its share: (M, R, Q, 2) and (M, R, 2).
    island = posterior.island_weight
    sums = island[:, None, None, None] * np.stack([s for s, _, _ in results])
    totals = island[:, None, None] * np.stack([t for _, t, _ in results])
    ranked = []
    for k, (kind, reference) in enumerate(groups):
        shifts = []
        total_with, total_without = totals[:, k, 0], totals[:, k, 1]
        for q, question in enumerate(questions):
            with_it, without = sums[:, k, q, 0], sums[:, k, q, 1]
            shift = without.sum() / total_without.sum() - with_it.sum() / total_with.sum()
            # The two ratios share their islands: their difference is pooled as one.
            residual = (without - total_without * (without.sum() / total_without.sum())) / total_without.sum()
            residual -= (with_it - total_with * (with_it.sum() / total_with.sum())) / total_with.sum()
            m = len(island)
            error = float(np.sqrt(m / max(m - 1.0, 1.0) * np.sum(residual**2)))
            shifts.append((question.id, number(shift, error)))
        label = next(term.label for term in game.terms if term.reference == reference)
        ranked.append(
            Sensitivity(
                reference=reference,
                kind=kind,
                label=label,
                shifts=tuple(shifts),
                largest=max(abs(s.value) for _, s in shifts),
                effective_share=float(np.mean([share[k] for _, _, share in results])),
            )
        )
    return tuple(sorted(ranked, key=lambda s: -s.largest))


__all__ = ["rank_reasons"]
