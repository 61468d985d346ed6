"""Systems to compare with, by name."""

from __future__ import annotations

from collections.abc import Callable

from evaluate.systems import System


def _rules() -> System:
    from evaluate.baselines.rules import RuleSystem

    return RuleSystem()


def _lac() -> System:
    from evaluate.baselines.lac import LacSystem

    return LacSystem()


def _jieba() -> System:
    from evaluate.baselines.jieba_pos import JiebaSystem

    return JiebaSystem()


# Imported only when made: each baseline is measured in a process of its own, whose memory must be its own
# too.
BASELINES: dict[str, Callable[[], System]] = {"rules": _rules, "lac": _lac, "jieba": _jieba}
