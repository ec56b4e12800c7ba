"""Whole runs through the command line, with real files, a real relay and a real ledger."""
