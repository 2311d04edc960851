"""How large and how slow a received file may be: every limit of the intake, in one place.

Ordinary workbooks of the catalog's forms stay far below each of these: the whole register of 4,000
agencies has 60,000 cells and 0.4 MB. The largest that is to be expected, a roll of 100,000
agencies, has 15 million cells, 162 MiB and 1.5 GB inflated: so some limits grow with the file.
What is over a limit is quarantined as too_large, unless stated otherwise.
"""

MIB = 1024**2

FILE_BYTES = 256 * MIB  # as received

# Each as much again for every LARGE_BYTES of the file. Absolute: by ratio alone, ordinary drawings
# are bombs (Apache POI's limit of 0.01 refuses files that Excel itself wrote).
LARGE_BYTES = 8 * MIB
INFLATED_BYTES = 256 * MIB  # of a package; counted while inflating, as declared sizes may lie
WORKBOOK_CELLS = 4_000_000  # of the grids up to the last filled cells; calamine takes 32 bytes each

PACKAGE_MEMBERS = 2_000  # a workbook with a sheet for each of 300 agencies has about 1,000

# Of the sheets. Rows and columns end where Excel's grid does: a cell beyond is damage. Blank rows
# and cells at the end count for nothing.
SHEETS = 1_000
SHEET_ROWS = 1_048_576
SHEET_COLUMNS = 16_384

# Of the worker. A file that needs more time or memory costs the worker and is quarantined as
# decode_timeout or decode_crashed.
SECONDS_PER_FILE = 30.0  # of processor time: a busy machine makes no file slow
WAIT_PER_SECOND = 10  # by the clock, for a worker that sleeps or is given that little of a machine

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
