"""Words that enterprises are found by: pairs of characters, in the database's own text index.

A word of any length is found anywhere in a name or an address, without reading the whole table:
SQLite keeps the pairs in FTS5, PostgreSQL in a tsvector under GIN. What a list is narrowed by
(district, park, industry, size, grade) stands there as marks, so that a common word in a small
district stops as early as a rare one. Values go as parameters; a query holds letters and digits
alone.
"""

import re
from collections.abc import Iterable, Sequence

from django.db import connection

TABLE = "enterprises_words"
_WORD = re.compile(r"[^\W_]+")
_WORDS = 8
_LONGEST = 40
_GAP = 3  # between words: none is found across two
_BETWEEN = " §§ "
_CREATE = f"CREATE VIRTUAL TABLE {TABLE} USING fts5(words, marks, tokenize='ascii')"
Marks = Sequence[Sequence[str]]


def mark(kind: str, code: str) -> str:
    """A district, a park, an industry … as one word that no text holds."""
    return f"zz{kind}{code.encode().hex()}"


def pairs(word: str) -> list[str]:
    """The pairs of a word one after another, and its last character by itself."""
    return [word[i : i + 2] for i in range(len(word))]


def words_of(text: str) -> list[str]:
    return [word.upper() for word in _WORD.findall(text)]


def clear() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"TRUNCATE {TABLE}")
        else:
            # Emptying row by row would take as long as filling.
            cursor.execute(f"DROP TABLE {TABLE}")
            cursor.execute(_CREATE)


def remove(number: int) -> None:
    """Let an enterprise not be found."""
    key = "number" if connection.vendor == "postgresql" else "rowid"
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE} WHERE {key} = %s", [number])


def add(rows: Iterable[tuple[int, Sequence[str], Sequence[str]]]) -> None:
    """Number, texts and marks of each enterprise; numbers rise."""
    postgres = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        if postgres:
            cursor.executemany(
                f"INSERT INTO {TABLE} (number, words) VALUES (%s, %s::tsvector)",
                [(number, _vector(texts, marks)) for number, texts, marks in rows],
            )
            return
        cursor.executemany(
            f"INSERT INTO {TABLE} (rowid, words, marks) VALUES (%s, %s, %s)",
            [(number, _tokens(texts), " ".join(marks)) for number, texts, marks in rows],
        )


def _tokens(texts: Sequence[str]) -> str:
    told = [" ".join(pairs(word)) for text in texts for word in words_of(text)]
    return _BETWEEN.join(told)


def _vector(texts: Sequence[str], marks: Sequence[str]) -> str:
    place, told = 1, []
    for text in texts:
        for word in words_of(text):
            for pair in pairs(word):
                told.append(f"'{pair}':{min(place, 16_000)}")
                place += 1
            place += _GAP
    return " ".join([*told, *(f"'{one}'" for one in marks)])


def found(text: str, marks: Marks, *, most: int) -> list[int]:
    """Numbers of enterprises that have all words and one mark of each set, lowest first."""
    words = [word[:_LONGEST] for word in words_of(text)[:_WORDS]]
    if text.strip() and not words:
        return []
    postgres = connection.vendor == "postgresql"
    asked = [_any(some, postgres=postgres) for some in marks]
    asked += [_phrase(word, postgres=postgres) for word in words]
    if not asked:
        raise ValueError("nothing is asked")
    if postgres:
        query = " & ".join(asked)
        statement = (
            f"SELECT number FROM {TABLE} WHERE words @@ %s::tsquery ORDER BY number LIMIT %s"
        )
    else:
        query = " AND ".join(asked)
        statement = f"SELECT rowid FROM {TABLE} WHERE {TABLE} MATCH %s ORDER BY rowid LIMIT %s"
    with connection.cursor() as cursor:
        cursor.execute(statement, [query, most])
        return [row[0] for row in cursor.fetchall()]


def _any(marks: Sequence[str], *, postgres: bool) -> str:
    if postgres:
        return "(" + " | ".join(f"'{one}'" for one in marks) + ")"
    return "marks : (" + " OR ".join(f'"{one}"' for one in marks) + ")"


def _phrase(word: str, *, postgres: bool) -> str:
    """The pairs of a word in a row; of one character, any pair that begins with it."""
    if len(word) == 1:
        return f"'{word}':*" if postgres else f'words : "{word}"*'
    own = pairs(word)[:-1]
    if postgres:
        return "(" + " <-> ".join(f"'{pair}'" for pair in own) + ")"
    return 'words : "' + " ".join(own) + '"'
