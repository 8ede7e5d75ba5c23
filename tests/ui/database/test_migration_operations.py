"""Models created together have the same tables as models created one by one."""

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from ui.database.orm import CreateModels

pytestmark = pytest.mark.both_databases

MEDIA = ("media", "0001_initial")


def state_before() -> ProjectState:
    loader = MigrationLoader(connection)
    return loader.project_state([node.key for node in loader.graph.node_map[MEDIA].parents])


def statements(operations) -> list[str]:
    """What these operations would send to the database, after the migrations that media's depends on."""
    state = state_before()
    with connection.schema_editor(collect_sql=True, atomic=False) as editor:
        for operation in operations:
            before = state.clone()
            operation.state_forwards("media", state)
            operation.database_forwards("media", editor, before, state)
    return editor.collected_sql


@pytest.mark.django_db(transaction=True)
def test_a_group_sends_the_statements_of_its_models():
    [group] = MigrationLoader(connection).get_migration(*MEDIA).operations
    assert isinstance(group, CreateModels)
    found = statements([group])
    assert found == statements(group.operations)
    assert sum(line.startswith("CREATE TABLE") for line in found) == len(group.operations) == 6


@pytest.mark.django_db(transaction=True)
def test_a_group_is_taken_back():
    [group] = MigrationLoader(connection).get_migration(*MEDIA).operations
    before = state_before()
    after = before.clone()
    group.state_forwards("media", after)
    with connection.schema_editor(collect_sql=True, atomic=False) as editor:
        group.database_backwards("media", editor, after, before)
    assert sum(line.startswith("DROP TABLE") for line in editor.collected_sql) == 6
