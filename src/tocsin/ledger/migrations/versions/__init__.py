"""One module a form of the store, in the order in which they came."""
