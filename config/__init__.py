"""The project package; it is imported before its settings, and so before Django loads its database backend."""

from config.sqlite import use_bundled_library

use_bundled_library()
