"""The ledger and the list in SQL: SQLite by default, PostgreSQL with the same statements."""
