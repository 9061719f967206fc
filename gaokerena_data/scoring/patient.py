"""How old a patient is and of which sex, where the question says so plainly; by rules."""

from gaokerena_data.text.personal.quasi_identifiers import stated_ages


def patient_age(question: str) -> int | None:
    """The patient's age in years, where the question names one age and no other."""
    ages = set(stated_ages(question))
    return ages.pop() if len(ages) == 1 else None


def patient_sex(women: float, men: float) -> str | None:
    """Whose words a question has: of a woman alone, or of a man alone.

    Args:
        women: how many of its words only a woman is told of (`question:female` in cues.txt).
        men: the same of a man.
    """
    if bool(women) == bool(men):
        return None
    return "female" if women else "male"
