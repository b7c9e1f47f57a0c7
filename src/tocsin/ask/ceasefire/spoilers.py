"""Who could spoil a deal: actors whose going up would weigh with a party.

A candidate is looked for, not guessed: a front toward a party, a front that drives a factor that scales a
reason between the parties, or one that puts an ally of a party in peril. Whether it does spoil is then run.
"""

from __future__ import annotations

from dataclasses import dataclass

from tocsin.game import plan as p
from tocsin.game.plan import Game


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An actor and the fronts on which it could spoil a deal, with the ways in which each could."""

    actor: int
    fronts: tuple[int, ...]
    why: tuple[str, ...]  # a sentence for each front


def candidates(game: Game, deal: int) -> tuple[Candidate, ...]:
    """Every actor with a front that could weigh with a party of the deal, in the order of the case."""
    plan, case = game.plan, game.case
    pair = {int(f) for f in plan.deal_front[deal] if f >= 0}
    parties = [game.actors.index(name) for name in case.deals[deal].between]
    scaling: set[int] = set()
    in_peril: dict[int, list[int]] = {}
    for f in pair:
        for j in range(int(plan.term_start[f]), int(plan.term_start[f + 1])):
            if plan.term_kind[j] == p.FACTOR:
                scaling.add(int(plan.term_ref[j]))
            elif plan.term_kind[j] == p.PERIL:
                in_peril.setdefault(int(plan.term_ref[j]), []).append(j)
    found: dict[int, tuple[list[int], list[str]]] = {}
    for f, ref in enumerate(game.fronts):
        if f in pair:
            continue
        i, target = int(plan.front_from[f]), int(plan.front_to[f])
        drives = zip(plan.driver_factor.tolist(), plan.driver_front.tolist(), strict=True)
        moves = [game.factors[k] for k, driver in drives if driver == f and k in scaling]
        bound = [game.actors[int(plan.front_from[game.terms[j].front])] for j in in_peril.get(f, ())]
        ways = []
        if target in parties and i not in parties:
            ways.append("is against a party")
        if moves:
            ways.append(f"moves {', '.join(dict.fromkeys(moves))}")
        ways += [f"calls on what {party} owes {game.actors[target]}" for party in dict.fromkeys(bound)]
        if ways:
            fronts, why = found.setdefault(i, ([], []))
            fronts.append(f)
            why.append(f"{ref} {' and '.join(ways)}")
    return tuple(
        Candidate(actor=i, fronts=tuple(fronts), why=tuple(why)) for i, (fronts, why) in sorted(found.items())
    )


__all__ = ["Candidate", "candidates"]
