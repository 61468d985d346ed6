"""Benchmarks that others published, on which the components are measured."""
