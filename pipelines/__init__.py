"""HR Services Statistics: workbooks in, judged policy targets out.

Rooms and the one-way street between them: `cli` and `definitions` know `orchestration`;
`orchestration` knows the side rooms `intake`, `quality`, `warehouse`, `outlook`, `bulletin` and
`synthetic`; every room knows `catalog` and `root`. Side rooms never import each other.
"""
