"""The case as frozen values: what an analyst writes down, read from its folder and checked."""
