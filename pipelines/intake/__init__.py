"""Intake: inbox -> receipt -> cells -> values, templates that go out, workbooks that go back.

Received workbooks are untrusted: each ends as values with their cells, or as a recorded refusal.
Statistics, SQL and published tables live elsewhere.
"""
