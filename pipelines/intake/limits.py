"""How large and how slow a received file may be: every limit of the intake, in one place.

Ordinary workbooks of the catalog's forms stay far below each of these: the whole register of 4,000
agencies has 60,000 cells and 0.4 MB. The largest that is to be expected, a roll of 100,000
agencies, has 15 million cells, 162 MiB and 1.5 GB inflated: so some limits grow with the file.
"""

MIB = 1024**2

FILE_BYTES = 256 * MIB
PACKAGE_MEMBERS = 2_000

# Each as much again for every LARGE_BYTES of the file.
LARGE_BYTES = 16 * MIB
INFLATED_BYTES = 256 * MIB  # counted while inflating; declared sizes may lie
WORKBOOK_CELLS = 4_000_000
SECONDS_PER_FILE = 30.0

# The worker's address space: enough for INFLATED_BYTES twice over, and 3 GiB for the roll, which
# takes half of that; as much again for every HUGE_BYTES of the file.
HUGE_BYTES = 64 * MIB
WORKER_MEMORY_BYTES = 1024 * MIB

REPLY_BYTES = 512 * MIB
SECONDS_TO_START = 60.0
CHILDREN = 2  # that write returned workbooks side by side, each within the memory above


def for_size(limit: float, size_bytes: int, step: int = LARGE_BYTES) -> float:
    """Return a limit for a file of this size: as much again for every full step of it."""
    return limit * (1 + size_bytes // step)
