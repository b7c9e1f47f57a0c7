"""What an analyst asks: one module a question, all of them queries on the same weighted particles."""
