# ruff: noqa: E501 - a row of a table stays on one line
"""core_licence_edits: businesses of a flash report against what the register says an agency holds."""

import pytest

from tests.sql.conftest import read_cells, submissions_of

CLASSIFICATIONS = """
    classification_code item_code      item_name item_group
    institution_types   market_private 民营      market
    institution_types   public_talent  公共      public
    licence_kinds       licensed       许可      -
    licence_kinds       filed          备案      -
    licence_kinds       none_required  不适用    -
    business_lines      recruitment    招聘      licensed
    business_lines      headhunting    猎头      licensed
    business_lines      dispatch       派遣      -
    business_lines      training       培训      filed
    business_lines      assessment     测评      filed
"""
INDICATORS = """
    indicator_code           indicator_order
    revenue_incl_recruitment 6
    revenue_incl_dispatch    7
    revenue_incl_training    11
    revenue_incl_headhunting 12
    job_fairs                21
    online_vacancies         27
    placements               51
    headhunting_placements   57
    assessment_participants  58
"""
PERIODS = """
    period  end_date
    2025-02 2025-02-28
    2025-03 2025-03-31
"""


@pytest.fixture
def judge(check):
    """Return a check of March's cells against a register."""

    def run(cells: str, core_register: str, expect: str) -> None:
        rows = read_cells(cells)
        check(
            "core_licence_edits",
            ref_classifications=CLASSIFICATIONS,
            ref_indicators=INDICATORS,
            core_periods=PERIODS,
            stg_flash_submissions=submissions_of(rows, "2025-03"),
            stg_values=rows,
            core_register=core_register,
            expect=expect,
        )

    return run


def test_placement_needs_a_licence_and_other_businesses_a_filing(judge):
    """A has a 许可, B and C a 备案, D nothing; E is public; what F has is unreadable; G is unknown."""
    judge(
        """
            receipt_no credit_code measure_code revenue_incl_recruitment revenue_incl_training job_fairs assessment_participants
            1          A           month        5                        -                     -         -
            1          B           month        0                        5                     2         -
            1          C           month        0                        -                     0         9
            1          D           month        -                        5                     -         -
            1          E           month        5                        -                     -         -
            1          F           month        5                        -                     -         -
            1          G           month        5                        -                     -         -
        """,
        """
            credit_code valid_from_date register_status institution_type licence_kind
            A           2020-01-01      active          market_private   licensed
            B           2020-01-01      active          market_private   filed
            C           2020-01-01      active          market_private   filed
            D           2020-01-01      suspended       market_private   none_required
            E           2020-01-01      active          public_talent    none_required
            F           2020-01-01      active          market_private   -
        """,
        """
            receipt_no credit_code period  end_date   measure_code indicator_code           value business_line_name needed_kind_name registered_kind_name edit_a12
            1          A           2025-03 2025-03-31 month        revenue_incl_recruitment 5     招聘               许可             许可                 0
            1          B           2025-03 2025-03-31 month        job_fairs                2     招聘               许可             备案                 1
            1          C           2025-03 2025-03-31 month        assessment_participants  9     测评               备案             备案                 0
            1          D           2025-03 2025-03-31 month        revenue_incl_training    5     培训               备案             不适用               1
            1          F           2025-03 2025-03-31 month        revenue_incl_recruitment 5     招聘               许可             -                    -
        """,
    )


def test_a_report_is_asked_once_and_of_what_lacks_its_licence_first(judge):
    """A lacks a 许可 for two figures of one business, B lacks everything."""
    judge(
        """
            receipt_no credit_code measure_code revenue_incl_training revenue_incl_headhunting headhunting_placements
            1          A           month        5                     6                        7
            2          B           month        5                     -                        7
        """,
        """
            credit_code valid_from_date register_status institution_type licence_kind
            A           2020-01-01      active          market_private   filed
            B           2020-01-01      active          market_private   none_required
        """,
        """
            receipt_no credit_code indicator_code           value edit_a12
            1          A           revenue_incl_headhunting 6     1
            2          B           headhunting_placements   7     1
        """,
    )


def test_what_tells_of_no_certain_business_this_month_is_not_asked(judge):
    """劳务派遣 has a licence of its own; posts and placements may come with any business."""
    judge(
        """
            receipt_no credit_code measure_code revenue_incl_recruitment revenue_incl_dispatch online_vacancies placements
            1          A           month        0                        5                     6                7
            1          A           ytd          5                        -                     -                -
            2          B           month        -1                       -                     -                -
        """,
        """
            credit_code valid_from_date register_status institution_type licence_kind
            A           2020-01-01      active          market_private   filed
            B           2020-01-01      active          market_private   filed
        """,
        "receipt_no credit_code edit_a12",
    )


def test_the_register_counts_as_it_stands_at_the_periods_end(judge):
    """A was upgraded in March, B in April, C left in March."""
    judge(
        """
            receipt_no credit_code measure_code revenue_incl_recruitment
            1          A           month        5
            1          B           month        5
            1          C           month        5
        """,
        """
            credit_code valid_from_date valid_to_date register_status institution_type licence_kind
            A           2020-01-01      2025-03-30    active          market_private   filed
            A           2025-03-31      -             active          market_private   licensed
            B           2020-01-01      2025-03-31    active          market_private   filed
            B           2025-04-01      -             active          market_private   licensed
            C           2020-01-01      2025-03-10    active          market_private   filed
            C           2025-03-11      -             deregistered    market_private   filed
        """,
        """
            receipt_no credit_code edit_a12
            1          A           0
            1          B           1
        """,
    )
