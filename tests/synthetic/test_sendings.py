import datetime as dt
from collections import Counter, defaultdict
from dataclasses import replace

import pytest

from pipelines.synthetic.fieldwork import collect_answers
from pipelines.synthetic.industry import make_industry
from pipelines.synthetic.mistakes import printed
from pipelines.synthetic.sendings import CITY, Conditions, do_fieldwork, report_periods

DUE_DAY = 18
FIRST_CUT_OFF_DAY, LAST_CUT_OFF_DAY = 21, 23  # three working days later


def test_january_is_reported_with_february():
    assert report_periods("2024-12", "2025-03") == ["2024-12", "2025-02", "2025-03"]


def test_every_answer_is_sent_once_and_every_correction_after_it(industry, fieldwork):
    (sample,) = fieldwork.samples
    for period in ("2025-03", "2025-06"):
        answers = collect_answers(industry, sample, period, depends_on_growth=True)
        files = [
            sending
            for sending in fieldwork.sendings
            if sending.period == period and not sending.remark.endswith("副本")
        ]
        first = Counter()
        for sending in files:
            if sending.remark != "更正":
                first.update(report.position for report in sending.reports)
        timely = set(answers.on_time.tolist())
        corrected = {r.position for s in files if s.remark == "更正" for r in s.reports}
        assert set(first) == timely | set(answers.late.tolist())
        assert set(first.values()) == {1}
        assert corrected
        assert corrected <= timely


def test_days_follow_the_calendar(fieldwork):
    days = [sending.day for sending in fieldwork.sendings]
    assert days == sorted(days)
    for sending in fieldwork.sendings:
        month = dt.date.fromisoformat(f"{sending.period}-28") + dt.timedelta(days=7)
        assert (sending.day.year, sending.day.month) == (month.year, month.month)
        if sending.remark == "":
            assert sending.day.day <= DUE_DAY
        if sending.remark in ("逾期", "补报"):
            assert sending.day.day > LAST_CUT_OFF_DAY
        if sending.remark == "更正":
            assert sending.day.day <= FIRST_CUT_OFF_DAY


def test_rolls_hold_the_agencies_of_their_unit(fieldwork):
    for sending in fieldwork.sendings:
        if sending.layout == "roll":
            assert {r.reporting_unit_code for r in sending.reports} == {sending.unit_code}
            assert (sending.unit_code == CITY) == (
                sending.remark.removesuffix("副本") in ("更正", "补报")
            )
        else:
            assert len(sending.reports) == 1


def test_only_the_last_month_has_about_300_workbooks_of_single_agencies(fieldwork):
    layouts = Counter((s.period, s.layout) for s in fieldwork.sendings if s.remark in ("", "逾期"))
    assert 250 <= layouts["2025-06", "single"] <= 400
    assert not layouts["2025-05", "single"]
    assert layouts["2025-05", "roll"] >= 38
    assert 25 <= layouts["2025-06", "roll"] <= 40


@pytest.mark.parametrize("layout", ["roll", "single"])
def test_one_kind_of_workbook_only(layout):
    small = make_industry(size=376)
    conditions = Conditions(layouts=frozenset({layout}))
    fieldwork = do_fieldwork(small, "2025-05", "2025-06", conditions)
    assert {sending.layout for sending in fieldwork.sendings} == {layout}


def test_a_wrong_period_is_corrected(fieldwork):
    wrong = [s for s in fieldwork.sendings if s.cover_period != s.period and s.remark == ""]
    assert wrong
    for sending in wrong:
        assert (sending.cover_period, sending.period) == ("2025-05", "2025-06")
        code = sending.reports[0].position
        assert any(
            s.remark == "更正" and s.cover_period == s.period and s.reports[0].position == code
            for s in fieldwork.sendings
        )


def test_copies_are_the_same_file_a_day_later(fieldwork):
    copies = [sending for sending in fieldwork.sendings if sending.remark.endswith("副本")]
    assert copies
    for copy in copies:
        day = copy.day - dt.timedelta(days=1)
        assert replace(copy, remark=copy.remark[:-2], day=day) in fieldwork.sendings


def test_mistakes_stand_in_what_is_sent(industry, fieldwork):
    assert {mistake.period for mistake in fieldwork.mistakes} == {
        "2025-03",
        "2025-04",
        "2025-05",
        "2025-06",
    }
    sent = defaultdict(list)
    for sending in fieldwork.sendings:
        for report in sending.reports:
            code = industry.agencies.credit_codes[report.position]
            sent[sending.period, code].append((sending, report))
    assert {mistake.kind for mistake in fieldwork.mistakes} > {"wrong_period", "wrong_code"}
    for mistake in fieldwork.mistakes:
        found = sent[mistake.period, mistake.credit_code]
        if mistake.kind == "wrong_period":
            assert mistake.written in {sending.cover_period for sending, _ in found}
        elif mistake.indicator_code is None:
            assert mistake.written in {report.credit_code for _, report in found}
        else:
            place = mistake.indicator_code, mistake.measure_code
            written = {
                report.typed.get(place, f"{printed(place[0], report.values[place]):f}")
                for _, report in found
                if place in report.values
            }
            assert mistake.written in written, mistake


def test_the_silent_are_never_heard_in_the_last_month(fieldwork):
    heard = {r.position for s in fieldwork.sendings if s.period == "2025-06" for r in s.reports}
    assert len(fieldwork.silent) == 2
    for report in fieldwork.silent:
        assert report.position not in heard
        assert report.values


def test_more_dirt_leaves_who_answers_as_it_was(industry, fieldwork):
    clean = do_fieldwork(industry, "2025-03", "2025-06", Conditions(dirtiness=0))
    assert not clean.mistakes
    heard, dirty = (
        {(s.period, r.position) for s in work.sendings for r in s.reports}
        for work in (clean, fieldwork)
    )
    assert heard == dirty
