"""Which reports are held out together."""

from __future__ import annotations

from collections.abc import Mapping


def folds_by_place(
    places: Mapping[str, str], characters: Mapping[str, int], n: int | None = None
) -> list[list[str]]:
    """Disjoint folds of all reports; those of one place are in the same one, because they name the same bodies,
    streets and people.

    places (Mapping[str, str]): Report to place.
    characters (Mapping[str, int]): Report to length, to make the folds alike in size.
    n (Optional[int]): How many folds; one for each place by default.
    RETURNS (list[list[str]]): Reports and folds in the order of ``places``. Raises ``ValueError`` if there are
        fewer than two places, or than folds.
    """
    groups: dict[str, list[str]] = {}
    for report, place in places.items():
        groups.setdefault(place, []).append(report)
    n = len(groups) if n is None else n
    if not 2 <= n <= len(groups):
        raise ValueError(f"{len(groups)} places cannot be cut into {n} folds: needs 2 to {len(groups)}")

    def size(reports: list[str]) -> int:
        return sum(characters[report] for report in reports)

    folds: list[list[str]] = [[] for _ in range(n)]
    for group in sorted(groups.values(), key=size, reverse=True):
        min(folds, key=size).extend(group)
    order = list(places)
    return sorted((sorted(fold, key=order.index) for fold in folds), key=lambda fold: order.index(fold[0]))
