"""Evaluations: indicator frameworks, scorecards, grades and funds."""
