"""A small made-up industry for the demo and the tests, whose true totals are known.

Pure data and the bytes of bad files live here; writing workbooks is the business of intake, and
putting the two together that of orchestration. Every name and figure is invented.
"""
