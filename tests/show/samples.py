"""One answer of every kind, made by hand or from a small case with a fixed seed: what views are tested on."""

from collections.abc import Callable
from typing import Any

from tests.ask import test_ceasefire, test_outlook, test_postmortem, test_timeline
from tests.ask.collect import worlds as collect_worlds
from tests.ask.options import worlds as options_worlds
from tests.ask.stress import made as stress_made
from tests.show import fixtures, test_ties

MADE: dict[str, Callable[[], Any]] = {
    "assess": fixtures.estimate,
    "futures": test_outlook.outlook,
    "options": options_worlds.whole,
    "ceasefire": test_ceasefire.answer,
    "collect": collect_worlds.answer,
    "stress": stress_made.stressed,
    "postmortem": test_postmortem.answer,
    "ties": test_ties.answer,
    "timeline": test_timeline.answer,
}
