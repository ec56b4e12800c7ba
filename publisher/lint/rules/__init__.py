"""One rule a module. A module that is put here is found: nothing else has to be told.

Each has ``RULE``, its faults with severity and remedy, a case in ``tests/lint/cases.py`` with the exact
place, and pages in ``docs/rules`` that are made from both.
"""
