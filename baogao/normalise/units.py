"""What kind of quantity a unit makes."""

from __future__ import annotations

import re

_KINDS = {
    "percent": r"%|个百分点",
    "multiple": r"倍",
    "money": r"(?:人民币|美|欧|港|澳|日)?元(?:人民币)?|英镑",
    "duration": r"年|个?(?:季度|月|星期|小时|工作日)|周|天|日|分钟|秒",
    "measure": (
        r"(?:平方|立方)?(?:公里|千米|米|厘米|毫米)|里|方|亩|公顷|[公千]?克|公?斤|吨|千瓦时?|岁|m[23]?|k[mg]"
    ),
}
_COMPILED = {kind: re.compile(pattern) for kind, pattern in _KINDS.items()}


def kind_of_unit(unit: str) -> str:
    """``percent``, ``multiple``, ``money``, ``duration``, ``measure`` or ``count``, for a folded unit."""
    return next((kind for kind, pattern in _COMPILED.items() if pattern.fullmatch(unit)), "count")
