"""What every field of a post-mortem means, for its JSON Schema."""

from __future__ import annotations

from typing import Final

from tocsin.show.meaning import FIELDS as COMMON
from tocsin.show.meaning import HEADING

FIELDS: Final[dict[str, dict[str, str]]] = HEADING | {
    "Chance": COMMON["Chance"],
    "Number": COMMON["Number"],
    "Band": COMMON["Band"],
    "Postmortem": {
        "head": "what the answer is of, and how to get it again",
        "conviction": "what a repaired prior puts at the least on what an actor proved to be",
        "draws": "sets of imagined reports that losses are averaged over",
        "runs": "runs of the inference that the answer rests on",
        "verdicts": "the questions, the costliest first",
        "repairs": "what repairing each cause changes in this case",
        "unknown": "what the truth leaves open; a repair leaves it alone",
        "basis": "who says so now, as the truth states it",
        "left_out": "questions left out, and why",
    },
    "Verdict": {
        "id": "the question's id",
        "text": "the question as it is put",
        "happened": "yes or no",
        "on": "the day on which it was decided",
        "given": "the probability that the forecast of the day gave to what happened",
        "band": "the word for that",
        "bound": (
            "true if it happened on no particle, so that its chance is put at half a particle's and the loss "
            "is a lower bound"
        ),
        "loss": "minus the natural logarithm of that probability: the whole that is divided",
        "parts": "what each cause carries, by Shapley's value; with `irreducible` they sum to the loss",
        "irreducible": "the loss that is left with every cause repaired",
        "unseen": "its share that knowing the hidden state of the day would have saved",
        "future": "its share that even who knew the hidden state would have lost: the future's own chance",
        "shortfall": "the loss less that of who knew the hidden state",
        "knowing": "the probability that who knew the hidden state would have given to what happened",
        "blamed": "what carries the largest part; null if no part is worth naming",
        "coalitions": "the forecast with every set of causes repaired",
        "sufficed": "from when on the evidence would have sufficed; null if days were not asked for",
        "reports": "every report that existed by the day, the one that speaks most for what happened first",
        "beliefs": "what would have had to be believed, the nearest that would do first",
    },
    "Part": {
        "cause": "collection, source error, deception or mindset",
        "nats": "its share of the loss; negative where its repair would have hurt",
        "alone": "what repairing it alone takes off the loss",
        "last": "what repairing it takes off when all the others are repaired",
    },
    "Coalition": {
        "repaired": "the causes that are repaired",
        "loss": "the loss that is left, averaged over draws",
        "probability": "the probability given to what happened, the geometric mean over draws",
    },
    "Sufficed": {
        "enough": "the probability for what happened that would have been warning enough",
        "in_hand": "the first of the days on which what was in hand gave so much; null if none",
        "repaired": "the same with every cause repaired",
        "points": "the days looked at",
    },
    "DayPoint": {
        "day": "the last day whose news counts",
        "in_hand": "what was given to what happened with what was in hand",
        "repaired": "what would have been with every cause repaired, averaged over draws",
    },
    "TellingReport": {
        "id": "the report's id",
        "source": "who said it",
        "grade": "its Admiralty grade",
        "date": "when it happened",
        "known": "when it became known",
        "status": "in hand, late, set aside, or not heard (its source is none of the view's)",
        "verdict": "right, wrong or planted, as is known now; not known where it is not",
        "text": "what was said",
        "decibans": "what it does to the odds of what happened, all that existed being known",
        "without": "the probability given to what happened without it",
        "reliable": "false where so few particles do without it that the number is rough",
    },
    "Belief": {
        "kind": "disposition, reason, threat or factor",
        "reference": "its id in the case",
        "label": "the belief in words",
        "held": "the prior chance, the weight in nats or the start that the case states",
        "needed": "where it alone would have had to lie for even odds; null if nowhere",
        "distance": "how far that is from what was held, in nats of divergence; null if nowhere",
        "for_enough": "where it alone would have had to lie for enough; null if nowhere",
        "furthest": "the setting at which it does most",
        "probability": "the probability given to what happened there",
        "effective": "equally weighted particles behind that",
        "reliable": "false where these are too few for the answer to be trusted",
    },
    "Repair": {
        "cause": "the cause that is repaired",
        "changes": "what that changes in this case, alone and in the first draw; nothing if empty",
    },
}
