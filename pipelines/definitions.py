"""What Dagster loads: the definitions of the root that HRSTATS_ROOT names, else of the checkout."""

from pipelines.orchestration.graph import build_definitions
from pipelines.root import find_root

defs = build_definitions(find_root())
