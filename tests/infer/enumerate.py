"""Exact posteriors of small cases: the forward algorithm over every state, numbers unknown by quadrature.

Dispositions and ways of deciding run in the outer loop; deception marks, reliabilities and clarities, which
bear on the evidence alone, ride along as one axis of every state's mass.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from tests.infer.told import State, World
from tocsin.case import words

# A source with so many reports on record has a reliability as good as known.
SURE = 100_000


@dataclass(frozen=True, kw_only=True)
class Exact:
    """Posterior at the as-of step, and the log evidence."""

    log_evidence: float
    disposition: np.ndarray  # (A, n_dispositions)
    deceives: np.ndarray  # (A,)
    posture: np.ndarray  # (F, L)
    goal: np.ndarray  # (F, L)
    readiness: np.ndarray  # (F, 4)
    deal: float
    means: dict[str, float]  # of every uncertain number
    largest: int  # states held at once, at most


def grid(world: World, labels: list[str], n_nodes: int) -> tuple[list[dict[str, float]], np.ndarray]:
    """Gauss-Hermite nodes over the standard normal coordinates of these numbers: values and weights."""
    z, weight = np.polynomial.hermite_e.hermegauss(n_nodes)
    weight = weight / weight.sum()
    priors = world.priors()
    values = {label: world.value(priors[label], z) for label in labels}
    nodes, weights = [], []
    for combination in itertools.product(range(n_nodes), repeat=len(labels)):
        nodes.append({label: float(values[label][k]) for label, k in zip(labels, combination, strict=True)})
        weights.append(math.prod(weight[k] for k in combination))
    return nodes, np.array(weights)


def enumerate_exactly(world: World, *, style_nodes: int = 12, evidence_nodes: int = 24) -> Exact:
    """Every history of a small case, weighed by every report."""
    case, priors, items = world.case, world.priors(), world.said()
    sources, indicators = {i.source for i in items}, {i.indicator for i in items}
    fixed = {k: float(world.value(p, 0.0)) for k, p in priors.items() if not isinstance(p, tuple)}
    of_evidence = []
    for s in case.sources:
        counts = priors[f"{s.id}: reliability"]
        assert isinstance(counts, tuple)
        if sum(counts) > SURE:
            fixed[f"{s.id}: reliability"] = counts[0] / sum(counts)
        elif s.id in sources:
            of_evidence.append(f"{s.id}: reliability")
    spread = {k: p.scale for k, p in priors.items() if not isinstance(p, tuple) and p.scale}
    of_evidence += [
        f"{i.id}: clarity" for i in case.indicators if i.id in indicators and f"{i.id}: clarity" in spread
    ]
    of_style = [k for k in spread if not k.endswith(": clarity")]
    style, style_weight = grid(world, of_style, style_nodes)
    nodes, node_weight = grid(world, of_evidence, evidence_nodes)
    n_actors, n_rungs, n_types = len(world.actors), world.top + 1, len(case.dispositions)
    skill = [words.strength(actor.deception).median for actor in case.actors]
    # The axis: marks of deception, then nodes.
    marks = list(itertools.product((0, 1), repeat=n_actors))
    mark_weight = np.array(
        [math.prod(s if d else 1.0 - s for s, d in zip(skill, mark, strict=True)) for mark in marks]
    )
    axis_weight = np.outer(mark_weight, node_weight).ravel()
    deceives = np.repeat(np.array(marks, dtype=float), len(nodes), axis=0).T  # (A, E)
    axis = {label: np.tile([node[label] for node in nodes], len(marks)) for label in of_evidence}
    live = axis_weight > 0.0
    axis_weight, deceives = axis_weight[live], deceives[:, live]
    axis = {label: values[live] for label, values in axis.items()}
    zero = np.zeros_like(axis_weight)

    tables: dict[tuple[int, float], np.ndarray] = {}

    def chance(k: int, level: float) -> np.ndarray:
        if (k, level) not in tables:
            item = items[k]
            tables[k, level] = item.chance(
                level,
                axis.get(f"{item.source}: reliability", fixed.get(f"{item.source}: reliability")),
                axis.get(f"{item.indicator}: clarity", zero),
                deceives[item.owner] if item.owner is not None else zero,
            )
        return tables[k, level]

    disposition, posture, goal, readiness = (
        np.zeros((n_actors, n_types)),
        np.zeros((len(world.fronts), n_rungs)),
        np.zeros((len(world.fronts), n_rungs)),
        np.zeros((len(world.fronts), 4)),
    )
    total, deception, deal, largest = 0.0, np.zeros(n_actors), 0.0, 0
    means = dict.fromkeys([*of_style, *of_evidence], 0.0)
    for kinds in itertools.product(range(n_types), repeat=n_actors):
        p_kinds = math.prod(
            a.dispositions.get(case.dispositions[k].id, 0.0) for a, k in zip(case.actors, kinds, strict=True)
        )
        if p_kinds == 0.0:
            continue
        for numbers, p_style in zip(style, style_weight, strict=True):
            start = world.start()
            states = [state for _, state in start]
            mass = np.array([p * p_kinds * p_style for p, _ in start])[:, None] * axis_weight
            ways: dict[tuple[State, float], dict[State, float]] = {}
            for t in range(1, world.now + 1):
                index: dict[State, int] = {}
                rows, columns, chances = [], [], []
                for row, state in enumerate(states):
                    key = (state, world.talks(t))
                    if key not in ways:
                        ways[key] = {}
                        for p, new in world.steps(t, state, fixed | numbers, kinds):
                            ways[key][new] = ways[key].get(new, 0.0) + p
                    for new, p in ways[key].items():
                        rows.append(row)
                        columns.append(index.setdefault(new, len(index)))
                        chances.append(p)
                states = list(index)
                mass = csr_array((chances, (columns, rows)), shape=(len(states), len(mass))) @ mass
                now = [k for k, item in enumerate(items) if item.step == t]
                for row, state in enumerate(states):
                    for k in now:
                        mass[row] *= chance(k, world.level(items[k], state, kinds))
                largest = max(largest, len(states))
            whole = mass.sum(axis=0)
            mine = float(whole.sum())
            total += mine
            deception += deceives @ whole
            for label in of_style:
                means[label] += numbers[label] * mine
            for label in of_evidence:
                means[label] += float(axis[label] @ whole)
            for i, k in enumerate(kinds):
                disposition[i, k] += mine
            for state, p in zip(states, mass.sum(axis=1), strict=True):
                deal += p * state.deal
                for f in range(len(world.fronts)):
                    posture[f, state.posture[f]] += p
                    goal[f, state.goal[f]] += p
                    readiness[f, state.level[f]] += p
    return Exact(
        log_evidence=math.log(total),
        disposition=disposition / total,
        deceives=deception / total,
        posture=posture / total,
        goal=goal / total,
        readiness=readiness / total,
        deal=deal / total,
        means={label: value / total for label, value in means.items()},
        largest=largest,
    )
