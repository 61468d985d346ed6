"""Networks of baogao's components; registered through the entry points in pyproject.toml."""
