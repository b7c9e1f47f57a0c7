"""What every page shares: style, script, words that explain themselves, and a policy that lets nothing in.

A page is one HTML file that holds everything it needs, opened from disk without a network. Its template
renders one answer and nothing else. All text is escaped, and the page's own policy lets no script run but the
one it was written with, so that a case can carry any text.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from tocsin.show import record as records
from tocsin.show import svg
from tocsin.show import wording as say
from tocsin.show.meaning import TERMS

# From pale to deep in the light, from deep to bright in the dark: rank shows without colour vision.
LIGHT = ("#e6ebf0", "#c8d3de", "#f3dfa2", "#eeb765", "#dd8244", "#b04a33", "#5f1a33")
DARK = ("#2a323c", "#3d4a63", "#66508c", "#a04f86", "#dd6069", "#f6975c", "#fde490")


def render_page(template: str, rungs: Sequence[str], **context: Any) -> str:
    """A template as one page.

    Parameters
    ----------
    template : its file's name; most extend ``base.html``, which wants `head`, a `Heading`
    rungs : of the case, lowest first, each of which has a colour
    context : what the template renders, an answer and whatever reads it

    Returns
    -------
    the page, complete in itself
    """
    environment = _environment()
    style = Markup(environment.get_template("report.css").render(rungs=_rung_colours(len(rungs))))
    script = Markup(environment.get_template("report.js").render())
    return environment.get_template(template).render(
        style=style,
        script=script,
        policy=f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}",
        terms=TERMS,
        **context,
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("tocsin.show"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        # Every text, wherever it is put, without what would reverse or break the line it stands in.
        finalize=_finalized,
    )
    environment.filters |= {
        "percent": say.percent,
        "about": say.about,
        "share": say.share,
        "signed": say.signed,
        "plus": say.plus,
        "day": say.day,
        "titled": say.titled,
        "counted": say.counted,
        "listed": say.listed,
        "anchor": anchor,
    }
    environment.globals |= {
        "svg": svg,
        "records": records,
        "term": term,
        "heat": heat,
        "uncertain": say.is_uncertain,
        "odds": say.odds_words,
    }
    return environment


def _finalized(value: Any) -> Any:
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    # The template's own joints, such as "; ", keep their spaces.
    return value if value.isprintable() else say.clean(value)


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def _mix(ramp: Sequence[str], share: float) -> str:
    """A colour on a ramp, 0 its start and 1 its end.

    Examples
    --------
    >>> _mix(("#000000", "#ffffff"), 0.5)
    '#808080'
    """
    place = share * (len(ramp) - 1)
    k = min(int(place), len(ramp) - 2)
    one, other = ([int(colour[i : i + 2], 16) for i in (1, 3, 5)] for colour in (ramp[k], ramp[k + 1]))
    return "#" + "".join(f"{round(a + (b - a) * (place - k)):02x}" for a, b in zip(one, other, strict=True))


def _rung_colours(count: int) -> list[tuple[str, str]]:
    shares = [k / max(count - 1, 1) for k in range(count)]
    return [(_mix(LIGHT, share), _mix(DARK, share)) for share in shares]


def anchor(text: str) -> str:
    """A name that can stand in an address within the page.

    Examples
    --------
    >>> anchor("Monte Carlo error"), anchor("a -> b")
    ('monte-carlo-error', 'a-b')
    """
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "x"


def term(name: str, shown: str | None = None) -> Markup:
    """A technical word, which explains itself when pointed at and leads to its entry at the end.

    Examples
    --------
    >>> str(term("nat", "nats"))[:42]
    '<a class="term" href="#term-nat" title="Th'
    """
    return Markup('<a class="term" href="#term-{}" title="{}">{}</a>').format(
        anchor(name), TERMS[name], shown or name
    )


def heat(value: float, scale: float) -> str:
    """The class that colours a cell: p1 to p5 above nothing, n1 to n5 below it.

    Examples
    --------
    >>> heat(10.0, 10.0), heat(-2.0, 10.0), heat(0.01, 10.0)
    ('p5', 'n1', '')
    """
    strength = min(round(5 * abs(value) / scale) if scale else 0, 5)
    return f"{'p' if value > 0 else 'n'}{strength}" if strength else ""
