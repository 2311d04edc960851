"""Intake: inbox -> receipt -> cells -> values, and the templates that go out.

Received workbooks are untrusted: each ends as values with their cells, or as a recorded refusal.
Statistics, SQL and published tables live elsewhere.
"""
