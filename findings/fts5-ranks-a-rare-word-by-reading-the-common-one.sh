#!/bin/sh
# One row out of 400,000 takes FTS5 as long to rank as its commonest word has rows.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check apsw==3.54.1.0
"$folder/venv/bin/python" - <<'PROGRAM'
"""`MATCH 'rare AND common'` is quick: FTS5 walks along the rare word's rows.

With bm25(), or `ORDER BY rank`, which is the same, the first row that is ranked makes it count the
rows of every phrase of the query, in the whole table, again for each statement: nothing keeps these
counts. A rare word then costs as much as the common ones beside it. Counts that are kept elsewhere
(an fts5vocab table read once) and scores of one's own take the time of the rare word alone.
"""

import statistics
import sys
import time

import apsw

db = apsw.Connection("")
db.execute("CREATE VIRTUAL TABLE passage USING fts5(body, detail=full)")
with db:
    db.executemany(
        "INSERT INTO passage(rowid, body) VALUES (?, ?)",
        ((at, "common words of every text" + (" rare" if at == 7 else "")) for at in range(400_000)),
    )
db.execute("INSERT INTO passage(passage) VALUES ('optimize')")


def milliseconds(statement: str, match: str) -> float:
    spent = []
    for _ in range(15):
        begin = time.thread_time()
        rows = list(db.execute(statement, (match,)))
        spent.append(1e3 * (time.thread_time() - begin))
        assert len(rows) == 1 and rows[0][0] == 7, rows
    return statistics.median(spent)


plain, ranked = (f"SELECT rowid{also} FROM passage WHERE passage MATCH ?" for also in ("", ", bm25(passage)"))
found = milliseconds(plain, "rare AND common")
alone = milliseconds(ranked, "rare")
both = milliseconds(ranked, "rare AND common")
print(f"SQLite {apsw.sqlite_lib_version()}: rare AND common found in {found:.2f} ms, ranked in {both:.2f} ms;")
print(f"rare alone, ranked, in {alone:.2f} ms: {both / max(found, alone):.0f} times less")
sys.exit(0 if both > 10 * max(found, alone) else 1)
PROGRAM
