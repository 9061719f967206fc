"""The configs beside `default` and `uncleaned`, and what their files in a workspace hold.

A curation writes `curated/DATASET/scores.parquet`, one row for every record that was measured, and
`curated/DATASET/removed/removed.parquet`; a release makes the configs of them.
"""

import pyarrow as pa

SCORED, REMOVED = "scored", "removed"  # `removed` is its one split's name too: not to train on
SCORES_FILE = "scores.parquet"

# From 0 to 3, or probabilities; what is said of the patient stands in the question.
SCORES_SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("answers_question", pa.float32()),
        ("stands_alone", pa.float32()),
        ("medically_sound", pa.float32()),
        ("harmful", pa.float32()),
        ("complete", pa.float32()),
        ("worth", pa.float32()),
        ("specialty", pa.string()),
        ("question_type", pa.string()),
        ("icd11_chapter", pa.string()),
        ("patient_age", pa.int32()),
        ("patient_sex", pa.string()),
        ("similar_rows", pa.int32()),
        ("scored_by", pa.string()),
    ]
)
# What `removed` says of a record beside the record's own fields.
REMOVED_SCHEMA = pa.schema(
    [
        ("rule", pa.string()),
        ("reason", pa.string()),
        ("value", pa.float64()),
        ("threshold", pa.float64()),
        ("keeper", pa.string()),
    ]
)
