"""The table of words by which enterprises are found, in the database's own kind."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

_SQLITE = ["CREATE VIRTUAL TABLE enterprises_words USING fts5(words, marks, tokenize='ascii')"]
_POSTGRESQL = [
    "CREATE TABLE enterprises_words (number integer PRIMARY KEY, words tsvector NOT NULL)",
    "CREATE INDEX enterprises_words_found ON enterprises_words USING gin (words)",
]


def create(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in _POSTGRESQL if editor.connection.vendor == "postgresql" else _SQLITE:
        editor.execute(statement)


def drop(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    editor.execute("DROP TABLE enterprises_words")


class Migration(migrations.Migration):
    dependencies = [("enterprises", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
