"""Prints what was invoiced in each month: month, currency, number of invoices, sum with VAT."""

from collections import defaultdict
from decimal import Decimal

from dossier import Dossier

ISSUED = """
query ($after: String) {
    invoices(first: 100, after: $after, filter: {status: [ISSUED, PARTIALLY_PAID, PAID]}) {
        nodes { number issuedOn status total { amount currency } }
        pageInfo { hasNextPage endCursor }
    }
}
"""


def monthly_figures(invoices):
    """(month, currency) → (number, sum). Amounts are decimal strings: as floats, cents would get lost."""
    figures = defaultdict(lambda: (0, Decimal(0)))
    for invoice in invoices:
        group = invoice["issuedOn"][:7], invoice["total"]["currency"]
        number, total = figures[group]
        figures[group] = number + 1, total + Decimal(invoice["total"]["amount"])
    return figures


if __name__ == "__main__":
    for (month, currency), (number, total) in sorted(monthly_figures(Dossier().pages(ISSUED)).items()):
        print(month, currency, number, total, sep="\t")
