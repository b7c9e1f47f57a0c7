"""What each field of the answer of `options` means: the one home of these sentences."""

from __future__ import annotations

from typing import Final

from tocsin.show.meaning import FIELDS as SHARED
from tocsin.show.meaning import HEADING

FIELDS: Final[dict[str, dict[str, str]]] = {
    **{name: SHARED[name] for name in ("Chance", "Number")},
    **HEADING,
    "Paired": {
        "value": "a difference between two runs of the same histories with the same chance",
        "mc_error": "one Monte Carlo standard error of that difference, not of either run",
        "low": "lower end of its 95 % interval, by Student's t over islands",
        "high": "upper end of that interval",
    },
    "Outcome": {
        "name": "the question's id, the front, or 'risk' for what the choice is about",
        "without": "the probability if nothing is done",
        "with_it": "the probability with the lever",
        "change": "the second less the first; below zero it comes less often",
        "backfires": "share of histories in which it comes with the lever and does not come without",
        "prevents": "share of histories in which it comes without the lever and does not come with it",
    },
    "FrontOutcome": {
        "front": "the front, initiator -> target",
        "rung": "the first rung beyond the standing limit, which it reaches or not by the horizon",
        "outcome": "whether it does",
    },
    "GroupOutcome": {
        "kind": "by what the histories are parted: disposition, intent or perception of the opponent",
        "actor": "whose",
        "label": "which of them these are",
        "share": "their share of all histories",
        "outcome": "what happens to the risk in these histories",
    },
    "EffectOutcome": {
        "kind": "what the effect changes: threat, provokes, factor, standing, tie, pull, deal or table",
        "reference": "which one",
        "shift": "by how much, in the target's unit",
        "at_once": "true if a factor moves at once and not only where it settles",
        "idle": "true if the case has nothing that this effect could change in time",
        "alone": "the risk with this effect of the lever and no other",
        "adds": "the risk with the whole lever less the risk with all of it but this effect",
    },
    "StandingOutcome": {
        "standing": "how strong those who make the lever's threats look, 0 to 1; null for as it is",
        "actors": "who they are",
        "outcome": "what happens to the risk then; both with and without the lever they stand so",
    },
    "MomentOutcome": {
        "day": "the risk is counted up to this day",
        "without": "if nothing is done",
        "with_it": "with the lever",
        "change": "the second less the first",
        "hazard_without": "rate a week, since the day before in the list, at which what has not come comes",
        "hazard_with": "the same with the lever",
    },
    "LeverAnswer": {
        "id": "the lever's id in the case",
        "name": "what is done",
        "actor": "who would do it",
        "cost": "in the case's own unit",
        "note": "what the case says of it",
        "works_from": "the day on which its effects begin",
        "works_until": "the first day on which they no longer hold; null for good",
        "done": "events that pulled it already; it is then shown pulled again, and is in no portfolio",
        "word": "what it does to the risk, in a sentence",
        "risk": "what it does to the risk",
        "questions": "what it does to each question of the case",
        "fronts": "what it does to each front",
        "groups": "the risk by what the opponent is, means and reads",
        "effects": "the risk by each of its effects",
        "standing": "the risk if its threats were believed less or more; empty if it threatens nobody",
        "over_time": "the risk up to a list of days",
    },
    "PortfolioAnswer": {
        "levers": "pulled together on the as-of day; none for doing nothing",
        "cost": "their sum",
        "risk": "the risk with them",
        "change": "that risk less that of doing nothing",
        "backfires": "share of histories in which the risk is larger with them than without",
        "prevents": "share of histories in which it is smaller",
        "questions": "each question's id and the change of its probability",
        "on_front": "true if no other costs less or as much and leaves less risk",
        "doubtful": "true if it is on the front, but another that costs no more cannot be told from it",
        "worst_regret": "its risk less the least of any portfolio, in the scenario where that is largest",
        "worst_scenario": "which scenario that is",
    },
    "Scenario": {
        "label": "how the case may be otherwise than thought",
        "kind": "disposition of an opponent, or a doubtful number in its lowest or highest third",
        "share": "share of all histories in which it is so",
        "least": "the portfolio of least risk there",
        "least_risk": "its risk there",
    },
    "RegretRow": {
        "levers": "the portfolio",
        "regrets": "its risk less the least, in each scenario in turn",
    },
    "Switch": {
        "shift": "of the number's prior, in standard deviations, at which the choice changes",
        "median": "of the prior so shifted, in the number's own unit",
        "instead": "the portfolio that is then better",
        "gain": "its risk less that of the choice; below zero it leaves less",
        "clear": "true if better beyond chance among all that were looked at; else beyond two errors only",
        "effective": "particles that this rests on",
    },
    "DoubtfulNumber": {
        "label": "the number",
        "median": "of its prior, in its own unit",
        "low": "the same with the prior shifted one standard deviation down",
        "high": "and one up",
        "on_risk": "change of the risk of doing nothing for each standard deviation its prior is shifted up",
        "on_levers": "the same for what the lever that it moves most changes",
        "lever": "which lever that is",
        "down": "how far too high it would have to be for the choice to change; null if never within reach",
        "up": "how far too low it would have to be",
        "supported": "shifts down and up that the particles reach; beyond, nothing is known",
        "as_nothing": "how far down and up the choice is no better than nothing; null if not within reach",
    },
    "Level": {
        "shift": "of the number's prior, in standard deviations",
        "median": "of the prior so shifted, in the number's own unit",
    },
    "Robustness": {
        "levers": "the portfolio",
        "risk": "its risk as estimated",
        "horizon": (
            "length of the shift of all doubtful numbers together, in standard deviations, up to which it "
            "meets the stated risk whichever way they are off; null if it does not even as estimated"
        ),
        "reaches_end": "true if it still meets it at the largest shift that the particles support",
    },
    "Choice": {
        "least": "the portfolio of least risk, as estimated",
        "elsewhere": "the least risk where it is picked on one half of the islands and measured on the other",
        "cheapest": "of those whose risk cannot be told from the least, the one that costs least",
        "alike": "how many those are",
        "minimax": "the portfolio whose worst regret is least",
        "minimax_regret": "that regret",
        "robust": "of the portfolios looked at closely, the one with the largest horizon",
        "at_most": "the stated risk",
    },
    "Options": {
        "head": "the case, the day, and how to get the answer again",
        "histories": "on which every lever was tried",
        "risk": "what the choice is about: question, its text, its weight",
        "opponents": "the actors whose decisions that is about",
        "budget": "what there is to spend; null for no limit",
        "by": "actors whose levers were considered; empty for all",
        "nothing": "the risk if nothing is done",
        "levers": "each lever by itself",
        "portfolios": "every portfolio that was run, least risk first",
        "rule": "which portfolios were run",
        "left_out": "which were not; empty if none",
        "choice": "what to pick, by three rules",
        "scenarios": "over which regret is taken",
        "scenarios_left_out": "those that too few particles are in",
        "regrets": "of the portfolios looked at closely",
        "doubtful": "the analyst's own doubtful numbers, and how wrong each would have to be",
        "robustness": "of the portfolios looked at closely",
    },
}

__all__ = ["FIELDS"]
