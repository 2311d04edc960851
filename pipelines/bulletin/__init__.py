"""What people open: the bulletin of a period (HTML) and its return list (XLSX).

Everything is read from the published DuckDB file; nothing is estimated or judged here.
`page.write_bulletin` and `returns.write_return_list` are the two ways in.
"""
