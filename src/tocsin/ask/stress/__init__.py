"""Stress: how little deception it would take to fool us (`tocsin.ask.stress.stressed`)."""

from tocsin.ask.stress.stressed import stress

__all__ = ["stress"]
