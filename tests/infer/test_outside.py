"""An outside oracle: the same small model as an unrolled dynamic Bayesian network, inferred by pyAgrum.

Nodes: dispositions and deception; per step and front its (goal, posture, level), and its posture; one node a
report or silence. The tables are filled from the equations as told; the inference is pyAgrum's alone.
"""

import itertools

import numpy as np
import pyagrum as gum
import pytest

from tests.infer.cases import (
    FIRE,
    MASSING,
    PLAIN_STYLE,
    actor,
    case_of,
    day,
    exactly,
    indicator,
    report,
    source,
)
from tests.infer.enumerate import enumerate_exactly
from tests.infer.pooled import pooled, pooled_log_evidence, run
from tests.infer.told import State, World

STEPS, ISLANDS, N = 5, 40, 1000
RELIABILITY = (7.0 + 800_000.0) / (10.0 + 1_000_000.0)  # of a source whose record makes it known


def model():
    watch = {"indicator": "massing", "coverage": exactly(0.6), "since": day(4)}
    case = case_of(
        actors=[
            actor("a", hard=0.4, deception=0.4, **PLAIN_STYLE),
            actor("b", hard=0.5, **PLAIN_STYLE | {"misperception": 0.6}),
        ],
        fronts=[
            {"from": "a", "to": "b", "posture": "shots", "incidents": 0.3},
            {"from": "b", "to": "a", "preparation": [0.5, 0.5, 0.0, 0.0]},
        ],
        indicators=[
            indicator("massing", MASSING, about={"preparation": "a -> b"}, concealable=0.6, plantable=0.2),
            indicator("fire", FIRE, about={"posture": "b -> a"}),
            indicator("hardline", {"soft": 0.2, "hard": 0.7}, about={"disposition": "a"}, plantable=0.3),
        ],
        sources=[source("press", sure=True, watches=[watch])],
        reports=[
            report("r1", 1, "press", "a -> b", "war", grade=2),
            report("r2", 2, "press", "massing", "seen"),
            report("r3", 2, "press", "fire", "not seen", known=day(4)),
            report("r4", 3, "press", "hardline", "seen", grade=2),
            report("r5", 4, "press", "b -> a", "shots"),
            report("r6", 5, "press", "b -> a", "war", grade=3),
        ],
    )
    return World(case, day(STEPS, 6))


def network(world: World):
    """The network, and the evidence to set in it."""
    case = world.case
    numbers = {k: float(world.value(p, 0.0)) for k, p in world.priors().items() if not isinstance(p, tuple)}
    net = gum.BayesNet()
    for i, a in enumerate(case.actors):
        net.add(gum.LabelizedVariable(f"type{i}", "", 2))
        net.cpt(f"type{i}").fillWith([a.dispositions["soft"], a.dispositions["hard"]])
    net.add(gum.LabelizedVariable("deceives", "", 2))
    net.cpt("deceives").fillWith([0.6, 0.4])
    n = world.top + 1
    local = list(itertools.product(range(n), range(n), range(4)))  # goal, posture, level
    index = {way: k for k, way in enumerate(local)}

    def state(own: tuple[int, int, int], other: int, f: int) -> State:
        goal, posture, level = own
        pair = [(goal, posture, level), (0, other, 0)]
        one, two = pair if f == 0 else pair[::-1]
        still = world.start()[0][1]
        return State(
            (one[1], two[1]), (one[0], two[0]), (one[2], two[2]), still.standing, still.wear, (), False
        )

    starts: np.ndarray = np.zeros((2, len(local)))
    for p, first in world.start():
        for f in range(2):
            starts[f, index[first.goal[f], first.posture[f], first.level[f]]] += p
    for t in range(STEPS + 1):
        for f in range(2):
            net.add(gum.LabelizedVariable(f"front{f}at{t}", "", len(local)))
            net.add(gum.LabelizedVariable(f"posture{f}at{t}", "", n))
            net.addArc(f"front{f}at{t}", f"posture{f}at{t}")
            table = np.zeros((len(local), n))
            for k, (_, posture, _) in enumerate(local):
                table[k, posture] = 1.0
            net.cpt(f"posture{f}at{t}")[:] = table
        for f in range(2):
            if t == 0:
                net.cpt(f"front{f}at0").fillWith(list(starts[f]))
                continue
            # Parents in this order: the table's axes are theirs reversed, the child's own last.
            for parent in (f"front{f}at{t - 1}", f"posture{1 - f}at{t - 1}", f"type{f}"):
                net.addArc(parent, f"front{f}at{t}")
            table = np.zeros((2, n, len(local), len(local)))
            for kind, other, k in itertools.product(range(2), range(n), range(len(local))):
                now = state(local[k], other, f)
                ((_, goals, _),) = world.decide(f, now, (), numbers, kind)
                for goal, p in enumerate(goals):
                    for q, posture, level in world.ready(f, now, goal):
                        table[kind, other, k, index[goal, posture, level]] += p * q
            net.cpt(f"front{f}at{t}")[:] = table
    heard = {}
    for item in world.said():
        net.add(gum.LabelizedVariable(item.name, "", 2))
        if item.about == "disposition":
            of, values = f"type{item.ref}", [0, 1]
        elif item.about == "posture":
            of, values = f"posture{item.ref}at{item.step}", list(range(n))
        else:
            of, values = f"front{item.ref}at{item.step}", [way[2] for way in local]
        for parent in (of, "deceives"):
            net.addArc(parent, item.name)
        table = np.zeros((2, len(values), 2))
        for d, (k, value) in itertools.product(range(2), enumerate(values)):
            # Only a deceives here.
            yes = item.chance(value, RELIABILITY, 0.0, d if item.owner == 0 else 0)
            table[d, k] = 1.0 - yes, yes
        net.cpt(item.name)[:] = table
        heard[item.name] = 1
    return net, heard


@pytest.fixture(scope="module")
def answers():
    world = model()
    net, heard = network(world)
    inference = gum.LazyPropagation(net)
    inference.setEvidence(heard)
    inference.makeInference()
    n = world.top + 1
    answer = {
        "disposition": np.array([inference.posterior(f"type{i}").tolist() for i in range(2)]),
        "deceives": np.array([inference.posterior("deceives").tolist()[1], 0.0]),
        "posture": np.array([inference.posterior(f"posture{f}at{STEPS}").tolist() for f in range(2)]),
    }
    local = np.array([inference.posterior(f"front{f}at{STEPS}").tolist() for f in range(2)]).reshape(
        2, n, n, 4
    )
    answer["goal"], answer["readiness"] = local.sum(axis=(2, 3)), local.sum(axis=(1, 2))
    return world, answer, float(np.log(inference.evidenceProbability()))


def test_the_enumerator_agrees_with_pyagrum(answers):
    world, answer, log_evidence = answers
    exact = enumerate_exactly(world)
    # Both are exact up to rounding, and to the record that makes the source's reliability all but certain.
    assert exact.log_evidence == pytest.approx(log_evidence, abs=1e-9)
    for name, shares in answer.items():
        np.testing.assert_allclose(getattr(exact, name), shares, atol=1e-9, err_msg=name)


def test_the_filter_agrees_with_pyagrum(answers):
    world, answer, log_evidence = answers
    found, by_island = run(world.case, world.as_of, islands=ISLANDS, n=N)
    estimate, its_error = pooled_log_evidence(by_island)
    assert abs(estimate - log_evidence) <= 4.0 * its_error
    for name, shares in answer.items():
        mean, error = pooled(found[name], by_island)
        # 4 standard errors; arithmetic of 32 bits adds 2e-6.
        assert (np.abs(mean - shares) <= 4.0 * error + 2e-6).all(), name
