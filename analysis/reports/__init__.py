"""Renderers: a SummaryTable or a ScoreReport in, a file or a text out; nothing is computed here."""
