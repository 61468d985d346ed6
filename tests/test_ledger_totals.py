from baogao.ledger.record import CountValue, Record
from baogao.ledger.totals import totals
from baogao.normalise.counts import normalise_count


def record(number, item, count, **fields):
    return Record(
        id=f"r{number}",
        kind="activity",
        item=item,
        count=CountValue(text=count, **normalise_count(count).model_dump()),
        start=number,
        end=number + 1,
        sentence="",
        sentence_start=0,
        **fields,
    )


def test_parts_are_not_added_to_their_total():
    (total,) = totals(
        [
            record(1, "任免", "148人次"),
            record(2, "任免", "59人次", share_of="r1"),
            record(3, "任免", "89人次", share_of="r1"),
        ]
    )
    assert (total.value, total.records) == (148, ("r1",))


def test_figure_given_twice_counts_once():
    (total,) = totals([record(1, "提案", "437件"), record(2, "提案", "437件"), record(3, "提案", "12件")])
    assert (total.value, total.records) == (449, ("r1", "r3"))


def test_units_are_kept_apart():
    found = totals([record(1, "培训", "8次"), record(2, "培训", "1800余人次")])
    assert [(t.unit, t.value, t.lower, t.upper) for t in found] == [
        ("次", 8, 8, 8),
        ("人次", 1800, 1800, 1900),
    ]


def test_rates_and_durations_have_no_total():
    assert totals([record(1, "满意率", "100%"), record(2, "读书班", "7天")]) == []


def test_total_of_an_open_figure_is_open():
    (total,) = totals([record(1, "活动", "数十场"), record(2, "活动", "5场")])
    assert total.value is None
    assert total.lower == 25


def test_nothing_adds_up_to_nothing():
    assert totals([]) == []
