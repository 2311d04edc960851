"""The published columns are a contract; every column name has one meaning, and all are used."""

import pytest

from pipelines.root import PROJECT, SQL_FOLDER

ESTIMATE = """value standard_error ci_low ci_high cv_pct unit display_unit display_factor
    revenue_basis unit_scope respondent_count sampled_count frame_count actual_basis data_status
    estimation_method publication_status"""
MARTS = {
    "mart_industry_monthly": f"""release_id period period_type indicator_code indicator_name topic
        indicator_order measure_code {ESTIMATE}""",
    "mart_district_monthly": f"""release_id period area_code area_name area_type area_group
        area_order has_series_break indicator_code indicator_name measure_code {ESTIMATE} note""",
    "mart_district_recoded": """release_id geography period area_code area_name area_type area_group
        area_order is_recoded has_series_break indicator_code indicator_name measure_code value
        value_last_year growth_pct growth_note standard_error ci_low ci_high cv_pct unit
        display_unit display_factor revenue_basis unit_scope respondent_count sampled_count
        frame_count actual_basis data_status estimation_method publication_status note""",
    "mart_business_type_monthly": f"""release_id period business_line_code business_line_name
        line_order indicator_code indicator_name measure_code domain_basis {ESTIMATE}""",
    "mart_institution_type_monthly": f"""release_id period institution_type_code
        institution_type_name type_order indicator_code indicator_name measure_code {ESTIMATE}""",
    "mart_industry_yearly": """release_id area_code area_name year indicator_code indicator_name
        indicator_order value unit display_unit display_factor revenue_basis unit_scope
        actual_basis data_status source reported_value estimated_value estimated_pct standard_error
        reported_count missing_count out_of_scope_count frame_count note""",
    "mart_annual_response": """release_id year stratum_code stratum_name frame_count reported_count
        missing_count out_of_scope_count response_rate_pct reported_value estimated_value
        standard_error data_status""",
    "mart_response": """release_id period reporting_unit_code reporting_unit_name
        is_functional_area unit_order sampled_count out_of_scope_count expected_count
        received_count accepted_count accepted_by_cut_off_count refused_count late_count
        missing_count response_rate_pct weighted_response_rate_pct""",
    "mart_findings": """release_id finding_no finding_id receipt_no period folder form_code
        form_name file_name reporting_unit_code reporting_unit_name credit_code agency_name scope
        sheet_name cell_address related_cells raw_text expected rule_code rule_name audit_id
        severity message submission_state state explanation review_label score score_rank
        is_priority""",
    "mart_quality": """release_id period form_code form_name rule_code rule_name audit_id severity
        reporting_unit_code reporting_unit_name unit_order finding_count agency_count open_count
        explained_count closed_count""",
    "mart_files": """release_id receipt_no period folder form_code form_name file_name file_path
        reporting_unit_code reporting_unit_name credit_code agency_name first_seen_at file_state
        state_note accepted_agencies superseded_agencies refused_agencies
        late_agencies""",
    "mart_corrections": """release_id receipt_no unit_row file_name form_code form_name period
        credit_code agency_name indicator_text indicator_code indicator_name measure_code old_value
        new_value unit reason corrected_by corrected_date corrected_receipt_no correction_state
        correction_note""",
    "mart_reviews": """release_id period reporting_unit_code reporting_unit_name unit_order
        expected_count missing_count returned_count submitted_count district_reviewed_count
        city_reviewed_count locked_count unreviewed_count""",
    "mart_target_progress": """release_id target_id policy_id document_no clause quote
        lead_department indicator_code area_code kind comparator revenue_basis unit_scope
        base_period base_value base_source target_period target_value target_value_high unit
        as_of_period actual_value actual_basis data_status bridge_factor standard_error ci_low
        ci_high estimated_pct completion_pct planned_value schedule_gap_pp schedule_ratio
        months_ahead required_pace schedule_status forecast_value forecast_low forecast_high
        attainment_probability outlook_status verdict verdict_note""",
    "mart_register_changes": """release_id credit_code agency_name reporting_unit_code change_date
        change_kind change_name changed_field value_before_text value_after_text date_basis reason
        event_document_no is_doubtful doubt_code related_code doubt_note""",
    "mart_institution_balance": """release_id period domain_type domain_code opening_period
        opening_count new_count moved_in_count other_in_count deregistered_count revoked_count
        merged_count exited_count moved_out_count other_out_count closing_count exit_count
        net_count balance_gap suspended_count lost_contact_count""",
    "mart_target_paths": """release_id target_id path_date path_period planned_value node_type""",
}
DICTIONARY = {"table_name", "column_name", "data_type", "meaning", "column_order"}
DECIMALS = {"base_value", "target_value", "target_value_high"}


def test_published_tables_and_columns(schemas):
    marts = {name: list(schema) for name, schema in schemas.items() if name.startswith("mart_")}
    assert marts == {name: columns.split() for name, columns in MARTS.items()}


@pytest.mark.parametrize("mart", MARTS)
def test_observed_figures_are_decimals_and_estimates_doubles(schemas, mart):
    kinds = schemas[mart]
    for column in ("value", "actual_value", "planned_value", "standard_error", "forecast_value"):
        is_observed = mart == "mart_industry_yearly" and column != "standard_error"
        expected = "DECIMAL(20,4)" if is_observed else "DOUBLE"
        assert kinds.get(column, expected) == expected
    assert {kinds[column] for column in DECIMALS & set(kinds)} <= {"DECIMAL(20,4)"}
    assert {kind for name, kind in kinds.items() if name.endswith("_count")} <= {"INTEGER"}
    assert "HUGEINT" not in kinds.values()


def test_every_meaning_is_of_a_column_that_exists(schemas, catalog):
    columns = {column for schema in schemas.values() for column in schema}
    indicators = {indicator.code for indicator in catalog.indicators}
    meant = {column.name for column in catalog.columns}
    assert meant == (columns | DICTIONARY) - indicators


def test_a_column_has_one_type_wherever_it_stands(schemas):
    kinds: dict[str, set[str]] = {}
    for schema in schemas.values():
        for column, kind in schema.items():
            kinds.setdefault(column, set()).add(kind)
    # An observed value is a decimal, an estimated one a double, as is what it is made of.
    estimated = {"value", "base_value", "target_value", "node_value", "auxiliary_value"}
    mixed = {column: found for column, found in kinds.items() if len(found) > 1}
    assert set(mixed) <= estimated, mixed


def test_every_table_has_its_tests():
    tests = PROJECT / "tests" / "sql"
    missing = [
        path.stem
        for path in SQL_FOLDER.glob("*.sql")
        if not (tests / f"test_{path.stem}.py").is_file()
    ]
    assert missing == []
