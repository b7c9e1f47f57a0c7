"""The step of the game as an agent-based model in Mesa 3: the same decisions, an agent for every actor.

One model is one history. Every actor keeps its fronts; in a step all decide on what they saw of the last one,
then all act, then standing and wear follow. No deals, no drivers of factors: the benchmark's crisis has none.
"""

from __future__ import annotations

import math

import mesa
import numpy as np

from tocsin.game import plan as p
from tocsin.game.plan import Game


class Actor(mesa.Agent):
    """An actor that decides for its fronts."""

    def __init__(self, model: Crisis, index: int) -> None:
        super().__init__(model)
        self.index = index
        self.fronts = [f for f in range(model.n_fronts) if model.front_from[f] == index]
        self.standing = float(model.game.start.standing[index])
        self.wear = float(model.game.start.wear[index])

    def decide(self) -> None:
        """Reconsider every front, with some chance, and set what it will be."""
        model = self.model
        plan, t, rows, random = model.plan, model.t, model.rows, model.random
        for f in self.fronts:
            own, back = model.posture[f], model.reverse[f]
            theirs = model.posture[back] if back >= 0 else 0
            i = self.index
            seen = theirs + plan["lean"][t][f] + rows[plan["row_bias"][i]]
            seen += rows[plan["row_misperception"][i]] * random.gauss(0.0, 1.0)
            revises = plan["p_revise"][t]
            touching = back >= 0 and own >= model.contact and theirs >= model.contact
            if touching and random.random() < plan["p_incident"][t][f]:
                seen += random.randint(1, 3)
                revises = 1.0
            if random.random() < revises:
                model.goal[f] = self.choose(f, own, seen)
            goal, level = model.goal[f], model.level[f]
            need, draw = model.need[goal], random.random()
            if need == 0:
                model.next_level[f] = max(level - model.count(plan["p_lose"][t], draw), 0)
                model.next_posture[f] = goal
                continue
            if theirs >= model.relief_rung and back >= 0:
                need = max(need - 2, 0)
            if level < need:
                level = min(level + model.count(plan["p_gain"][t], draw), 3)
            model.next_level[f] = level
            model.next_posture[f] = goal if level >= need else own

    def choose(self, f: int, own: int, seen: float) -> int:
        """Quantal response over the rungs."""
        model = self.model
        plan, t, rows, i = model.plan, model.t, model.rows, self.index
        omega, rho = rows[plan["row_reciprocity"][i]], rows[plan["row_inertia"][i]]
        slopes = [0.0] * model.n_rungs
        for j in range(plan["term_start"][f], plan["term_start"][f + 1]):
            kind, ref = plan["term_kind"][j], plan["term_ref"][j]
            value = plan["term_gate"][t][j] * rows[plan["term_row"][j]]
            if kind == p.FACTOR:
                value *= model.factor[ref]
            elif kind == p.PERIL:
                span = model.n_rungs - model.blow
                value *= min(max((model.posture[ref] - model.blow + 1) / span, 0.0), 1.0)
            elif kind == p.CREDIBLE:
                value *= model.actors[ref].standing
            elif kind == p.WEAK:
                value *= 1.0 - model.actors[ref].standing
            elif kind == p.WEAR:
                value *= model.actors[ref].wear
            from_ = plan["term_from"][j]
            slopes[from_] += value / (model.n_rungs - from_)
        utilities, slope, sum_ = [], 0.0, 0.0
        for r in range(model.n_rungs):
            slope += slopes[r]
            sum_ += slope
            utilities.append(sum_ - 0.5 * omega * (r - seen) ** 2 - rho * abs(r - own))
        top = max(utilities)
        weights = [math.exp(value - top) for value in utilities]
        draw = model.random.random() * sum(weights)
        for r, weight in enumerate(weights):
            draw -= weight
            if draw < 0.0:
                return r
        return model.n_rungs - 1


class Crisis(mesa.Model):
    """One history of a game under one column of parameter rows."""

    def __init__(self, game: Game, rows: np.ndarray, seed: int) -> None:
        super().__init__(seed=seed)
        self.game, self.rows, self.t = game, [float(x) for x in rows], 0
        # lists of Python numbers: an agent that reads single elements of arrays is slower still
        self.plan = {name: np.asarray(getattr(game.plan, name)).tolist() for name in p.Plan._fields}
        plan = self.plan
        self.front_from, self.front_to, self.reverse = plan["front_from"], plan["front_to"], plan["reverse"]
        self.contact, self.blow, self.reach = plan["contact"], plan["blow"], plan["reach"]
        self.relief_rung, self.need = plan["relief_rung"], plan["need"]
        self.n_fronts, self.n_rungs = len(self.front_from), len(self.need)
        self.posture = game.start.posture.tolist()
        self.goal, self.level = list(self.posture), [0] * self.n_fronts
        self.next_posture, self.next_level = list(self.posture), list(self.level)
        self.factor = game.start.factor.tolist()
        self.actors = [Actor(self, i) for i in range(len(game.actors))]

    @staticmethod
    def count(chances: list[float], draw: float) -> int:
        """How many of a Poisson count with these chances of 0, 1, 2 and more."""
        edge = 0.0
        for k, chance in enumerate(chances):
            edge += chance
            if draw < edge:
                return k
        return 3

    def step(self) -> None:
        """One step of the game."""
        self.t += 1
        t, plan = self.t, self.plan
        for k, keep in enumerate(plan["factor_keep"][t]):
            noise = plan["factor_noise"][t][k] * self.random.gauss(0.0, 1.0)
            moved = keep * self.factor[k] + (1.0 - keep) * plan["factor_target"][t][k] + noise
            self.factor[k] = min(max(moved, 0.0), 1.0)
        self.agents.do("decide")
        before, self.posture = self.posture, list(self.next_posture)
        self.level = list(self.next_level)
        self.follow(before)

    def follow(self, before: list[int]) -> None:
        """Standing and wear after the new postures."""
        t, plan, top = self.t, self.plan, self.n_rungs - 1
        held = [actor.standing for actor in self.actors]
        for actor in self.actors:
            actor.standing += plan["standing_pull"][t] * (
                plan["standing_base"][t][actor.index] - actor.standing
            )
            actor.wear *= 1.0 - plan["wear_heal"][t]
        for f, rung in enumerate(self.posture):
            j, back = self.front_to[f], self.reverse[f]
            struck = self.actors[j]
            if rung >= self.blow:
                gap = (rung - (self.posture[back] if back >= 0 else 0)) / top
                if gap <= 0.0:
                    struck.standing += plan["standing_gain"][t] * (1.0 - held[j])
                else:
                    struck.standing -= plan["standing_loss"][t] * gap * held[j]
            jump = rung - before[f]
            if jump >= 2 and rung > self.reach:
                struck.standing -= plan["surprise"] * jump / top * held[j]
            cost = plan["wear_cost"][t][rung]
            self.actors[self.front_from[f]].wear += cost
            struck.wear += cost
        for actor in self.actors:
            actor.standing = min(max(actor.standing, 0.0), 1.0)
            actor.wear = min(max(actor.wear, 0.0), 1.0)
