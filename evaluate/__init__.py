"""The benchmark: systems, protocol and results. A step of the workflow, not part of the installed package."""
