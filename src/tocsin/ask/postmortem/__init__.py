"""Post-mortem: why a forecast missed, divided among collection, sources, deception, mindset and chance."""

from tocsin.ask.postmortem.act import postmortem
from tocsin.ask.postmortem.answer import Postmortem

__all__ = ["Postmortem", "postmortem"]
