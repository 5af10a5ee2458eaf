"""What holds for every test: an example may take as long as a busy machine needs, and the
examples are the same each time; `make test-long` looks for new ones."""

import atexit
import os
import shutil
import tempfile

from hypothesis import HealthCheck, settings

settings.register_profile(
    "patient",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize="LIANGUAN_NEW_EXAMPLES" not in os.environ,
)
settings.load_profile("patient")

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianguan.site.settings")
if "LIANGUAN_DATA" not in os.environ:  # the settings make keys there
    os.environ["LIANGUAN_DATA"] = tempfile.mkdtemp(prefix="lianguan-tests-")
    atexit.register(shutil.rmtree, os.environ["LIANGUAN_DATA"], ignore_errors=True)
