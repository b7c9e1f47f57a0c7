"""Tests, one folder a layer. A package, so that no other library's `tests` takes the name."""
