"""What each field of a timeline means."""

from __future__ import annotations

from typing import Final

from tocsin.show.meaning import FIELDS as COMMON
from tocsin.show.meaning import HEADING

FIELDS: Final[dict[str, dict[str, str]]] = {
    "Timeline": {
        "head": "the case, the last day, and how to get this again",
        "questions": "those whose answers are followed, in the case's order",
        "points": "each answer as it stood on a day, in order of days",
        "days": "on how many days something became known, the first and the last day counted too",
        "thinned": "whether the news of some of those days is told with the next point, to keep them few",
    },
    **HEADING,
    "Followed": {"id": "the question's id", "text": "as it is put", "by": "the last day that counts"},
    "Point": {
        "day": "up to whose end news counts; nothing that became known later touches this point",
        "reports": "ids of those that became known since the point before, this day included",
        "events": "ids of what happened and became known since the point before",
        "answers": "to each question as it then stood, in the order of the questions",
        "fronts": "where each front then likeliest stood, in the case's order",
    },
    "AnswerThen": {
        "question": "the question's id",
        "chance": "that it comes true, by what was known on the day",
        "band": "the word for it",
    },
    "FrontThen": {
        "front": "initiator and target",
        "posture": "the rung on which it likeliest stood on that day",
        "chance": "that it stood there",
    },
    **{name: COMMON[name] for name in ("Chance", "Band")},
}
