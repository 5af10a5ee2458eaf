"""What holds for every test: an example may take as long as a busy machine needs, and the
examples are the same each time; `make test-long` looks for new ones."""

import os

from hypothesis import HealthCheck, settings

settings.register_profile(
    "patient",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize="LIANGUAN_NEW_EXAMPLES" not in os.environ,
)
settings.load_profile("patient")
