"""Shipped cases assessed on their days, each once, with errors that hold where few islands count."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path

import numpy as np

from tests.house.source import ROOT
from tocsin.ask.assess import Assessment, assess
from tocsin.ask.resolve import resolve
from tocsin.case.model import Case
from tocsin.case.read import load

FOLDERS = {path.parent.name: path.parent for path in sorted((ROOT / "cases").glob("*/case.yaml"))}
# The days on which each case is asked, and the actors whose nature its golden tells.
DAYS = {
    "gaza-2023": ("2023-10-06",),
    "iraq-2002": ("2003-03-08",),
    "lebanon-2006": ("2006-07-11",),
    "lebanon-2023": ("2023-10-06", "2023-10-11", "2024-04-15", "2024-09-24"),
    "ukraine-2022": ("2022-02-16",),
}
MAIN = {
    "gaza-2023": ("hamas", "israel"),
    "iraq-2002": ("coalition", "iraq"),
    "lebanon-2006": ("hezbollah", "israel"),
    "lebanon-2023": ("hezbollah", "israel", "hamas", "iran"),
    "ukraine-2022": ("russia", "ukraine"),
}
GOLDENS = Path(__file__).parent / "goldens"
# The suite's runs are small and the goldens' large, of another seed: two independent estimates of one answer.
PARTICLES, SEED = 4_000, 2
GOLDEN_PARTICLES, GOLDEN_SEED = 20_000, 1


@cache
def case_of(name: str) -> Case:
    return load(FOLDERS[name])


@cache
def _assessed(name: str, day: str, particles: int, seed: int) -> Assessment:
    return assess(case_of(name), dt.date.fromisoformat(day), particles=particles, seed=seed)


def assessed(name: str, day: str, particles: int = PARTICLES, seed: int = SEED) -> Assessment:
    return _assessed(name, day, particles, seed)


def answers(
    name: str, day: str, particles: int = PARTICLES, seed: int = SEED
) -> dict[str, tuple[float, float]]:
    """Probability and error of every question, and of what the main actors are."""
    posterior = assessed(name, day, particles, seed).posterior
    game = posterior.game
    truth = {q.id: resolve(game, q, posterior.paths, posterior.followed) for q in game.case.questions}
    for actor in MAIN[name]:
        i = game.actors.index(actor)
        for k, disposition in enumerate(game.dispositions):
            truth[f"{actor}: {disposition}"] = posterior.disposition[i] == k
        truth[f"{actor}: deceives"] = posterior.deceives[i] == 1
    values = np.stack(list(truth.values())).astype(np.float64)
    mean, error = posterior.expect(values)
    return {key: (float(p), float(e)) for key, p, e in zip(truth, mean, error, strict=True)}
