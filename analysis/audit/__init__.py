"""Consistency audit: a described report in, findings out; no rule changes or guesses a figure."""
