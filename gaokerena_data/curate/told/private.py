"""Records whose words are shown to nobody."""

from gaokerena_data.ledger import LedgerRow

# Rows that these rules leave out are counted, their texts are not printed.
PRIVATE_STEPS = ("takedown@", "personal_data@")


def is_private(row: LedgerRow) -> bool:
    """Whether a record was left out for what its words tell of a person, or on request."""
    return row.step.startswith(PRIVATE_STEPS)
