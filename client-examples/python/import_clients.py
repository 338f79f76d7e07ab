"""Opens a dossier for each row of a CSV file: python3 import_clients.py clients.csv

It can be run again, as after a broken connection: a row that was imported in the last 24 hours is not imported again.
"""

import csv
import json
import sys
import uuid

from dossier import Dossier, Refused

CREATE = """
mutation ($input: CreateClientInput!) {
    createClient(input: $input) { client { id name } userErrors { message } }
}
"""

# Any namespace will do, as long as it stays the same.
ROWS = uuid.UUID("5d0ad1ac-5a5e-4a2c-a3bb-4c5a5f7dbb1d")


def import_clients(dossier, rows):
    """Imports all rows that can be; returns how many cannot."""
    refused = 0
    for number, row in enumerate(rows, start=2):
        data = {column: value for column, value in row.items() if value}
        # The same row has the same key, wherever in the file it stands.
        key = str(uuid.uuid5(ROWS, json.dumps(data, sort_keys=True)))
        try:
            client = dossier.mutate(CREATE, data, key)["client"]
            print(client["id"], client["name"], sep="\t")
        except Refused as error:
            refused += 1
            print(f"line {number}: {error}", file=sys.stderr)
    return refused


if __name__ == "__main__":
    with open(sys.argv[1], newline="", encoding="utf-8") as file:
        sys.exit(1 if import_clients(Dossier(), csv.DictReader(file)) else 0)
