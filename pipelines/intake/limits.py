"""How large and how slow a received file may be: every limit of the intake, in one place.

Limits that grow with the file (`for_size`) say what they are for one of no size.
"""

# Ordinary workbooks of the catalog's forms stay far below each of these: the whole register of
# 4,000 agencies has 60,000 cells and 0.4 MB.
FILE_BYTES = 64 * 1024**2
LARGE_BYTES = 32 * 1024**2  # a file of so many may take as much time and room again
PACKAGE_MEMBERS = 2_000
INFLATED_BYTES = 256 * 1024**2  # counted while inflating; declared sizes may lie
WORKBOOK_CELLS = 4_000_000

# The worker's address space: enough for INFLATED_BYTES twice over.
WORKER_MEMORY_BYTES = 1024**3
REPLY_BYTES = 512 * 1024**2
SECONDS_PER_FILE = 30.0
SECONDS_TO_START = 60.0
CHILDREN = 2  # that write returned workbooks side by side, each within the memory above


def for_size(limit: float, size_bytes: int) -> float:
    """Return a limit for a file of this size: as much again for every LARGE_BYTES of it."""
    return limit * (1 + size_bytes // LARGE_BYTES)
