"""What every field of a ledger's account means, for its JSON Schema."""

from __future__ import annotations

from typing import Final

from tocsin.show.meaning import FIELDS as COMMON

FIELDS: Final[dict[str, dict[str, str]]] = {
    name: COMMON[name] for name in ("TrackRecord", "Questions", "Interval", "BrierParts", "CurveBin")
} | {
    "Account": {
        "day": "the day at whose end the ledger is looked at",
        "head": "hash of its last row; kept elsewhere, it tells later whether anything before it moved",
        "breach": "the first row that does not follow from the one before; null if all do",
        "record": "how forecasts made in time did; null if the chain is broken",
        "hindsight": "the same of those recorded after their question's close",
        "scores": "the same by author, by case and by lead time; null if the chain is broken",
        "recalibrated": "what learning from each author's own record would have done",
        "fewest": "settled questions without which no recalibration is tried",
        "questions": "every question, in the order in which they were first asked",
    },
    "ListedQuestion": {
        "key": "its name in the ledger",
        "text": "the question as it is put",
        "case": "the case it belongs to; null outside one",
        "closes": "its scheduled close, the last day that counts",
        "rule": "how anybody can settle it",
        "status": "open, decided early, overdue, resolved or void",
        "outcome": "yes, no, a class, a number or void; null while it is not resolved",
        "on": "the day on which that came about; null while it is not resolved",
        "by": "who says so; null while it is not resolved",
        "note": "where resolving it took judgment",
        "corrections": "earlier resolutions that this one superseded",
        "forecasts": "every forecast of it, in the order of the chain",
    },
    "ListedForecast": {
        "number": "its place in the chain",
        "author": "who forecast",
        "as_of": "the last day whose news it knows",
        "recorded": "the day on which it was recorded",
        "probability": "of yes; null for classes and numbers",
        "mc_error": "Monte Carlo standard error of the probability; null where it was not computed",
        "shares": "each class and its probability, of a question about classes",
        "quantiles": "level and value, of a question about a number",
        "confidence": "the analyst's, apart from the likelihood; null if not given",
        "base_rate": "how often such questions come true, as stated with it; null if not given",
        "note": "anything a reader should know",
        "hindsight": "true if it was recorded after its question's close",
        "knew": "true if it was issued when the outcome was known, and so is scored nowhere",
        "brier": "its Brier score, once its question is closed and resolved; else null",
    },
    "Recalibrated": {
        "author": "whose record it learned from",
        "method": "platt: log-odds shifted and stretched; beta: with a stretch of its own for yes and for no",
        "questions": "settled questions that it learned from",
        "change": "of the mean Brier score, each question by what the others teach; below 0 is better",
        "means": "a probability as said, and what it comes to by the whole record",
    },
    "LedgerScores": {
        "as_of": "only questions that closed before this day count",
        "questions": "where they stand",
        "corrections": "resolutions that a later one superseded",
        "live": "forecasts recorded by their question's close",
        "hindsight": "forecasts recorded after it",
    },
    "Scored": {
        "forecasts": "how many are scored",
        "knew": "how many were issued when the outcome was known, and are not scored",
        "by_author": "each author's",
        "by_case": "each author's, case by case",
        "by_lead": "each author's, by lead time",
        "others": "of classes and of numbers",
        "together": "those on questions that several answered; null if there are none",
    },
    "Group": {
        "author": "whose; the kind of pool where several are taken together",
        "part": "the case or the lead time that it is limited to; empty for all",
        "record": "how they did",
    },
    "Other": {
        "author": "whose",
        "score": "log, RPS (both of classes) or CRPS (of numbers, in the number's own unit)",
        "forecasts": "how many",
        "mean": "mean score, lower is better; null if a forecast gave no chance to what came",
    },
    "Together": {
        "questions": "that two or more answered, each forecaster's last word counting",
        "forecasters": "each on those that it answered",
        "pools": "of all of them: linear, logarithmic and extremised",
    },
}
