"""A whole made-up industry with known truth, and what its people would send; all of it invented.

Pure data: who exists (`population`, `lives`), how big (`sizes`), what they do (`activity`), hence
the truth (`industry`, `truth`); who is asked and answers (`fieldwork`), what is sent (`reports`,
`mistakes`, `sendings`, `lists`, `ledgers`, `platforms`, `hostile`). Writing workbooks is the
business of intake, and putting the two together that of orchestration.
"""
