# ruff: noqa: E501 - a row of a table stays on one line
"""core_registered_agencies: the register in force of a period with the events after it."""

TYPES = """
    classification_code item_code      item_group item_order
    institution_types   market_private market     1
    institution_types   public_talent  public     2
"""
STRATA = """
    stratum_code institution_group size_class
    PUB          public            -
    SMA          market            small
    MIC          market            micro
"""


def test_areas_scope_and_refused_rows(check):
    check(
        "core_registered_agencies",
        core_frame_sources="""
            period  end_date   register_date register_receipt_no
            2025-06 2025-06-30 2025-06-30    2
            2021    2021-12-31 2021-12-31    1
        """,
        stg_register="""
            receipt_no unit_row credit_code district_code reporting_unit_code institution_type size_class first_registered_date exit_date  exit_kind
            1          4        A           500101        500101              market_private   small      2019-01-01            -          -
            1          5        E           500101        500101              market_private   micro      2020-01-01            2022-01-01 exited
            2          4        A           500101        500101              public_talent    -          2019-01-01            -          -
            2          5        B           500112        CQ-LJXQ-FUNC        market_private   small      2025-06-30            -          -
            2          6        C           500103        500000              market_private   micro      2025-07-01            -          -
            2          7        D           500103        500000              market_private   micro      2019-01-01            2025-06-30 revoked
            2          8        E           500103        500103              market_private   micro      2019-01-01            2025-07-01 exited
            2          9        F           500103        500103              market_private   micro      -                     -          -
            2          10       G           500103        500000              market_private   micro      2019-01-01            -          -
            2          11       H           500103        500103              market_private   micro      2019-01-01            -          -
        """,
        core_problems="""
            finding_no receipt_no credit_code scope  severity  rule_code
            1          2          H           agency mandatory missing_value
            2          2          G           agency review    not_a_date
            4          2          A           agency mandatory duplicate_agency
        """,
        ref_reporting_units="""
            reporting_unit_code is_functional_area
            500101              false
            500000              false
            CQ-LJXQ-FUNC        true
        """,
        ref_classifications=TYPES,
        ref_strata=STRATA,
        expect="""
            period  credit_code area_code    stratum_code register_status is_living
            2021    A           500101       SMA          active          true
            2021    E           500101       MIC          active          true
            2025-06 A           500101       PUB          active          true
            2025-06 B           CQ-LJXQ-FUNC SMA          active          true
            2025-06 D           500103       MIC          revoked         false
            2025-06 E           500103       MIC          active          true
            2025-06 G           500103       MIC          active          true
        """,
    )


def test_who_counts(check):
    """Valid to the last day still counts; a branch counts unless its parent, by code or name, does."""
    check(
        "core_registered_agencies",
        core_frame_sources="""
            period  end_date   register_date register_receipt_no
            2025-06 2025-06-30 2025-06-30    2
        """,
        stg_register="""
            receipt_no unit_row credit_code agency_name institution_type licence_kind  licence_valid_to_date first_registered_date parent_code parent_name exit_date  exit_kind
            2          4        A           甲          market_private   licensed      2025-06-30            2019-01-01            -           -           -          -
            2          5        B           乙          market_private   licensed      2025-06-29            2019-01-01            -           -           -          -
            2          6        C           丙          market_private   filed         -                     2019-01-01            -           -           -          -
            2          7        D           丁          market_private   none_required -                     2019-01-01            -           -           -          -
            2          8        E           戊          public_talent    none_required -                     2019-01-01            -           -           -          -
            2          9        F           己          market_private   filed         -                     2019-01-01            A           -           -          -
            2          10       G           庚          market_private   filed         -                     2019-01-01            -           丙          -          -
            2          11       H           辛          market_private   filed         -                     2019-01-01            OUT         市外公司    -          -
            2          12       I           壬          market_private   filed         -                     2019-01-01            B           乙          -          -
            2          13       J           癸          market_private   filed         -                     2019-01-01            -           -           2025-06-01 suspended
        """,
        ref_classifications=TYPES,
        expect="""
            credit_code is_counted is_expired is_branch is_within_parent register_status
            A           true       false      false     false            active
            B           false      true       false     false            active
            C           true       false      false     false            active
            D           false      false      false     false            active
            E           true       false      false     false            active
            F           false      false      true      true             active
            G           false      false      true      true             active
            H           true       false      true      false            active
            I           true       false      true      false            active
            J           true       false      false     false            suspended
        """,
    )


EVENTS = """
    receipt_no unit_row changed_code event_type   change_kind  event_date event_order event_content new_name district_code institution_type business_line licence_kind first_registered_date licence_valid_to_date successor_code exit_claim   activity_claim received_date replaced_date
    3          4        A            renamed      renamed      2025-04-10 10          a             甲新     -             -                -             -            -                     -                     -              -            -              2025-05-05    -
    3          5        B            deregistered deregistered 2025-03-31 1           b             -        -             -                -             -            -                     -                     -              deregistered -              2025-05-05    -
    3          6        C            suspended    suspended    2025-02-10 7           c             -        -             -                -             -            -                     -                     -              -            suspended      2025-05-05    -
    3          7        D            new          new          2025-04-02 5           d             丁       500103        market_private   dispatch      filed        2025-04-02            -                     -              none         active         2025-05-05    -
    3          8        E            moved_out    moved_out    2025-04-20 4           e             -        -             -                -             -            -                     -                     -              moved_out    -              2025-05-05    -
    3          9        E            moved_in     moved_in     2025-04-20 6           f             -        500105        -                -             -            -                     -                     -              none         active         2025-05-05    -
    3          10       F            relicensed   recoded      2025-04-25 11          g             -        -             -                -             licensed     -                     2030-04-25            F2             recoded      -              2025-05-05    -
    3          11       G            new          new          2025-04-02 5           h             庚       -             -                -             filed        2025-04-02            -                     -              none         active         2025-05-05    -
    4          4        A            revoked      revoked      2025-04-28 2           i             -        -             -                -             -            -                     -                     -              revoked      -              2025-06-01    -
    5          4        C            resumed      resumed      2025-04-01 9           j             -        -             -                -             -            -                     -                     -              none         active         2025-05-01    2025-05-20
    5          5        A            lost_contact lost_contact 2025-05-01 8           k             -        -             -                -             -            -                     -                     -              -            lost_contact   2025-05-01    -
"""


def test_events_after_the_register_until_the_end_of_the_period_received_by_its_cut_off(check):
    """Of March the register knows all but 歇业; what came after the cut-off, or takes a word back then, waits."""
    check(
        "core_registered_agencies",
        core_frame_sources="""
            period  end_date   register_date register_receipt_no cut_off_date
            2025-04 2025-04-30 2025-03-31    2                   2025-05-10
            2025-05 2025-05-31 2025-03-31    2                   -
        """,
        stg_register="""
            receipt_no unit_row credit_code register_period agency_name district_code institution_type business_line licence_kind licence_valid_to_date first_registered_date
            2          4        A           2025-03         甲          500101        market_private   dispatch      filed        -                     2019-01-01
            2          5        B           2025-03         乙          500101        market_private   dispatch      filed        -                     2019-01-01
            2          6        C           2025-03         丙          500101        market_private   dispatch      filed        -                     2019-01-01
            2          7        E           2025-03         戊          500101        market_private   dispatch      filed        -                     2019-01-01
            2          8        F           2025-03         己          500101        market_private   dispatch      licensed     2025-04-24            2019-01-01
        """,
        stg_register_events=EVENTS,
        ref_classifications=TYPES,
        expect="""
            period  credit_code agency_name area_code coded_month register_status is_counted predecessor_code
            2025-04 A           甲新        500101    2025-03     active          true       -
            2025-04 B           乙          500101    2025-03     active          true       -
            2025-04 C           丙          500101    2025-03     active          true       -
            2025-04 D           丁          500103    2025-04     active          true       -
            2025-04 E           戊          500105    2025-04     active          true       -
            2025-04 F           己          500101    2025-03     recoded         false      -
            2025-04 F2          己          500101    2025-03     active          true       F
            2025-05 A           甲新        500101    2025-03     revoked         false      -
            2025-05 B           乙          500101    2025-03     active          true       -
            2025-05 C           丙          500101    2025-03     suspended       true       -
            2025-05 D           丁          500103    2025-04     active          true       -
            2025-05 E           戊          500105    2025-04     active          true       -
            2025-05 F           己          500101    2025-03     recoded         false      -
            2025-05 F2          己          500101    2025-03     active          true       F
        """,
    )


def test_whom_a_later_register_still_has_goes_on_as_nobody_else(check):
    """The register of May has F beside F2, without an exit: two agencies, until somebody says."""
    check(
        "core_registered_agencies",
        core_frame_sources="""
            period  end_date   register_date register_receipt_no cut_off_date
            2025-05 2025-05-31 2025-05-31    4                   -
        """,
        stg_register="""
            receipt_no unit_row credit_code agency_name district_code institution_type business_line licence_kind first_registered_date
            4          4        F           己          500101        market_private   dispatch      licensed     2019-01-01
            4          5        F2          己          500101        market_private   dispatch      licensed     2019-01-01
        """,
        stg_register_events="""
            receipt_no unit_row changed_code change_kind event_date event_order event_content successor_code exit_claim received_date
            3          10       F            recoded     2025-04-25 11          g             F2             recoded    2025-05-05
        """,
        ref_classifications=TYPES,
        expect="""
            period  credit_code register_status predecessor_code
            2025-05 F           active          -
            2025-05 F2          active          -
        """,
    )
