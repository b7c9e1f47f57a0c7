"""What each field of the answer of `collect` means: the one home of these sentences."""

from __future__ import annotations

from typing import Final

from tocsin.show.meaning import FIELDS as COMMON
from tocsin.show.meaning import HEADING

FIELDS: Final[dict[str, dict[str, str]]] = {
    "Chance": COMMON["Chance"],
    "Number": COMMON["Number"],
    **HEADING,
    "Look": {
        "collector": "its id in the case",
        "actor": "the actor looked at",
        "quality": "chance a week that what is there to be seen is passed on, if all of it looks there",
        "share": "the share of it that looks there",
    },
    "CollectorState": {
        "id": "its id in the case",
        "name": "its name",
        "owner": "whose it is; null for the analyst's own side",
        "discipline": "how it comes to know",
        "fixed": "whether it cannot be pointed elsewhere",
        "looks": "where it can look, and how much of it does now",
        "idle": "the share that looks nowhere in this case",
    },
    "RocPoint": {
        "false_alarm": "share of histories without an attack ahead whose score passes the threshold",
        "hit": "share of those with an attack ahead whose score does",
    },
    "Lead": {
        "weeks": "at least so many weeks before the attack",
        "warned": "share of the attacks warned of that long before",
    },
    "TimeToWarning": {
        "false_alarms": "the share of quiet quarters in which an alarm may sound",
        "realised": "the share in which it does, never more",
        "threshold": "evidence, in nats, above which the alarm sounds",
        "never": "share of the attacks before which none sounds",
        "median_weeks": "weeks from the first alarm to the attack, half of those warned of; null if none is",
        "leads": "share of the attacks warned of by weeks ahead, shortest first",
    },
    "FrontWarning": {
        "front": "initiator -> target",
        "rung": "the rung from which it counts as an attack: the first beyond the standing limit",
        "attack": "chance that one comes within the look ahead",
        "at_once": "chance that it comes in the first step, before anything new is known",
        "simulated": "simulated attacks that the figures rest on, as so many of equal weight",
        "reporters": "collectors and sources that could now report something of it",
        "auc": (
            "area under the curve: chance that the score is higher before an attack than in another history "
            "at the same step; null if there is no curve"
        ),
        "roc": "the curve, from no false alarms to all",
        "alarms": "what an alarm would have done, by its rate of false alarms",
        "why_none": "why there is no curve; null if there is one",
    },
    "IndicatorWorth": {
        "indicator": "its id in the case",
        "name": "what would be seen",
        "bits": "expected information, in bits, if only this indicator were looked for more",
    },
    "QuestionWorth": {
        "question": "its id in the case",
        "bits": "expected information about it, in bits, net of what would be seen anyway",
        "crosses": (
            "chance that the answer takes another word of estimative probability by none or one more "
            "report; two or more are left out, so it is a floor"
        ),
    },
    "Worth": {
        "look": "the collector, the actor, and the share now",
        "unit": "the share added for the coming fortnight",
        "best": "the question it tells most of",
        "questions": "all questions, in the order of the case",
        "indicators": "what each indicator alone would tell of the best question, largest first",
    },
    "Target": {
        "front": "initiator -> target",
        "actor": "who would attack",
        "attack": "chance that the attack comes within the look ahead",
        "harm": "mean harm of one that comes: 0 the standing limit, 1 the top rung",
        "weight": "how much more its harm counts for us than for who attacks",
        "detection_now": "chance that it is warned of in time under the present allocation",
        "detection_optimum": "the same under the optimum",
        "gain_now": "what the adversary gets by it under the present allocation",
        "gain_optimum": "the same under the optimum",
    },
    "Allocation": {
        "spared": "share of the harm that warning in time spares, a judgement",
        "targets": "the fronts an adversary may pick, most gainful now first",
        "now": "the shares that can be set, as they are",
        "optimum": "the shares that hold",
        "value_now": "our loss where the adversary, who sees the present allocation, answers it best",
        "value_optimum": "the same for the optimum",
        "value_error": "the difference of the two, and its Monte Carlo error",
        "gap": "the best possible value lies no further below that of the optimum",
        "exploitability_now": "what the adversary's best response gains against the present allocation",
        "exploitability_optimum": "the same against the optimum",
        "expected_now": "harm summed over fronts if the adversary does not look where we look",
        "expected_optimum": "the same for the optimum",
        "answer_now": "the front the adversary picks now",
        "answer_optimum": "the front it picks against the optimum",
        "programmes": "linear programmes solved",
    },
    "FrontLoss": {
        "front": "initiator -> target",
        "auc_before": "area under the curve under the present allocation",
        "auc_after": "the same under the other",
        "auc_change": "the difference, on the same attacks and the same chance",
        "warned_before": "share of attacks warned of, at five false alarms in a hundred quiet quarters",
        "warned_after": "the same under the other allocation",
        "warned_change": "the difference, on the same attacks and the same chance",
    },
    "Neglect": {
        "what": "the other allocation in words",
        "actor": "the actor no longer looked at; null for an allocation that was named",
        "looks": "where every collector looks under it",
        "fronts": "what it does to each front, worst first",
    },
    "Collection": {
        "head": "the case, the day, and how to get the answer again",
        "side": "whose collectors were taken; null for all",
        "none": "why there are no collectors, and the mend; null if there are",
        "within_weeks": "a warning says that an attack comes within so many weeks",
        "horizon_weeks": "the game was run on for so long",
        "collectors": "what can be pointed, and where it looks now",
        "ahead": "warning of attacks from the as-of day on, by front",
        "record": "the same for histories from the case's start, before any report",
        "worth": "what one more unit of looking would tell, most first",
        "allocation": "the allocation that holds; null if there is none",
        "why_no_allocation": "why there is none; null if there is one",
        "neglect": "the allocation that was named, if one was, then each actor no longer looked at",
    },
}
