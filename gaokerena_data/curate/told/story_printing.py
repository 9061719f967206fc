"""What `gaokerena why` prints: apart from the rest, which takes longer to import than to find."""

from rich.text import Text

from gaokerena_data.curate.told.why import Story
from gaokerena_data.tables import make_console


def print_story(story: Story) -> None:
    """The story of one record, chapter by chapter. Texts are shown as they are, never as markup."""
    console = make_console()
    for chapter, lines in story.chapters:
        console.print(Text(chapter, style="bold"))
        for line in lines:
            console.print(Text(f"  {line}"))
