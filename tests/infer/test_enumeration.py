"""The filter against exact enumeration of small cases with every kind of report, with and without moves."""

import numpy as np
import pytest

from tests.infer.cases import SMALL, actor, case_of, day, indicator, report, source
from tests.infer.enumerate import Exact, enumerate_exactly
from tests.infer.pooled import pooled, pooled_log_evidence, run
from tests.infer.told import World

ISLANDS, N = 40, 1000
EXACT: dict[tuple[str, int], Exact] = {}


def exact(name: str, seed: int) -> Exact:
    if (name, seed) not in EXACT:
        EXACT[name, seed] = enumerate_exactly(World(*SMALL[name](seed)), style_nodes=8, evidence_nodes=16)
    return EXACT[name, seed]


def distances(found, log_evidence, answer: Exact) -> dict[str, float]:
    """Distance of every estimate from the exact answer in standard errors.

    The error is the scatter over islands, but not below that of as many independent draws as particles: a
    rare state that no island happens to hold scatters by nothing. Arithmetic of 32 bits adds 2e-6.
    """
    out = {}
    log_mean, its_error = pooled_log_evidence(log_evidence)
    out["log evidence"] = abs(log_mean - answer.log_evidence) / (its_error + 1e-5)
    for name in ("disposition", "deceives", "posture", "goal", "readiness", "deal"):
        truth = np.clip(getattr(answer, name), 0.0, 1.0)
        mean, error = pooled(found[name], log_evidence)
        least = np.sqrt(truth * (1.0 - truth) / (ISLANDS * N))
        for place in np.ndindex(truth.shape):
            out[f"{name}{list(place)}"] = float(
                abs(mean[place] - truth[place]) / (max(error[place], least[place]) + 2e-6)
            )
    for label, its_mean in answer.means.items():
        mean, error = pooled(found[label], log_evidence)
        out[label] = float(abs(mean - its_mean) / error)
    return out


@pytest.mark.parametrize("moves", [False, True], ids=["drawn", "moved"])
@pytest.mark.parametrize(
    ("name", "seed"),
    [
        ("two-fronts", 1),
        ("two-fronts", 2),
        ("two-fronts", 3),
        *((name, 1) for name in SMALL if name != "two-fronts"),
    ],
)
def test_the_filter_agrees_with_enumeration(name, seed, moves):
    found, log_evidence = run(*SMALL[name](seed), islands=ISLANDS, n=N, moves=moves)
    far = {k: round(v, 2) for k, v in distances(found, log_evidence, exact(name, seed)).items() if v > 4.0}
    # 4 standard errors; with 39 degrees of freedom one comparison in 3,600 is as far by chance.
    assert not far


def test_moves_do_not_water_evidence_down():
    # One report of likelihood ratio 9 on a type, then steps without news. Bayes: 0.9 and 0.1. To move the
    # copies alone, and not offspring chosen whatever they are, gave 0.877 here: copies are the excess of the
    # posterior over what was drawn, and a move that leaves the posterior as it is does not leave its excess.
    case = case_of(
        actors=[actor("a", hard=0.5), actor("b", hard=0.0)],
        fronts=[{"from": "a", "to": "b"}],
        dispositions=[{"id": name, "appetite": {"median": 0.0, "spread": 0.0}} for name in ("soft", "hard")],
        indicators=[indicator("hardline", {"soft": 0.1, "hard": 0.9}, about={"disposition": "a"})],
        sources=[source("press", record={"right": 10**7, "wrong": 0})],
        reports=[report("r1", 1, "press", "hardline")],
    )  # fmt: skip
    found, log_evidence = run(case, day(3, 6), islands=ISLANDS, n=N)
    estimate, error = pooled(found["disposition"][:, 0, 1], log_evidence)
    assert abs(estimate - 0.9) <= 4.0 * error
    # 40,000 independent draws would err by 0.0015.
    assert error <= 0.004
