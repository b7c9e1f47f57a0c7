"""What each field of an estimate means, in plain words: the one home of these sentences.

The JSON Schema takes its descriptions from here, docs/answers.md its tables, and the page its explanations of
terms, so that all three say the same.
"""

from __future__ import annotations

from typing import Final

FIELDS: Final[dict[str, dict[str, str]]] = {
    "Chance": {
        "probability": "from 0 to 1",
        "mc_error": (
            "one Monte Carlo standard error of the probability: how far off it may be because finitely "
            "many particles were used"
        ),
    },
    "Number": {
        "value": "the number, in the unit that the field holding it states",
        "mc_error": "one Monte Carlo standard error of the value, in the same unit",
    },
    "Band": {
        "word": "the word of estimative probability for the number",
        "low": "the lower end of the range that the word stands for",
        "high": "the upper end of that range",
        "yardstick": "whose words they are: ICD 203 or PHIA",
        "edge": "true if two Monte Carlo errors reach into a neighbouring word",
    },
    "Variation": {
        "assumption": "what is assumed instead",
        "probability": (
            "the answer under that assumption, from the same particles weighed otherwise; it has no "
            "error of its own and is good to about a point"
        ),
    },
    "Confidence": {
        "level": "low, moderate or high, by the stated rules",
        "grounds": "one sentence for each rule: which it is and what it found",
        "variations": (
            "the answer under other priors, with deception assumed or excluded, and without each source"
        ),
    },
    "QuestionEstimate": {
        "id": "the question's id in the case",
        "text": "the question as it is put",
        "fronts": "the fronts that its rule refers to",
        "by": "the last day that counts",
        "chance": "the answer: probability of yes",
        "band": "the answer in a word",
        "confidence": "how far the ground of the answer can be trusted; never a part of the likelihood",
        "already": "the chance that it has come true by the as-of day, known or not",
        "inadvertent": (
            "the share of the chance that is gone when, from the as-of day on, nobody misreads and no "
            "incident happens, other chance being the same; null if the answer is never"
        ),
        "by_disposition": (
            "how the answer depends on what an actor is: actor, disposition, its probability, the "
            "answer given it"
        ),
    },
    "Moment": {
        "day": "the first day of the step",
        "shares": "probabilities, in the order of the field that this one follows over time",
    },
    "ActorEstimate": {
        "id": "the actor's id in the case",
        "name": "its name",
        "dispositions": "each disposition, its probability now, and its prior",
        "dispositions_over_time": (
            "the same step by step up to the as-of day, each as it was believed with what was known by then"
        ),
        "deceives": "the chance that it runs denial and deception in this case",
        "deceives_prior": "that chance before any report, from the actor's skill and what its ties taught",
        "deceives_over_time": "the same step by step, as one share",
        "standing": "how strong it looks to the others, 0 to 1; it makes its threats credible",
    },
    "TermEstimate": {
        "kind": (
            "what sort of consideration: reciprocity, inertia, reason, disposition, alliance, "
            "deterrence, opportunity, weariness or event"
        ),
        "label": "the consideration in words",
        "reference": "the id in the case of what it comes from",
        "nats": (
            "how much it adds to going up to that rung, posterior mean; 0.69 nats double the odds of it"
        ),
        "spread": "posterior standard deviation of that, which is ignorance and not Monte Carlo error",
        "words": "the same in words",
    },
    "FrontEstimate": {
        "ref": "the front, written initiator -> target",
        "initiator": "the actor that decides",
        "target": "the actor that it is done to",
        "posture": "the chance of each rung now, lowest first",
        "goal": "the chance of each rung that the initiator means to take",
        "readiness": "the chance of each level of preparation, 0 to 3",
        "preparing": "the chance that it means more than it is ready for, and so prepares",
        "current": "the likeliest rung now",
        "against": "the rung that the terms weigh against a mere exchange of blows",
        "terms": "the decision taken apart, from the strongest push to the strongest hold",
        "posture_over_time": (
            "the shares of the rungs step by step up to the as-of day, each as believed with what was "
            "known by then"
        ),
    },
    "Weight": {
        "hypothesis": "a question's id, or an actor and a disposition, or an actor and deceives",
        "decibans": "ten times the decimal logarithm of the factor by which the piece changes the odds",
        "without": "the probability of the hypothesis with this piece alone left out",
    },
    "EvidenceEstimate": {
        "id": "the report's id, or the source and the indicator of a silence",
        "kind": "report, or silence: a watch that reported nothing",
        "source": "who says it, or who is silent",
        "grade": (
            "Admiralty grade: the source's letter and the item's number; the letter alone for a silence"
        ),
        "date": "when it happened; null for a silence",
        "known": "when it became known; null for a silence",
        "about": "the indicator or the front that it speaks to",
        "value": "what was said of it: seen, not seen, a rung, or not reported",
        "text": "the report in words",
        "origin": "where its content first came from, if the case says so",
        "stood_for_by": "the report that counts in its place, because both have one origin",
        "chance": "the predicted chance of this piece given everything else; a small one is a surprise",
        "weights": "what it says for and against each hypothesis; empty if another report stands for it",
        "diagnosticity": (
            "its largest weight over the questions still open, for or against, less two of its Monte"
            " Carlo errors, or 0: what it weighs at the least, in decibans"
        ),
        "reliable": "false if so few particles do without it that its numbers are rough",
        "carries": "the questions whose answer would be another word without it",
    },
    "SourceEstimate": {
        "id": "the source's id in the case",
        "name": "its name",
        "grade": "its Admiralty letter, from which its reliability starts",
        "own_right": "reports that proved right, as the case states its record",
        "own_wrong": "reports that proved wrong, likewise",
        "proved_right": "reports that the ledger resolved as right by the as-of day; old ones may count less",
        "proved_wrong": "reports that it resolved as wrong",
        "proved_in": "the cases in which those reports stand",
        "before": "how often it is right by its letter and own record alone, from 0 to 1",
        "prior": "the same with the resolved reports counted in; the estimate starts from this",
        "low": "the lower end of the central 90 % interval of that",
        "high": "the upper end",
        "now": "how often it is right after how its reports here fit everything else, posterior mean",
    },
    "Conflict": {
        "reports": "the reports that cannot well be true together, or the one that all else speaks against",
        "about": "what they speak to",
        "text": "what is in conflict",
    },
    "Sensitivity": {
        "reference": "the id of the reason or threat in the case",
        "kind": "reason or threat",
        "label": "the consideration in words",
        "shifts": (
            "how far each question's probability would move if this were no reason at all, past and future"
        ),
        "largest": "the largest of these, whatever its sign",
        "effective_share": (
            "the share of particles that still count after the past is weighed without it; below 0.05 "
            "the shifts are rough"
        ),
    },
    "Expectation": {
        "question": "the question's id",
        "if_seen": "the answer if a good source reports the indicator by the day",
        "if_not_seen": "the answer if a good source watches for it until then and does not report it",
        "expected_shift": "how far the answer would move on average, either way",
    },
    "IndicatorEstimate": {
        "id": "the indicator's id in the case",
        "name": "what would be seen",
        "look_for": "what a reader of reports should look for",
        "about": "the hidden thing that it tells of",
        "by": "the day up to which it is looked for",
        "chance_seen": "the chance that a good source would report it by then",
        "expectations": "what it would do to each answer",
        "largest": "the largest expected shift over the questions",
        "watched_by": "the sources that watch for it now",
    },
    "BlindSpot": {
        "indicator": "the indicator's id",
        "name": "what would be seen",
        "about": "the hidden thing that it tells of",
        "why": "why we would not know",
        "severity": "unwatched, controlled (only by sources that its owner controls) or weak",
        "coverage": (
            "the chance a week that a sighting would reach the analyst from sources free of its owner"
        ),
        "worth": "its largest expected shift, so that the blindness that matters most comes first",
    },
    "FanStep": {
        "day": "the first day of the step",
        "shares": "the probability of each rung in that step, lowest first",
    },
    "Fan": {
        "ref": "the front",
        "steps": "the rungs step by step from the as-of day to the horizon",
        "reached": "rung, day, and the chance that it is reached or passed after the as-of day and by then",
    },
    "Joiner": {
        "ref": "the front, below the joining rung now",
        "joins": "the chance that it reaches the joining rung by the horizon",
        "first": "the chance that it does so and no other front does so before it",
        "place": "its mean place in the order, among the futures in which it joins",
        "median_day": "the day by which it has joined with even chance; null if it never becomes so likely",
    },
    "Futures": {
        "horizon": "the last step looked at",
        "joining_rung": "the rung that counts as joining",
        "fans": "how each front may go",
        "joiners": "the fronts that may join, likeliest first",
    },
    "Change": {
        "question": "the question's id",
        "before": "the answer as of the earlier day",
        "after": "the answer now",
        "moved_by": (
            "each new report and by how much the answer differs from the one with it alone left out"
        ),
        "rest": "what is left to the passing of time, to silences and to reports that say the same",
    },
    "Since": {
        "day": "the earlier as-of day",
        "new_reports": "reports that became known after it",
        "new_events": "events that became known after it",
        "changes": "how each answer moved",
    },
    "TrackRecord": {
        "day": "the day at whose end the ledger is looked at",
        "questions": "where its questions stand",
        "forecasts": "forecasts of yes or no that are scored",
        "unscored": "forecasts of classes or numbers on resolved questions, which no score here counts",
        "impossible": "forecasts that gave no chance at all to what came; one makes the log score infinite",
        "base": "whom skill is measured against",
        "brier": "mean Brier score, 0 at best and 0.25 for always saying a half; null if nothing is scored",
        "log": "mean log score in nats, 0 at best; null if nothing is scored or a forecast was impossible",
        "brier_skill": "share of the base forecaster's Brier score that is saved; null if it cannot be told",
        "log_skill": "the same of the log score",
        "parts": "the Brier score taken apart",
        "curve": "forecast and observed shares, bin by bin",
    },
    "Questions": {
        "resolved": "closed and resolved: these are scored",
        "open": "not closed yet",
        "decided_early": "resolved before their scheduled close; scored only then",
        "overdue": "closed and not resolved yet",
        "void": "could not be decided, and are not scored",
    },
    "Interval": {
        "value": "the mean, or the skill",
        "low": "the lower end of its 90 % interval; null where one question cannot tell",
        "high": "the upper end",
        "n": "forecasts",
        "blocks": "questions, which are resampled whole",
    },
    "BrierParts": {
        "brier": "mean Brier score: reliability less resolution plus uncertainty plus within_bin",
        "reliability": "how far forecasts lie from what came, squared; 0 at best",
        "resolution": "how far the forecasts tell questions apart; the more the better",
        "uncertainty": "the score of always saying the base rate",
        "within_bin": "what forecasts that differ within a bin add",
        "base_rate": "share of forecasts that came true",
        "n": "forecasts",
    },
    "CurveBin": {
        "low": "the lower edge of the bin",
        "high": "its upper edge",
        "n": "forecasts in it",
        "forecast": "their mean probability",
        "observed": "the share that came true",
        "bar_low": "the lower end of where that share would lie, nine times in ten, were the forecasts right",
        "bar_high": "the upper end",
    },
    "Diagnostics": {
        "particles": "weighted histories in all",
        "islands": "independent filters among which they are shared",
        "log_evidence": "natural logarithm of the chance of all evidence under the case",
        "effective_islands": (
            "the number of equal islands that the pooled weights are worth; far below the number of "
            "islands, the islands disagree"
        ),
        "effective_sample_size": (
            "the number of equally weighted particles that the final weights are worth"
        ),
        "surviving_ancestors": "particles of the start that still have descendants",
        "resamplings": "mean number of resamplings of an island",
        "worst_step": "first day of the step that cost most particles",
        "worst_share": "the effective share of particles after it",
        "warnings": "what else to beware of",
    },
    "Estimate": {
        "schema": "version of this form",
        "version": "version of tocsin that computed it",
        "case": "the case's title",
        "question": "the case's question in a sentence",
        "case_digest": (
            "fingerprint of the case as it was known on the as-of day, with what the ledger proved of sources"
        ),
        "variant": "the view in which the case was taken, by its id; null for the case as it is written",
        "as_of": "the last day whose news counts",
        "seed": (
            "the seed of all chance; with the same case, day, version and particles it gives the same numbers"
        ),
        "rungs": "the ladder, lowest first",
        "questions": "the answers",
        "actors": "what each actor is",
        "fronts": "what happens on each front, and why",
        "evidence": "every report and silence, most diagnostic first",
        "sources": "how far each source is believed, and why",
        "conflicts": "reports at odds",
        "reasons": "reasons and threats, most consequential first",
        "indicators": "what to look for, most telling first",
        "blind_spots": "where nobody looks, the worst first",
        "futures": "what may come",
        "since": "what changed since an earlier day; null if none was asked for",
        "record": "how the forecasts of the named ledger did; null if none was named. It touches no answer",
        "hindsight": (
            "the same of forecasts that were recorded after their question's close: what the method would "
            "have said, and no record"
        ),
        "diagnostics": "how far the Monte Carlo can be trusted",
    },
}

# Of the heading that every answer but an estimate begins with.
HEADING: Final[dict[str, dict[str, str]]] = {
    "Heading": {
        "version": "of tocsin",
        "case": "the case's title",
        "question": "what the case as a whole asks",
        "case_digest": "SHA-256 of the case as it was known on the as-of day",
        "variant": "the view that the case was taken in; null for the case's own",
        "as_of": "the day whose knowledge counts",
        "seed": "the same seed gives the same answer",
        "particles": "weighted histories of the posterior",
        "islands": "independent filters among which they are shared",
        "rungs": "the ladder, lowest rung first",
    }
}
TERMS: Final[dict[str, str]] = {
    "Admiralty grade": (
        "A letter for how far a source can be trusted, A (completely) to E (not at all), F if that cannot be "
        "judged; and a number for how likely the item itself is, 1 (confirmed) to 5 (improbable), 6 if that "
        "cannot be judged."
    ),
    "as-of date": "The day whose knowledge counts; whatever became known later is left out.",
    "bit": "A unit of information: what the answer to an even yes or no tells.",
    "bargaining range": (
        "The terms that both sides would accept with even odds or better: between what the one needs at the "
        "least and what the other can give at the most."
    ),
    "backfire": (
        "What was to be prevented comes with the lever, in histories in which it does not come without."
    ),
    "Brier score": (
        "The squared distance of a probability from what came, 1 for yes and 0 for no: 0 at best, 0.25 for "
        "always saying a half."
    ),
    "confidence": (
        "How far the ground of an answer can be trusted: low, moderate or high, by stated rules. It is "
        "not how likely the answer is."
    ),
    "consistency bar": (
        "Where the share that came true would lie nine times in ten by chance alone, were forecasts right."
    ),
    "course": "A group of futures that are alike, with a name made from what most of them do.",
    "deciban": (
        "A tenth of a factor of ten in the odds: +3 doubles them, +10 makes them ten times, −3 halves them."
    ),
    "deception": "An actor's effort to be misread: hiding what is there, showing what is not.",
    "disposition": "An actor's hidden type, which shifts what it wants.",
    "exploitability": (
        "What the other side gains by its best response, over the least it could be held to; at the "
        "optimum it is 0."
    ),
    "front": "What one actor does to another, written initiator -> target.",
    "goal": "The rung that the initiator means to take; it may not be ready for it yet.",
    "incident": "A clash that nobody ordered, which the other side may read as intent.",
    "lever": "Something that a decision-maker can do: its effects, its cost, what it might provoke.",
    "log score": (
        "Minus the logarithm of the probability given to what came: 0 at best, and without end for a "
        "certainty that proved wrong."
    ),
    "Monte Carlo error": (
        "How far a figure may be off because finitely many particles were used (one standard error). "
        "More particles shrink it; ignorance they do not."
    ),
    "nat": "The unit in which reasons push: 0.69 nats double the odds of the upper rung.",
    "odds": "The probability of yes over that of no: 20 % are odds of one to four.",
    "Pareto front": "The portfolios than which none costs less or as much and leaves less risk.",
    "origin": (
        "Where a report's content first came from. Reports of one origin count as one, however many repeat "
        "it."
    ),
    "particle": "One complete story consistent with the case and the reports, with its weight.",
    "portfolio": "Levers pulled together on the as-of day; none of them is a portfolio too.",
    "posture": "The rung on which a front stands.",
    "prior": "Belief before any report, as the case's words and numbers state it.",
    "readiness": "Hidden preparation, 0 to 3, for rungs that cannot be reached from a standing start.",
    "ROC curve": (
        "Hits against false alarms as the threshold of an alarm falls; the area under it (AUC) is the chance "
        "that the score is higher where an attack is ahead than where none is."
    ),
    "regret": "The risk of a portfolio less the least that any leaves in the same scenario.",
    "rung": "One level of the ladder of conflict; a higher rung is worse.",
    "Shapley value": (
        "The one division of a whole in which parts add up, alike causes get alike, and a cause whose repair "
        "never changes anything gets nothing: the mean over every order in which causes could be repaired."
    ),
    "silence": "A source that had promised to report an indicator, and did not.",
    "skill": (
        "The share of the base rate's score that forecasts save: +1 is perfect, 0 no better, below 0 worse."
    ),
    "Stackelberg game": "One side commits first; the other sees what it committed to, and answers best.",
    "skill at deception": (
        "How well an actor hides what is there and shows what is not, 0 to 1: its own, and what ties "
        "taught it."
    ),
    "splitting": (
        "A way to estimate what hardly ever happens: runs that come near are taken up again, each by a "
        "chance of its own."
    ),
    "spoiler": "An actor that by going up can keep a deal from being signed, or from holding.",
    "standing": "How strong an actor looks to the others, 0 to 1.",
    "temperature": (
        "How far an actor's choices scatter about its best one; weights count in full at 1, less above."
    ),
    "tie": (
        "What binds or divides two actors for a time: patron, alliance, training, hosting, guarantee, joint "
        "command or rivalry, at a strength from 0 to 1."
    ),
    "trick": (
        "One thing that a deceiver could do with what reaches the analyst: plant a report, hide one, or have "
        "a source say something else."
    ),
    "variant": (
        "The case as another would have written it: other priors, reasons or sources over the same record."
    ),
    "watch": "A source's promise to have reported an indicator if it was there.",
    "weight of evidence": (
        "How much a report shifts the odds of a hypothesis, in decibans: the report is left out and put back."
    ),
}
