"""What a repository on the Hub holds, told to people."""

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.outside_text import tell
from gaokerena_data.purge.published.run import told
from gaokerena_data.purge.published.survey import Survey


def print_survey(repo_id: str, found: Survey) -> None:
    """Tell which revisions hold what was sought; that none does only where all were read.

    Raises:
        GaokerenaError: something could not be read.
    """
    lines = told(repo_id, found)
    for line in lines:
        tell(line)
    if found.unread:
        raise GaokerenaError(
            f"{repo_id}: not everything could be read, so that nobody knows what it holds: "
            f"{'; '.join(found.unread[:3])}"
        )
    if not lines:
        names = ", ".join(each.name for each in found.references)
        read = f"{len(found.trees):,} commits of {names}"
        tell(f"no revision of {repo_id} holds it; read: {read}")
