"""Questionnaires as data: definitions, the one checker of answers, packed records and sheets."""
