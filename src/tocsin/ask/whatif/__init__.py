"""What if: a number of the case is moved, and the answer moves with it.

`Bench` lays a case out once, and answers each change in a tenth of a second by weighing the same particles
anew and running them on with the same chance. `in_full` infers the changed case anew.
"""

from __future__ import annotations

from tocsin.ask.whatif.answer import InFull, WhatIf
from tocsin.ask.whatif.bench import DEFAULT_PARTICLES, Bench, in_full
from tocsin.ask.whatif.request import FullRunError, Request, WhatIfError

__all__ = [
    "DEFAULT_PARTICLES",
    "Bench",
    "FullRunError",
    "InFull",
    "Request",
    "WhatIf",
    "WhatIfError",
    "in_full",
]
