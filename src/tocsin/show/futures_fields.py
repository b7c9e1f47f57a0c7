"""What every field of `futures` means, for its JSON Schema."""

from __future__ import annotations

from typing import Final

from tocsin.show.meaning import FIELDS as COMMON
from tocsin.show.meaning import HEADING

FIELDS: Final[dict[str, dict[str, str]]] = HEADING | {
    "Chance": COMMON["Chance"],
    "Number": COMMON["Number"],
    "Joiner": COMMON["Joiner"],
    "Fan": COMMON["Fan"],
    "FanStep": COMMON["FanStep"],
    "Outlook": {
        "head": "what the answer is of, and how to get it again",
        "horizon": "first day of the last step that courses and cascades look at",
        "joining_rung": "the first rung beyond what needs no preparation; a front that reaches it has joined",
        "under_way": "conflicts in which a front is there already, more likely than not",
        "asked": "the fronts that a question asks about",
        "fans": "how each front may go, those that are asked about first",
        "courses": "groups of alike futures, likeliest first; their probabilities sum to one",
        "grouping": "how the courses were found",
        "joinings": "fronts still below the joining rung, likeliest to join first",
        "links": "pairs of fronts in which one's joining is followed by the other's",
        "reaches": "when each front first reaches each rung",
        "conditions": "what was asked with --if",
        "rare": "questions below one in a hundred, estimated by splitting",
    },
    "Course": {
        "name": "made by rules from what most of its runs do",
        "chance": "its probability",
        "halves": "the same by the first and by the second half of the islands",
        "typical": "the one future that is nearest to all of the course's: what happens when",
        "distance": "mean distance of its runs to that one; 1 is about one level of one conflict",
        "spread": "how its runs differ by conflict",
        "incident": "share of its runs in which the first to go beyond did so within a step of an incident",
        "inadvertent": (
            "share of its chance that is gone when nobody misreads and no incident happens, other chance "
            "being the same; below nothing where errors make it less likely"
        ),
        "fork": "the first thing that is decided otherwise than off the course; null if nothing is",
        "signs": "indicators that tell it from the others, earliest first, then those that only hint at it",
    },
    "Turn": {"day": "first day of the step", "what": "what happened in it"},
    "Fork": {
        "day": "first day of the step",
        "front": "who decides about whom",
        "rung": "the rung reached or not reached by then",
        "reached_on": "chance that it is reached by then, on the course",
        "reached_off": "the same off the course",
        "then": "chance of the course, given that it is reached by then",
        "else_": "chance of the course, given that it is not",
    },
    "Sign": {
        "indicator": "its id in the case",
        "name": "what would be seen",
        "by": "first day of the step up to which it is looked for",
        "weeks": "the same in weeks from the as-of day",
        "seen_on": "chance that a good source has reported it by then, on the course",
        "seen_off": "the same off the course",
        "ratio": "the first over the second: by how much the odds on the course rise if it is reported",
    },
    "Spread": {
        "conflict": "the two actors",
        "beyond": "share of the course's runs in which it goes beyond what needs no preparation",
        "attack": "share in which it comes to an attack",
        "median_day": "the day by which half of the runs have gone beyond; null if fewer than half do",
    },
    "Grouping": {
        "sampled": "futures that stand for all in the search for medoids",
        "silhouette": "how well the courses part them: 1 is wholly, 0 is not at all",
        "tried": "number of courses and silhouette, for each number tried",
    },
    "Joining": {
        "front": "who may join against whom",
        "joiner": "when, how likely, in what order",
        "carried_by": "terms of the decision that changed most toward joining since the as-of day",
        "tie": "the obligation to an ally that changed most toward joining; null if none did",
        "incident": "share of its joinings within a step of an incident on the front",
    },
    "Carrier": {
        "kind": "what sort of term, as in an estimate",
        "label": "the term in words",
        "change": "nats toward joining, from the as-of day to the decision; mean over the runs that join",
        "at": "nats at the decision, for the joining rung over an exchange of blows",
    },
    "Link": {
        "first": "the front that joins first",
        "then": "the front that follows",
        "within_weeks": "the time it has for that",
        "follows": "chance that it does, given that the first has joined and it has not",
        "without": (
            "chance that it joins in as long a time where the first has not, at the dates at which the first "
            "does"
        ),
    },
    "Reach": {
        "front": "the front",
        "rung": "the rung",
        "never": "chance that it does not reach it by the horizon",
        "early": "the day by which a tenth of the runs that reach it have; null if none does",
        "median": "the same for half of them",
        "late": "the same for nine tenths",
        "inadvertent": "share of its chance that is gone when nobody misreads; as for a course",
    },
    "Condition": {
        "text": "what was asked",
        "meaning": "the same as a sentence",
        "chance": "chance that it comes about by itself; null for what only a decision brings about",
        "effective": "equally weighted particles that the answers given it rest on",
        "refused": "why nothing is said of its being seen; null if something is",
        "intervention": "what making it so changes",
        "answers": "every question under it",
    },
    "Given": {
        "question": "its id",
        "before": "the answer without the condition",
        "seen": "the answer given that it is seen: among the particles in which it happens",
        "made": "the answer if it were made so: every particle changed, other chance being the same",
        "change": "what making it so adds to the probability, paired",
    },
    "Rare": {
        "question": "its id",
        "text": "the question as it is put",
        "plain": "the probability by the particles alone",
        "chance": "the probability by splitting",
        "levels": "heights at which runs were split",
        "plain_runs": "the work, in plain runs up to the question's last day",
    },
}
