"""core_annual_states: who of the frame has reported, is missing or says it is out of scope."""

STATUSES = """
    classification_code item_code item_group
    operating_statuses  normal    in_scope
    operating_statuses  suspended out_of_scope
    business_lines      suspended in_scope
"""


def test_each_agency_of_the_frame_is_in_one_state(check):
    check(
        "core_annual_states",
        ref_classifications=STATUSES,
        core_frame="""
            period  credit_code area_code stratum_code
            2025    A           500103    SMA
            2025    B           500103    SMA
            2025    C           500104    -
            2025    D           500104    MIC
            2025    E           500104    MIC
            2025-12 F           500104    MIC
            2024    A           500103    SMA
            2023    A           500103    SMA
        """,
        core_versions="""
            receipt_no credit_code form_code     period  submission_state
            1          A           annual_return 2024    accepted
            2          A           annual_return 2025    accepted
            3          B           annual_return 2025    accepted
            3          D           annual_return 2025    refused
            3          X           annual_return 2025    accepted
            4          E           annual_return 2025    superseded
            5          E           annual_return 2025    accepted
            6          C           flash_report  2025-12 accepted
        """,
        stg_annual_submissions="""
            receipt_no credit_code operating_status
            1          A           -
            2          A           normal
            3          B           suspended
            3          D           normal
            4          E           suspended
            5          E           normal
        """,
        expect="""
            year credit_code area_code stratum_code operating_status annual_state receipt_no
            2024 A           500103    SMA          -                reported     1
            2025 A           500103    SMA          normal           reported     2
            2025 B           500103    SMA          suspended        out_of_scope 3
            2025 C           500104    UNKNOWN      -                missing      -
            2025 D           500104    MIC          -                missing      -
            2025 E           500104    MIC          normal           reported     5
        """,
    )


def test_the_catalog_says_of_every_status_whether_it_is_in_scope(catalog):
    statuses = {
        item.code: item.group for item in catalog.classification("operating_statuses").items
    }
    assert {code for code, group in statuses.items() if group == "in_scope"} == {"normal", "other"}
    assert set(statuses.values()) == {"in_scope", "out_of_scope"}
