"""The core works without Django."""

import subprocess
import sys

from django.conf import settings


def test_core_imports_no_django():
    script = (
        "import sys; from wording.checker import check; check('最甜'); import wording.facts\n"
        "print([name for name in sys.modules if name.split('.')[0] == 'django'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=settings.BASE_DIR, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
