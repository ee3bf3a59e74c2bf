"""Many documents on a Ray cluster, in a checkout; in a wheel the package `pipeline/cluster` itself has this name."""

from __future__ import annotations

from pipeline.cluster import ClusterPlan, UnitOutcome, connected, parse, parse_dataset

__all__ = ["ClusterPlan", "UnitOutcome", "connected", "parse", "parse_dataset"]
