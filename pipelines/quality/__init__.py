"""Quality: runs the suites of `expectations/` and turns failures into findings with their cells.

What is read from workbooks comes from `intake`; where findings go is the warehouse's matter.
"""
