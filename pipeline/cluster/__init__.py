"""Many documents on a Ray cluster: the same records as on one machine, written by many. Needs the extra `ray`.

`parse` reads and writes files and goes on where an earlier run stopped; `parse_dataset` is for data that is in Ray already.
"""

from __future__ import annotations

from pipeline.cluster.engine import connected, parse, parse_dataset
from pipeline.cluster.plan import ClusterPlan, UnitOutcome

__all__ = ["ClusterPlan", "UnitOutcome", "connected", "parse", "parse_dataset"]
