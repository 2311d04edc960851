# ruff: noqa: E501 - a row of a table stays on one line
"""core_annual_register_edits: what agencies say of themselves against the register."""

CLASSIFICATIONS = """
    classification_code item_code      item_name item_group
    operating_statuses  normal         正常      in_scope
    operating_statuses  closed         关闭      out_of_scope
    operating_statuses  suspended      停业      out_of_scope
    institution_types   market_private 民营      market
    institution_types   market_foreign 外资      market
    institution_types   public_talent  公共      public
    licence_kinds       licensed       许可      -
    licence_kinds       filed          备案      -
"""
FRAME = """
    period register_period register_receipt_no end_date
    2025   2025-12         9                   2025-12-31
"""


def test_differences_from_the_register(check):
    """E exited, so that it may say so; F is not registered and nothing is said against it."""
    check(
        "core_annual_register_edits",
        ref_classifications=CLASSIFICATIONS,
        core_frame_sources=FRAME,
        stg_annual_submissions="""
            receipt_no credit_code period is_read operating_status institution_type licence_kind licence_valid_to_date founded_month
            1          A           2025   true    normal           market_private   licensed     2025-12-31            2025-12
            1          B           2025   true    normal           market_foreign   filed        -                     2026-01
            1          C           2025   true    closed           market_private   licensed     2025-12-01            -
            1          D           2025   true    normal           public_talent    filed        2025-12-30            -
            1          E           2025   true    closed           market_private   licensed     -                     -
            1          F           2025   true    normal           market_private   licensed     -                     -
            1          G           2025   false   normal           market_foreign   filed        -                     -
            1          H           2025   true    suspended        -                -            -                     -
        """,
        stg_register="""
            receipt_no unit_row credit_code institution_type licence_kind exit_date
            9          1        A           market_private   licensed     -
            9          2        B           market_private   licensed     -
            9          3        C           market_private   licensed     -
            9          4        D           public_talent    filed        -
            9          5        E           market_private   licensed     2025-11-30
            9          6        H           market_private   licensed     -
            8          1        F           market_private   licensed     -
        """,
        raw_values="""
            receipt_no value_no credit_code field_code       text_value
            1          1        B           does_headhunting yes
            1          2        D           does_recruitment yes
            1          3        A           does_dispatch    yes
        """,
        expect="""
            credit_code status_name institution_type_name registered_type_name licence_kind_name registered_kind_name edit_type edit_licence edit_status edit_a12 edit_a18_licence edit_a18_founded
            A           正常        民营                  民营                 许可              许可                 0         0            0           0        0                0
            B           正常        外资                  民营                 备案              许可                 1         1            0           1        -                1
            C           关闭        民营                  民营                 许可              许可                 0         0            1           0        -                -
            D           正常        公共                  公共                 备案              备案                 0         0            0           0        1                -
            E           关闭        民营                  民营                 许可              许可                 0         0            0           0        -                -
            F           正常        民营                  -                    许可              -                    -         -            0           0        -                -
            H           停业        -                     民营                 -                 许可                 -         -            0           -        -                -
        """,
    )
