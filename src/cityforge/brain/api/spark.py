"""What runs on Spark; needs the extra `spark`."""

from cityforge.brain.runs.linking_on_spark import on_spark as link_on_spark
from cityforge.brain.runs.matching_on_spark import on_spark as match_on_spark

__all__ = ["link_on_spark", "match_on_spark"]
