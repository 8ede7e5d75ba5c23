"""The search index. Not a model: it is a full-text table on SQLite and a tsvector on PostgreSQL.

A trigger takes a deleted product out of it. There is no foreign key, because emptying all tables (as tests do)
would then have to know this one.
"""

from django.db import migrations, models

MAKE = {
    "sqlite": [
        # `ascii`: every character beyond ASCII is part of a term, whatever Unicode this SQLite knows.
        "CREATE VIRTUAL TABLE shops_search USING fts5(terms, detail=none, columnsize=0, tokenize='ascii')",
        "CREATE TRIGGER shops_search_forget AFTER DELETE ON shops_product"
        " BEGIN DELETE FROM shops_search WHERE rowid = old.id; END",
    ],
    "postgresql": [
        "CREATE TABLE shops_search (product_id bigint PRIMARY KEY, terms tsvector NOT NULL)",
        "CREATE INDEX shops_search_terms ON shops_search USING gin (terms)",
        "CREATE FUNCTION shops_search_forget() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN DELETE FROM shops_search WHERE product_id = old.id; RETURN NULL; END $$",
        "CREATE TRIGGER shops_search_forget AFTER DELETE ON shops_product"
        " FOR EACH ROW EXECUTE FUNCTION shops_search_forget()",
    ],
}
UNMAKE = {
    "sqlite": ["DROP TRIGGER IF EXISTS shops_search_forget", "DROP TABLE shops_search"],
    "postgresql": [
        "DROP TRIGGER shops_search_forget ON shops_product",
        "DROP FUNCTION shops_search_forget",
        "DROP TABLE shops_search",
    ],
}


def make(apps, schema_editor) -> None:
    for statement in MAKE[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def unmake(apps, schema_editor) -> None:
    for statement in UNMAKE[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("shops", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="product",
            index=models.Index(fields=["shop", "status", "-listed_at", "-id"], name="product_shop_newest"),
        ),
        migrations.RunPython(make, unmake),
    ]
