"""Which months can be run."""

import datetime as dt

import pytest

from pipelines.catalog.load import load_catalog
from pipelines.orchestration.months import (
    UnknownMonthError,
    calendar_sentence,
    checked_month,
    dates_of,
    first_month,
    is_month,
    this_month,
)


def test_months_go_from_the_first_flash_report_to_now() -> None:
    catalog = load_catalog()
    assert first_month(catalog) == "2023-01"
    assert is_month("2023-01", catalog)
    assert is_month(this_month(), catalog)
    assert not is_month("2022-12", catalog)
    assert not is_month("2999-01", catalog)
    assert not is_month(None, catalog)


@pytest.mark.parametrize("text", ["2025-6", "2025-13", "202506", "2022-12", "2999-01", "abc"])
def test_other_texts_are_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(UnknownMonthError, match=text):
        checked_month(text, load_catalog())


def test_january_is_sent_to_february() -> None:
    with pytest.raises(UnknownMonthError, match="1月免报，与2月合并，请写 2025-02。"):
        checked_month("2025-01", load_catalog())


def test_the_calendar_tells_what_has_passed() -> None:
    dates = dates_of(load_catalog(), "2025-06")
    assert calendar_sentence(dates, dt.date(2025, 7, 18)) == (
        "催报 2025-07-15（已过），截止 2025-07-18（今天），"
        "截数 2025-07-23（还有5天），发布 2025-07-25（还有7天）。"
    )
    sentence = calendar_sentence(dates_of(load_catalog(), "2031-06"), dt.date(2031, 7, 1))
    assert sentence.endswith("；2031年节假日未公布，只避开了周末。")
