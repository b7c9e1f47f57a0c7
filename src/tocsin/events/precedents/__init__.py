"""How often it came to that before: reference classes counted in the record, and the nearest cases in it."""
