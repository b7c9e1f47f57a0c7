"""One view per answer: terminal, page, JSON, netCDF, Parquet.

A view renders a finished value and asks nothing.
"""
