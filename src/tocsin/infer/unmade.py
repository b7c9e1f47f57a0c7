"""Reports that nobody made: their chance on each particle's history, as the evidence itself is weighed.

Given its history a particle's reports are independent, so a report added to a case multiplies the particle's
weight by the report's chance, and one taken away divides it. Which items a change of the reports brings and
takes, silences among them, is read off by compiling the evidence with and without it: a source that never
said so would have been silent, and its silence would have counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from tocsin.case.model import Case, Report
from tocsin.game.plan import F32, Game
from tocsin.infer import kernel as evidence_kernel
from tocsin.infer.evidence import Evidence, compile_evidence
from tocsin.infer.posterior import Posterior

Key = tuple[float | bytes, ...]


def keys_of(evidence: Evidence) -> list[Key]:
    """What makes each item's chance what it is: items with the same key weigh the same."""
    e = evidence
    numbers = np.stack(
        [
            e.kind, e.ref, e.happened, e.offset, e.slope, e.reliability, e.grade, e.base, e.clarity,
            e.conceal, e.plant, e.owner,
        ],
        axis=1,
    )  # fmt: skip
    return [(*row, level.tobytes()) for row, level in zip(numbers.tolist(), e.level, strict=True)]


def with_reports(game: Game, reports: Iterable[Report]) -> Game:
    """The same game, of a case with these reports; reports are no part of how it goes."""
    return replace(game, case=game.case.model_copy(update={"reports": tuple(reports)}))


def only_about(case: Case, things: frozenset[str]) -> Case:
    """The case with only the reports and watches on some things: what a change of these can bear on."""
    return case.model_copy(
        update={
            "reports": tuple(r for r in case.reports if (r.indicator or r.front) in things),
            "sources": tuple(
                s.model_copy(update={"watches": tuple(w for w in s.watches if w.indicator in things)})
                for s in case.sources
            ),
        }
    )


def difference(before: Evidence, after: Evidence) -> tuple[np.ndarray, np.ndarray]:
    """Items of `before` that are gone in `after`, and items of `after` that are new; indices of each."""
    here, there = keys_of(before), keys_of(after)
    gone, new = Counter(here), Counter(there)
    gone, new = gone - Counter(there), new - Counter(here)

    def indices(keys: list[Key], wanted: Counter[Key]) -> np.ndarray:
        found = []
        for k, key in enumerate(keys):
            if wanted[key] > 0:
                wanted[key] -= 1
                found.append(k)
        return np.array(found, dtype=np.int32)

    return indices(here, gone), indices(there, new)


def log_chance(
    posterior: Posterior, evidence: Evidence, which: np.ndarray, *, deceives: np.ndarray | None = None
) -> F32:
    """Summed log chance (N,) of the items `which` of any evidence of the same game.

    Parameters
    ----------
    posterior : with its past kept
    evidence : compiled for the same game, whatever its reports
    which : indices of its items
    deceives : (A, N) other marks of deception than the particles' own

    Raises
    ------
    ValueError if the posterior was inferred without its past
    """
    if posterior.past is None:
        raise ValueError("the posterior was inferred without its past; infer it with keep_past=True")
    e, out = evidence, np.zeros(posterior.weight.size, dtype=np.float32)
    if not len(which):
        return out
    evidence_kernel.items_log_chance(
        which, e.kind, e.ref, e.happened, e.offset, e.slope, e.reliability, e.grade, e.base, e.level,
        e.n_levels, e.clarity, e.conceal, e.plant, e.owner, posterior.values,
        posterior.deceives if deceives is None else deceives, posterior.disposition, posterior.paths.posture,
        posterior.past.readiness, posterior.past.factor, out,
    )  # fmt: skip
    return out


def log_factor(posterior: Posterior, reports: Iterable[Report]) -> F32:
    """(N,) by what each particle's weight is multiplied, in logs, if these had been the case's reports.

    The posterior given other reports is the same particles with weights times exp of this. Items that both
    share cancel exactly, so leaving everything as it is gives zeros.
    """
    other = compile_evidence(with_reports(posterior.game, reports))
    gone, new = difference(posterior.evidence, other)
    return np.asarray(log_chance(posterior, other, new) - log_chance(posterior, posterior.evidence, gone))


__all__ = ["difference", "keys_of", "log_chance", "log_factor", "only_about", "with_reports"]
