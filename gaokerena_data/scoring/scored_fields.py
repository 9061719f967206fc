"""What a scorer says of a pair, column by column."""

import pyarrow as pa

from gaokerena_data.datasets.configs import SCORE_FIELDS

# Means of what a rubric's readers give from 0 to 3.
LEVELS = ("answers_question", "medically_sound")
# Probabilities that readers say yes.
WORTH = "worth"
PROBABILITIES = ("stands_alone", "harmful", "complete", WORTH)
# What readers choose of a list.
CLASSES = ("specialty", "question_type", "icd11_chapter")
NUMBERS = (*LEVELS, *PROBABILITIES)

SCORES_SCHEMA = pa.schema(SCORE_FIELDS)
SCORES = tuple(SCORES_SCHEMA.names)
