"""Islands run and pooled in tests: every estimate with its standard error over islands."""

from __future__ import annotations

import datetime as dt

import numpy as np

from tocsin.case.known import as_known
from tocsin.case.model import Case
from tocsin.game.compile import compile_case
from tocsin.infer.evidence import compile_evidence
from tocsin.infer.filter import filter_island


def shares(marks: np.ndarray, weight: np.ndarray, n_levels: int) -> np.ndarray:
    return np.stack([(marks == level) @ weight for level in range(n_levels)], axis=-1)


def run(
    case: Case, as_of: dt.date, *, islands: int, n: int, seed: int = 1, moves: bool = True
) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Estimates of each island, (M, ...) by name, and the log evidence of each (M,)."""
    game = compile_case(as_known(case, as_of), as_of)
    evidence = compile_evidence(game)
    found: dict[str, list[np.ndarray]] = {}
    log_evidence = []
    for island in range(islands):
        p, _ = filter_island(game, evidence, n=n, seed=seed, island=island, moves=moves)
        w, t = p.weights(), p.step
        log_evidence.append(p.log_evidence_now())
        values = {
            "disposition": shares(p.disposition, w, len(game.dispositions)),
            "deceives": p.deceives @ w,
            "posture": shares(p.posture[t], w, len(game.rungs)),
            "goal": shares(p.goal[t], w, len(game.rungs)),
            "readiness": shares(p.readiness[t], w, 4),
            "deal": np.asarray(float((p.deal[t, 0] & 1) @ w) if game.deals else 0.0),
        }
        mean = p.values @ w
        for label, q in zip(game.statics.labels, range(len(mean)), strict=True):
            # Temperature is kept as its inverse.
            value = (1.0 / p.values[q]) @ w if label.endswith(": temperature") else mean[q]
            values[label] = np.asarray(value)
        for name, value in values.items():
            found.setdefault(name, []).append(value)
    return {name: np.array(parts) for name, parts in found.items()}, np.array(log_evidence)


def pooled(parts: np.ndarray, log_evidence: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pooled estimate and its standard error: a ratio of sums over islands, by the delta method."""
    weight = np.exp(log_evidence - log_evidence.max())
    weight = weight / weight.sum()
    mean = np.tensordot(weight, parts, axes=1)
    m = len(weight)
    error = np.sqrt(m / (m - 1.0) * np.tensordot(weight**2, (parts - mean) ** 2, axes=1))
    return mean, error


def pooled_log_evidence(log_evidence: np.ndarray) -> tuple[float, float]:
    """Log of the mean evidence, and its standard error by the delta method."""
    top = log_evidence.max()
    evidence = np.exp(log_evidence - top)
    mean = evidence.mean()
    return float(top + np.log(mean)), float(evidence.std(ddof=1) / mean / np.sqrt(len(evidence)))
