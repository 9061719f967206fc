"""The configs beside `default` and `uncleaned`, and what their files in a workspace hold.

A curation writes `curated/DATASET/scores.parquet`, one row for every record that was measured, and
`curated/DATASET/removed/removed.parquet`; a release makes the configs of them.
"""

import pyarrow as pa

SCORED, REMOVED = "scored", "removed"  # `removed` is its one split's name too: not to train on
SCORES_FILE = "scores.parquet"

# What a scorer says of a pair: from 0 to 3, or probabilities; what is said of the patient stands in
# the question.
SCORE_FIELDS = (
    pa.field("answers_question", pa.float32()),
    pa.field("stands_alone", pa.float32()),
    pa.field("medically_sound", pa.float32()),
    pa.field("harmful", pa.float32()),
    pa.field("complete", pa.float32()),
    pa.field("worth", pa.float32()),
    pa.field("specialty", pa.string()),
    pa.field("question_type", pa.string()),
    pa.field("icd11_chapter", pa.string()),
    pa.field("patient_age", pa.int32()),
    pa.field("patient_sex", pa.string()),
)
SCORES_SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        *SCORE_FIELDS,
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
