"""What a scorer says of a pair, column by column."""

import pyarrow as pa

# Means of what a rubric's readers give from 0 to 3.
LEVELS = ("answers_question", "medically_sound")
# Probabilities that readers say yes.
WORTH = "worth"
PROBABILITIES = ("stands_alone", "harmful", "complete", WORTH)
# What readers choose of a list.
CLASSES = ("specialty", "question_type", "icd11_chapter")
NUMBERS = (*LEVELS, *PROBABILITIES)

SCORES_SCHEMA = pa.schema(
    [
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
    ]
)
SCORES = tuple(SCORES_SCHEMA.names)
