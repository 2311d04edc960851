# ruff: noqa: E501 - a row of a table stays on one line
"""mart_institution_balance: from the counts of one period to those of the next, way by way."""

SOURCES = """
    period  end_date   is_year_end
    2025-05 2025-05-31 false
    2025-06 2025-06-30 false
"""
RELEASE = """
    release_id period
    R          2025-06
"""
CITY = """
    area_code area_type
    500000    city
"""


def test_each_way_in_and_out(check):
    """N is new, M came from outside, R goes on for X, L lapsed, K is late, Q came and went, V moved."""
    check(
        "mart_institution_balance",
        core_frame_sources=SOURCES,
        ref_areas=CITY,
        ref_release=RELEASE,
        core_registered_agencies="""
            period  credit_code area_code business_line register_status is_living is_counted first_registered_date predecessor_code
            2025-05 S           500101    dispatch      active          true      true       2019-01-01            -
            2025-05 V           500101    dispatch      active          true      true       2019-01-01            -
            2025-05 D           500101    dispatch      active          true      true       2019-01-01            -
            2025-05 E           500101    dispatch      active          true      true       2019-01-01            -
            2025-05 X           500101    dispatch      active          true      true       2019-01-01            -
            2025-05 L           500101    dispatch      active          true      true       2019-01-01            -
            2025-05 O           500101    dispatch      active          true      true       2019-01-01            -
            2025-05 Z           500101    dispatch      active          true      true       2019-01-01            -
            2025-06 S           500101    dispatch      suspended       true      true       2019-01-01            -
            2025-06 V           500103    dispatch      active          true      true       2019-01-01            -
            2025-06 D           500101    dispatch      deregistered    false     false      2019-01-01            -
            2025-06 E           500101    dispatch      merged          false     false      2019-01-01            -
            2025-06 X           500101    dispatch      recoded         false     false      2019-01-01            -
            2025-06 L           500101    dispatch      active          true      false      2019-01-01            -
            2025-06 O           500101    dispatch      moved_out       false     false      2019-01-01            -
            2025-06 N           500101    dispatch      active          true      true       2025-06-05            -
            2025-06 M           500101    dispatch      active          true      true       2025-06-06            -
            2025-06 R           500101    dispatch      active          true      true       2025-06-07            X
            2025-06 K           500101    dispatch      active          true      true       2018-06-07            -
            2025-06 Q           500101    dispatch      revoked         false     false      2025-06-08            -
            2025-06 P           500101    dispatch      active          true      false      2025-06-08            -
        """,
        core_area_memberships=[
            {
                "period": period,
                "geography": "2020",
                "credit_code": code,
                "area_code": "500103" if (period, code) == ("2025-06", "V") else "500101",
                "is_in_force": True,
            }
            for period, codes in (("2025-05", "SVDEXLOZ"), ("2025-06", "SVDEXLONMRKQP"))
            for code in codes
        ],
        stg_register_events="""
            receipt_no unit_row changed_code change_kind event_date institution_type is_in_force
            1          4        M            moved_in    2025-06-06 market_private   true
            1          5        V            moved_in    2025-06-06 -                true
        """,
        core_institutions="""
            period  domain_type domain_code institution_count
            2025-06 area        500101      5
            2025-06 area        500103      1
            2025-06 area        500105      0
            2025-06 city        500000      6
        """,
        expect="""
            domain_type domain_code opening_period opening_count new_count moved_in_count other_in_count deregistered_count revoked_count merged_count exited_count moved_out_count other_out_count closing_count exit_count net_count balance_gap
            area        500101      2025-05        8             2         1              2              1                  1             1            0            2               3               5             3          -3        0
            area        500103      2025-05        0             0         1              0              0                  0             0            0            0               0               1             0          1         0
            area        500105      2025-05        0             0         0              0              0                  0             0            0            0               0               0             0          0         0
            city        500000      2025-05        8             2         1              2              1                  1             1            0            1               3               6             3          -2        0
        """,
    )


def test_a_change_of_divisions_moves_nobody(check):
    """B and J lie in 两江新区 when it begins, V moved into it; 江北 is no more in 2025-06."""
    check(
        "mart_institution_balance",
        core_frame_sources=SOURCES,
        ref_areas=CITY,
        ref_release=RELEASE,
        core_registered_agencies="""
            period  credit_code register_status is_living is_counted first_registered_date
            2025-05 B           active          true      true       2019-01-01
            2025-05 J           active          true      true       2019-01-01
            2025-05 V           active          true      true       2019-01-01
            2025-06 B           active          true      true       2019-01-01
            2025-06 J           active          true      true       2019-01-01
            2025-06 V           active          true      true       2019-01-01
        """,
        core_area_memberships="""
            period  geography credit_code area_code is_in_force
            2025-05 2020      B           500109    true
            2025-05 2020      J           500105    true
            2025-05 2020      V           500103    true
            2025-05 2025      B           500157    false
            2025-05 2025      J           500157    false
            2025-05 2025      V           500103    false
            2025-06 2020      B           500109    false
            2025-06 2020      J           500105    false
            2025-06 2020      V           UNPLACED  false
            2025-06 2025      B           500157    true
            2025-06 2025      J           500157    true
            2025-06 2025      V           500157    true
        """,
        core_institutions="""
            period  domain_type domain_code institution_count
            2025-06 area        500103      0
            2025-06 area        500109      0
            2025-06 area        500157      3
        """,
        expect="""
            domain_code opening_count new_count moved_in_count other_in_count moved_out_count closing_count balance_gap
            500103      1             0         0              0              1               0             0
            500109      0             0         0              0              0               0             0
            500157      2             0         1              0              0               3             0
        """,
    )
