"""Settings of Hypothesis: few examples, the same in each run; many new ones with `DEDUP_HYPOTHESIS=thorough`."""

import os
from pathlib import Path

from hypothesis import HealthCheck, Phase, settings

import dedup

# Numba does not recompile a kernel when a kernel that it calls in another file changed: remove outdated ones.
KERNELS = Path(dedup.__file__).parent / "kernels"
CHANGED = max(source.stat().st_mtime for source in KERNELS.rglob("*.py"))
for compiled in KERNELS.rglob("__pycache__/*.nb[ic]"):
    if compiled.stat().st_mtime < CHANGED and os.access(compiled.parent, os.W_OK):
        compiled.unlink()

TOO_SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
settings.register_profile("default", max_examples=60, deadline=None, suppress_health_check=TOO_SLOW, derandomize=True)
settings.register_profile("thorough", max_examples=2000, deadline=None, suppress_health_check=TOO_SLOW)
settings.register_profile("unshrunk", settings.get_profile("default"), phases=(Phase.explicit, Phase.generate))
settings.load_profile(os.environ.get("DEDUP_HYPOTHESIS", "default"))
