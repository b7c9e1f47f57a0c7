"""Metropolis moves of a particle's fixed numbers given its own history, so that they do not starve.

Resampling copies a few survivors; what never changes afterwards (styles, weights, dispositions,
reliabilities, deception marks) would soon take a handful of values. Gilks and Berzuini (2001) move each copy
by a Markov step that leaves its posterior, given the path it has taken, unchanged.

Every uncertain number is a standard normal coordinate, so the proposal is the preconditioned Crank-Nicolson
step ``z' = sqrt(1 - beta^2) z + beta * noise`` (Cotter, Roberts, Stuart and White 2013): it leaves the prior
unchanged by itself, and only likelihoods enter the acceptance. One block is one actor's way of deciding,
whose likelihood is the chance of the goals its fronts took; one block is each source, and each indicator.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tocsin.game.plan import I32, Game
from tocsin.infer import kernel as evidence_kernel
from tocsin.infer.evidence import ON_DISPOSITION
from tocsin.infer.particles import Particles, derive, fill_rows, log_chance_of_goals

if TYPE_CHECKING:
    from tocsin.infer.filter import EvidenceStep

# The step size of each block is steered toward this acceptance, between these bounds.
TARGET_ACCEPTANCE = (0.2, 0.45)
SMALLEST_STEP = 0.05


class Mover:
    """The moves of one island, with the step size of every block."""

    def __init__(self, game: Game, steps: EvidenceStep) -> None:
        e, statics = steps.evidence, game.statics
        self.game, self.steps = game, steps
        self.by_source = [np.flatnonzero(e.reliability == q).astype(np.int32) for q in statics.reliability]
        self.by_indicator = [np.flatnonzero(e.clarity == q).astype(np.int32) for q in statics.clarity]
        self.by_owner = [np.flatnonzero(e.owner == i).astype(np.int32) for i in range(len(game.actors))]
        self.on_disposition = [
            np.flatnonzero((e.kind == ON_DISPOSITION) & (e.ref == i)).astype(np.int32)
            for i in range(len(game.actors))
        ]
        self.step_size: dict[tuple[str, int], float] = {}
        self.acceptance: dict[tuple[str, int], float] = {}
        with np.errstate(divide="ignore"):
            self.log_prior = np.log(statics.disposition_prior).astype(np.float32)
            odds = np.log(statics.deception_prior) - np.log1p(-statics.deception_prior)
        self.log_odds_deceives = odds.astype(np.float32)

    def sweep(self, particles: Particles) -> None:
        """Move every block of these particles once."""
        proposed_values = particles.values.copy()
        proposed_rows = particles.rows.copy()
        for i in range(len(self.game.actors)):
            self._move_actor(particles, i, proposed_values, proposed_rows)
        for i, which in enumerate(self.by_owner):
            self._move_deception(particles, i, which)
        statics = self.game.statics
        for name, quantities, groups in (
            ("source", statics.reliability, self.by_source),
            ("indicator", statics.clarity, self.by_indicator),
        ):
            for k, q in enumerate(quantities):
                if statics.coordinate[q] >= 0:
                    self._move_quantity(particles, (name, k), int(q), groups[k], proposed_values)

    def _known(self, particles: Particles, which: I32) -> I32:
        return which[self.steps.evidence.known[which] <= particles.step]

    def _propose(self, particles: Particles, coordinates: I32, beta: float) -> np.ndarray:
        noise = particles.rng.standard_normal((len(coordinates), particles.n), dtype=np.float32)
        return np.float32(np.sqrt(1.0 - beta**2)) * particles.z[coordinates] + np.float32(beta) * noise

    def _steer(self, block: tuple[str, int], beta: float, accepted: np.ndarray) -> None:
        rate = float(accepted.mean())
        self.acceptance[block] = rate
        low, high = TARGET_ACCEPTANCE
        factor = 0.7 if rate < low else 1.4 if rate > high else 1.0
        self.step_size[block] = min(1.0, max(SMALLEST_STEP, beta * factor))

    def _accepts(self, particles: Particles, log_ratio: np.ndarray) -> np.ndarray:
        return np.asarray(np.log(particles.rng.random(particles.n)) < log_ratio)

    def _move_actor(
        self, particles: Particles, i: int, proposed_values: np.ndarray, proposed_rows: np.ndarray
    ) -> None:
        game, block = self.game, self.game.statics.blocks[i]
        n = particles.n
        beta = self.step_size.get(("actor", i), 0.4)
        old_z = particles.z[block.coordinates]
        z = self._propose(particles, block.coordinates, beta)
        particles.z[block.coordinates] = z
        derive(game, particles.z, block.quantities, proposed_values)

        # Half of the proposals also try another disposition, any other alike.
        n_types = self.log_prior.shape[1]
        disposition = particles.disposition[i]
        proposed = particles.disposition.copy()
        if n_types > 1:
            jump = particles.rng.integers(1, n_types, n, dtype=np.uint8)
            jump[particles.rng.random(n) < 0.5] = 0
            proposed[i] = (disposition + jump) % n_types
        fill_rows(game, proposed_values, proposed, block.rows, proposed_rows)

        log_choice = (
            log_chance_of_goals(particles, block.fronts, rows=proposed_rows)
            if len(block.fronts)
            else np.zeros(n, dtype=np.float32)
        )
        with np.errstate(invalid="ignore"):
            prior = self.log_prior[i]
            log_ratio = log_choice - particles.log_choice[i] + prior[proposed[i]] - prior[disposition]
        which = self._known(particles, self.on_disposition[i])
        if len(which):
            now, then = np.empty((2, n), dtype=np.float32)
            self.steps.log_chance(which, particles, now)
            self.steps.log_chance(which, particles, then, disposition=proposed)
            log_ratio += then - now
        yes = self._accepts(particles, log_ratio)
        refused = ~yes
        evidence_kernel.put_where(refused, old_z, particles.z, block.coordinates)
        evidence_kernel.take_where(yes, proposed_values, particles.values, block.quantities)
        evidence_kernel.take_where(yes, proposed_rows, particles.rows, block.rows)
        particles.disposition[i] = np.where(yes, proposed[i], disposition)
        particles.log_choice[i] = np.where(yes, log_choice, particles.log_choice[i])
        self._steer(("actor", i), beta, yes)

    def _move_deception(self, particles: Particles, i: int, which: I32) -> None:
        odds = self.log_odds_deceives[i]
        if not np.isfinite(odds):
            return
        which = self._known(particles, which)
        marks = particles.deceives[i]
        if not len(which):
            # Nothing speaks to it: a fresh draw from the prior is exact.
            particles.deceives[i] = particles.rng.random(particles.n) < self.game.statics.deception_prior[i]
            return
        proposed = particles.deceives.copy()
        proposed[i] = 1 - marks
        now, then = np.empty((2, particles.n), dtype=np.float32)
        self.steps.log_chance(which, particles, now)
        self.steps.log_chance(which, particles, then, deceives=proposed)
        log_ratio = then - now + np.where(proposed[i] == 1, odds, -odds)
        yes = self._accepts(particles, log_ratio)
        particles.deceives[i] = np.where(yes, proposed[i], marks)

    def _move_quantity(
        self, particles: Particles, block: tuple[str, int], q: int, which: I32, proposed_values: np.ndarray
    ) -> None:
        which = self._known(particles, which)
        k = int(self.game.statics.coordinate[q])
        coordinate = np.array([k], dtype=np.int32)
        row = np.array([q], dtype=np.int32)
        if not len(which):
            particles.z[k] = particles.rng.standard_normal(particles.n, dtype=np.float32)
            derive(self.game, particles.z, row, particles.values)
            return
        beta = self.step_size.get(block, 0.7)
        z, old = self._propose(particles, coordinate, beta)[0], particles.z[k].copy()
        particles.z[k] = z
        derive(self.game, particles.z, row, proposed_values)
        now, then = np.empty((2, particles.n), dtype=np.float32)
        self.steps.log_chance(which, particles, now)
        current = particles.values[q].copy()
        particles.values[q] = proposed_values[q]
        self.steps.log_chance(which, particles, then)
        yes = self._accepts(particles, then - now)
        particles.z[k] = np.where(yes, z, old)
        particles.values[q] = np.where(yes, proposed_values[q], current)
        self._steer(block, beta, yes)
