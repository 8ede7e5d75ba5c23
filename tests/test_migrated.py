"""The databases of the tests are those that the migrations make, however they came: migrated, copied or restored."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_every_migration_is_applied_and_every_table_there():
    executor = MigrationExecutor(connection)
    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []
    tables = {
        model._meta.db_table for model in apps.get_models(include_auto_created=True) if model._meta.managed
    }
    assert tables - set(connection.introspection.table_names()) == set()


def test_no_row_of_a_test_is_stored_with_them():
    rows = [model for model in apps.get_models() if model._meta.managed and model._default_manager.exists()]
    assert {model for model in rows if model not in (ContentType, Permission)} == set()
