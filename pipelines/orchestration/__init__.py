"""Wiring: Dagster's assets, schedule and sensor, the run behind `hrstats run`, and the demo.

What a workbook says, what a figure is and how a page looks are matters of the side rooms.
"""
