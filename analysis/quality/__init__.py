"""Signs that a response or the work of an enumerator should be looked at; nothing is dropped."""
