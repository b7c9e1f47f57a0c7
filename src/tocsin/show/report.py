"""Any answer as one page that draws itself: opened from disk, without a network, asking nothing of anybody.

The page is built from the components that the workbench shows (see ``ui/``), and the answer stands in it as
data. All text of a case reaches the page as data and never as markup, and the page's own policy lets no
script run but the one it was built with, so that a case can carry any text.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from functools import cache
from html import escape
from importlib import resources
from typing import Any

from tocsin.ask.estimate import Estimate
from tocsin.show import wording as say
from tocsin.show.answers import as_data
from tocsin.show.meaning import TERMS


def render_report(ask: str, answer: Any) -> str:
    """An answer as a page.

    Parameters
    ----------
    ask : the command that gave it, a key of `tocsin.show.answers.KINDS`
    answer : its frozen value

    Returns
    -------
    the page, complete in itself
    """
    case = answer.case if isinstance(answer, Estimate) else answer.head.case
    told = json.dumps({"ask": ask, "answer": as_data(answer), "terms": TERMS}, allow_nan=False)
    before, between, after = _built()
    return "".join((before, escape(say.clean(f"{case}: {ask}")), between, inert(told), after))


@cache
def _built() -> tuple[str, str, str]:
    """The built page around its title and its data, under its policy."""
    page = (resources.files("tocsin.show") / "built" / "report.html").read_text(encoding="utf-8")
    scripts = re.findall(r'<script type="module"[^>]*>(.*?)</script>', page, re.DOTALL)
    # Charts place themselves with inline styles; what may run is the one script that the page was built with.
    policy = "; ".join(
        (
            "default-src 'none'",
            f"script-src {' '.join(map(_hash, scripts))}",
            "style-src 'unsafe-inline'",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    page = page.replace(
        "<head>", f'<head><meta http-equiv="Content-Security-Policy" content="{policy}" />', 1
    )
    before, rest = page.split("<title>tocsin</title>")
    between, after = re.split(r'(?<=id="tocsin-data">)\s*null\s*(?=</script>)', rest)
    return f"{before}<title>", f"</title>{between}", after


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def inert(data: str) -> str:
    """JSON that no page can take for markup.

    Examples
    --------
    >>> inert('"</script>"')
    '"\\\\u003c/script>"'
    """
    return data.replace("<", "\\u003c")


__all__ = ["inert", "render_report"]
