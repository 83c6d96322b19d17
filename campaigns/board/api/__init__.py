"""Tasks over the API: lists and one of them, a verb an address, many at once, and the whole board in one read."""
