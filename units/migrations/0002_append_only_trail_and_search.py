"""The trail refuses UPDATE and DELETE on both engines; PostgreSQL gets trigram indexes for searching."""

from django.db import migrations

POSTGRES = """
CREATE FUNCTION trail_is_append_only() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION 'the trail is append-only'; END $$ LANGUAGE plpgsql;
CREATE TRIGGER trail_append_only BEFORE UPDATE OR DELETE ON units_entry
FOR EACH ROW EXECUTE FUNCTION trail_is_append_only();
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE INDEX unit_search_trgm ON units_unit USING gin (search gin_trgm_ops);
"""
SQLITE = [
    f"""CREATE TRIGGER trail_no_{verb.lower()} BEFORE {verb} ON units_entry
    BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END"""
    for verb in ("UPDATE", "DELETE")
]


def forwards(apps, schema_editor):
    statements = [POSTGRES] if schema_editor.connection.vendor == "postgresql" else SQLITE
    for statement in statements:
        schema_editor.execute(statement)


def backwards(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER trail_append_only ON units_entry")
        schema_editor.execute("DROP FUNCTION trail_is_append_only()")
        schema_editor.execute("DROP INDEX unit_search_trgm")
    else:
        schema_editor.execute("DROP TRIGGER trail_no_update")
        schema_editor.execute("DROP TRIGGER trail_no_delete")


class Migration(migrations.Migration):
    dependencies = [("units", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
