"""The verbs of the product. The session, the clock and all values are arguments."""
