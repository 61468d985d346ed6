"""Components of baogao's pipelines; registered through the entry points in pyproject.toml."""
