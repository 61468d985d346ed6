"""baogao (报告): Chinese work reports into entities, relations and a ledger."""

from importlib.metadata import version

__version__ = version("baogao")
