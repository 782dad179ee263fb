"""How long Hypothesis searches: not long by default; `DEDUP_HYPOTHESIS=thorough` for more.

Where CI is set, the examples are the same every time.
"""

import os

from hypothesis import HealthCheck, settings

TOO_SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
settings.register_profile(
    "default", max_examples=60, deadline=None, suppress_health_check=TOO_SLOW, derandomize=bool(os.environ.get("CI"))
)
settings.register_profile("thorough", max_examples=2000, deadline=None, suppress_health_check=TOO_SLOW)
settings.load_profile(os.environ.get("DEDUP_HYPOTHESIS", "default"))
