"""The workbench's server: cases over HTTP on the analyst's own machine, and the pages that show them."""

from tocsin.web.app import create_app

__all__ = ["create_app"]
