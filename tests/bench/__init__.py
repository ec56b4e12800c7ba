"""Measurements: each module prints ratios against something named in the same run.

``make bench`` runs them all; nothing here asserts a time.
"""
