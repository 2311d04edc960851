"""HR Services Statistics: workbooks in, judged policy targets out.

Rooms and the one-way street between them: `cli` and `definitions` know `orchestration`;
`orchestration` knows the side rooms `intake`, `quality`, `warehouse`, `outlook`, `bulletin` and
`synthetic`; every room knows `catalog` and `root`. Side rooms never import each other.
"""

import os

# With lxml, which python-docx needs, openpyxl would write other bytes: signs as numbers, and blank
# cells otherwise. It asks only once, when it is first imported.
os.environ["OPENPYXL_LXML"] = "False"
