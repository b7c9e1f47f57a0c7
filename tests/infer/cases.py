"""Small cases whose posterior can be enumerated: exact numbers, few rungs and steps, all kinds of reports."""

# ruff: noqa: E501 - one kind of thing a line

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np

from tocsin.case.model import Case

START = dt.date(2024, 1, 1)
THREE = {
    "rungs": [
        {"id": "calm"},
        {"id": "shots", "wear": 0.05},
        {"id": "war", "readiness": 1, "wear": 0.2},
    ],
    "contact": "calm",
    "blow": "shots",
    "attack": "war",
}
TWO_TYPES = [
    {"id": "soft", "appetite": {"median": -1.0, "spread": 0}, "opportunity": 0.5, "fear": 1.2},
    {"id": "hard", "appetite": {"median": 1.5, "spread": 0}, "opportunity": 1.5, "fear": 0.7},
]
# Standing and wear bear on nothing, so that histories meet again and more steps can be enumerated.
PLAIN_STYLE: dict[str, Any] = {"opportunity": 0.0, "weariness": 0.0, "misperception": 0.0}


def exactly(median: float) -> dict[str, float]:
    return {"median": median, "spread": 0.0}


def day(step: int, after: int = 0) -> dt.date:
    """A day of a step of weeks from the start."""
    return START + dt.timedelta(days=7 * (step - 1) + after)


def style(**parts: float | dict[str, float]) -> dict[str, Any]:
    """A way of deciding without anything unknown, but for what is given as a spread."""
    usual = {
        "reciprocity": 0.5, "inertia": 0.8, "temperature": 1.0, "obligation": 1.5, "opportunity": 1.0,
        "weariness": 2.0, "misperception": 0.0, "bias": 0.1,
    }  # fmt: skip
    whole = usual | parts
    return {k: v if isinstance(v, dict) else exactly(v) for k, v in whole.items()}


def case_of(**parts: Any) -> Case:
    """A case from its parts; what every case must have is filled in."""
    front = parts["fronts"][0]
    whole = {
        "tocsin": 1, "title": "t", "question": "q", "start": START, "end": day(12, 6), "ladder": THREE,
        "dispositions": TWO_TYPES,
        "questions": [
            {"id": "q", "text": "t", "by": day(10), "rule": {"front": f"{front['from']} -> {front['to']}", "reaches": "war"}}
        ],
    }  # fmt: skip
    return Case.model_validate(whole | parts)


def actor(
    name: str, *, hard: float = 0.4, deception: float = 0.0, standing: float = 0.5, **way: Any
) -> dict[str, Any]:
    return {
        "id": name, "name": name.upper(), "dispositions": {"soft": 1.0 - hard, "hard": hard},
        "deception": deception, "standing": standing, "style": style(**way),
    }  # fmt: skip


def source(name: str, grade: str = "C", *, sure: bool = False, **parts: Any) -> dict[str, Any]:
    """A source; one that is `sure` has so long a record that its reliability is known."""
    record = {"record": {"right": 800_000, "wrong": 200_000}} if sure else {}
    return (
        {"id": name, "name": name, "grade": grade, "reason": "r", "base_rate": exactly(0.2)} | record | parts
    )


def indicator(name: str, likelihood: dict[str, float], spread: float = 0.0, **parts: Any) -> dict[str, Any]:
    return {
        "id": name, "name": name,
        "likelihood": {level: {"median": p, "spread": spread} for level, p in likelihood.items()},
    } | parts  # fmt: skip


MASSING = {"0": 0.1, "1": 0.5, "2": 0.8, "3": 0.9}
FIRE = {"calm": 0.05, "shots": 0.6, "war": 0.95}


def report(name: str, step: int, who: str, what: str, value: str = "seen", **parts: Any) -> dict[str, Any]:
    key = "front" if "->" in what else "indicator"
    return {"id": name, "date": day(step, 2), "source": who, key: what, "value": value} | parts


def two_fronts(seed: int) -> tuple[Case, dt.date]:
    """Two actors at each other over eight steps, with random numbers and every kind of report."""
    rng = np.random.default_rng(seed)
    fire = rng.choice(["calm", "shots", "war"], 3)
    reports = [
        report("r1", 1, "press", "a -> b", str(fire[0]), grade=2),
        report("r2", 2, "press", "massing", "seen" if rng.random() < 0.7 else "not seen"),
        report("r3", 2, "radio", "massing", "seen", origin="press", grade=3),
        report("r4", 2, "radio", "fire", "not seen", known=day(4, 1)),
        report("r5", 3, "radio", "b -> a", str(fire[1])),
        report("r6", 3, "press", "hardline", "seen", grade=2),
        report("r7", 4, "press", "a -> b", str(fire[2]), known=day(5, 3)),
        report("r8", 6, "radio", "fire", "seen"),
        report("r9", 8, "radio", "b -> a", str(fire[0])),
    ]
    fire_watch = [{"indicator": "massing", "coverage": exactly(0.7), "since": day(3)}]
    case = case_of(
        actors=[
            actor("a", hard=float(rng.uniform(0.2, 0.6)), deception=0.4, **PLAIN_STYLE),
            actor("b", hard=float(rng.uniform(0.2, 0.6)), **PLAIN_STYLE | {"temperature": 0.7}),
        ],
        fronts=[
            {"from": "a", "to": "b", "posture": "shots", "preparation": [0.6, 0.3, 0.1, 0.0], "incidents": 0.3},
            {"from": "b", "to": "a"},
        ],
        ties=[{"from": "a", "to": "b", "kind": "rivalry", "strength": 0.8, "since": "2001"}],
        reasons=[
            {"id": "prize", "front": "a -> b", "direction": "pull", "weight": exactly(float(rng.uniform(0.5, 2.0))), "from": "war", "text": "t"},
            {"id": "cost", "front": "b -> a", "direction": "restrain", "weight": exactly(0.8), "from": "shots", "text": "t"},
        ],
        indicators=[
            indicator("massing", MASSING, about={"preparation": "a -> b"}, concealable=0.6, plantable=0.2),
            indicator("fire", FIRE, about={"posture": "a -> b"}, concealable=0.1),
            indicator("hardline", {"soft": 0.2, "hard": 0.7}, about={"disposition": "a"}, plantable=0.3),
        ],
        sources=[source("press", "C"), source("radio", sure=True, sharpness=0.7, watches=fire_watch)],
        reports=reports,
    )  # fmt: skip
    return case, day(8, 6)


def standing_and_wear(seed: int) -> tuple[Case, dt.date]:
    """Threats, weariness, opportunity, and a factor that postures drive: everything that is carried along."""
    rng = np.random.default_rng(seed)
    case = case_of(
        actors=[
            actor("a", hard=0.5, standing=0.6, weariness=4.0, opportunity=3.0),
            actor("b", hard=0.3, deception=0.3, standing=float(rng.uniform(0.2, 0.7))),
        ],
        fronts=[
            {"from": "a", "to": "b", "preparation": 1, "incidents": 0.0},
            {"from": "b", "to": "a", "posture": "shots", "incidents": 0.0},
        ],
        pace={"revision": 1.5, "standing": 0.2, "recovery": 0.05},
        factors=[
            {
                "id": "anger", "name": "n", "start": 0.2, "target": 0.4, "pace": 0.5, "volatility": 0.0,
                "drivers": [{"front": "b -> a", "from": "shots", "gain": 0.6}],
            }
        ],
        reasons=[
            {"id": "revenge", "front": "a -> b", "direction": "pull", "weight": exactly(2.5), "factor": "anger", "from": "shots", "text": "t"},
        ],
        threats=[{"by": "b", "against": "a", "strength": exactly(2.0), "from": "war"}],
        indicators=[
            indicator("crowds", {"low": 0.1, "high": 0.8}, about={"factor": "anger"}),
            indicator("massing", MASSING, about={"preparation": "b -> a"}, concealable=0.7, plantable=0.1),
        ],
        sources=[source("press", "D", watches=[{"indicator": "massing", "coverage": exactly(0.5)}])],
        reports=[
            report("r1", 1, "press", "crowds", "seen"),
            report("r2", 2, "press", "b -> a", str(rng.choice(["calm", "shots", "war"]))),
            report("r3", 3, "press", "crowds", "not seen", known=day(3, 4)),
            report("r4", 3, "press", "a -> b", str(rng.choice(["calm", "shots", "war"])), grade=1),
        ],
    )  # fmt: skip
    return case, day(3, 6)


def one_decider(seed: int) -> tuple[Case, dt.date]:
    """The usual ladder, one front, and how its actor decides unknown: its temperature has a spread."""
    rng = np.random.default_rng(seed)
    case = case_of(
        ladder={
            "rungs": [
                {"id": "calm"}, {"id": "words"}, {"id": "shows"}, {"id": "exchange"}, {"id": "strikes", "readiness": 1},
                {"id": "offensive", "readiness": 2}, {"id": "war", "readiness": 3},
            ],
            "contact": "shows", "blow": "exchange", "attack": "offensive",
        },
        actors=[
            actor("a", **PLAIN_STYLE | {"temperature": {"median": 1.0, "spread": 0.5}, "misperception": 0.6}),
            actor("b", hard=0.0, **PLAIN_STYLE),
        ],
        fronts=[{"from": "a", "to": "b", "preparation": [0.5, 0.5, 0.0, 0.0]}],
        pace={"revision": 2.0, "preparation": 1.5},
        reasons=[
            {"id": "land", "front": "a -> b", "direction": "pull", "weight": exactly(2.0), "from": "strikes", "text": "t"},
        ],
        indicators=[
            indicator("massing", MASSING, 0.5, about={"preparation": "a -> b"}),
            indicator("hardline", {"soft": 0.2, "hard": 0.7}, about={"disposition": "a"}),
        ],
        sources=[source("press", "B"), source("radio", sure=True)],
        reports=[
            report(f"r{t}", t, "press", "a -> b", str(rung))
            for t, rung in enumerate(rng.choice(["words", "shows", "strikes", "war"], 5), 1)
        ] + [report("i3", 3, "radio", "massing"), report("i5", 5, "radio", "hardline", grade=2)],
    )  # fmt: skip
    return case, day(5, 6)


def allies(seed: int) -> tuple[Case, dt.date]:
    """Three actors: c comes to b's aid against a; c and a misread what they see, and their contact has incidents."""
    rng = np.random.default_rng(seed)
    case = case_of(
        actors=[
            actor("a", **PLAIN_STYLE),
            actor("b", hard=0.0, **PLAIN_STYLE),
            actor("c", hard=0.3, **PLAIN_STYLE | {"misperception": 0.7, "obligation": {"median": 2.0, "spread": 0.6}}),
        ],
        ties=[{"from": "b", "to": "c", "kind": "alliance", "strength": exactly(0.7), "since": "2001"}],
        fronts=[
            {"from": "a", "to": "b", "posture": "shots", "preparation": 1},
            {"from": "c", "to": "a", "incidents": 0.5},
        ],
        indicators=[indicator("massing", MASSING, about={"preparation": "c -> a"})],
        sources=[source("press", sure=True, watches=[{"indicator": "massing", "coverage": exactly(0.4), "since": day(2)}])],
        reports=[
            report("r1", 2, "press", "a -> b", "war"),
            report("r2", 3, "press", "c -> a", str(rng.choice(["calm", "war"]))),
            report("r3", 4, "press", "c -> a", str(rng.choice(["shots", "war"])), known=day(5)),
        ],
    )  # fmt: skip
    return case, day(5, 6)


def talks(seed: int) -> tuple[Case, dt.date]:
    """A deal that caps both fronts, which each side takes or leaves, and which breaks down."""
    rng = np.random.default_rng(seed)
    case = case_of(
        actors=[
            actor("a", hard=0.5, **PLAIN_STYLE | {"temperature": {"median": 1.0, "spread": 0.4}}),
            actor("b", hard=0.4, **PLAIN_STYLE),
        ],
        fronts=[
            {"from": "a", "to": "b", "posture": "war", "preparation": 2, "incidents": 0.2},
            {"from": "b", "to": "a", "posture": "shots"},
        ],
        pace={"preparation": 0.0, "stand_down": 0.0},
        deals=[
            {"id": "truce", "name": "n", "between": ["a", "b"], "cap": "calm", "on_table": day(2), "pace": 1.0,
             "terms": {"a": 0.5, "b": 1.0}, "breakdown": 0.2}
        ],
        sources=[source("press", sure=True)],
        reports=[
            report("r1", 1, "press", "a -> b", "war"),
            report("r2", 3, "press", "a -> b", str(rng.choice(["calm", "shots"]))),
            report("r3", 4, "press", "b -> a", str(rng.choice(["calm", "shots"]))),
        ],
    )  # fmt: skip
    return case, day(4, 6)


SMALL = {
    "two-fronts": two_fronts,
    "standing-and-wear": standing_and_wear,
    "one-decider": one_decider,
    "allies": allies,
    "talks": talks,
}
