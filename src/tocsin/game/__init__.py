"""The game: a case compiled to arrays, one step of it, and where its chance comes from."""
