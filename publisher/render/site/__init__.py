"""The whole reading room as a plan: which files there are, and what each is made of."""
