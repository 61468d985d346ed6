"""baogao (报告): Chinese work reports into entities, relations and a ledger."""

__version__ = "0.2.0"
