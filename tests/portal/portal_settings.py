"""The portal's settings in tests: demo mode, a home of its own, PostgreSQL where asked."""

import os
import tempfile

os.environ["CITYFORGE_DEMO"] = "1"
os.environ.setdefault("CITYFORGE_HOME", tempfile.mkdtemp(prefix="portal-"))

from cityforge.portal.settings import *  # noqa: F403

(HOME / "static").mkdir(parents=True, exist_ok=True)  # noqa: F405
STORAGES["staticfiles"] = {  # noqa: F405
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
