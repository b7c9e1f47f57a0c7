"""From fitted theatres to the priors that cases use: what replaces a judgement, and what is left alone."""

from __future__ import annotations

from typing import Any

from tocsin.case.population import PACE, STYLE
from tocsin.events.fit.population import Population

# What dyads of coded events cannot tell, and why.
UNTOLD = {
    "temperature": "only all weights together would show it; 1 leaves weights in their own units",
    "obligation": "needs allies in peril, which two fronts alone do not show",
    "opportunity": "needs how strong the other looks, which event data do not show",
}
RATES = ("revision", "incidents")


def shipped(found: tuple[Population, ...], provenance: dict[str, Any]) -> dict[str, Any]:
    """What `style.json` holds: fitted numbers where the data speak, judgement where they do not.

    Parameters
    ----------
    found : distributions over the fronts and theatres fitted
    provenance : of the data and the fit, kept as given
    """
    by_name = {one.name: one for one in found}
    style: dict[str, Any] = {}
    for name, prior in STYLE.items():
        one = by_name.get(name)
        kept = {"scale": prior.scale, "median": prior.median, "spread": prior.spread, "fitted": False}
        if one is None:
            style[name] = kept | {"why": UNTOLD[name]}
        elif not one.spoken:
            reason = f"{one.fronts} fronts left it where their prior was (learnt {one.learnt:.2f})"
            style[name] = kept | {"why": reason, "found": one.to_json()}
        else:
            values = {"median": round(one.median, 3), "spread": round(one.spread, 3), "fitted": True}
            reason = f"{one.fronts} {'fronts' if one.fronts > 3 else 'theatres'}"
            style[name] = {"scale": prior.scale, **values, "why": reason, "found": one.to_json()}
    pace: dict[str, Any] = {}
    for name in RATES:
        one = by_name[name]
        fitted = one.spoken
        pace[name] = {
            "rate": round(one.median, 3) if fitted else PACE[name],
            "fitted": fitted,
            "found": one.to_json(),
        }
    return {"style": style, "pace": pace, "provenance": provenance}
