from django.db import migrations

# PostgreSQL finds the newest hits of one kind by walking that kind's entries from the newest on,
# where a word stands in most of them; the index of words alone would give it all of them to sort.
NEWEST = "CREATE INDEX search_newest ON modelsearch_indexentry (content_type_id, id)"


def make(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(NEWEST)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX IF EXISTS search_newest")


class Migration(migrations.Migration):
    dependencies = [
        ("cities", "0002_facts_and_checkups"),
        ("modelsearch", "0003_add_text_fields"),
    ]

    operations = [migrations.RunPython(make, drop)]
