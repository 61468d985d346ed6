"""Readings of what an entity says: counts as numbers, dates as intervals.

Each function takes the text of a span (and, for dates, what the passage is about) and returns a frozen model.
None raises on any string: what the wording does not settle stays None.
"""
