"""The workbook that goes back to whoever reported: marked cells, and a first sheet 审核意见.

`making` decides for each file what goes back and asks a child process (`marking`) to write it;
`explanations` reads what comes back. Which findings there are is decided elsewhere.
"""
