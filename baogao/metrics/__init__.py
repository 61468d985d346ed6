"""Metrics of the benchmark: pure functions on sets of gold and predicted entities and relations, and what runs
a pipeline to get them (``pipeline``)."""
