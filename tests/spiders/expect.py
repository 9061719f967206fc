"""Write what a saved page gives now beside it, to be read by eye and committed.

    python -m tests.spiders.expect NAME URL

NAME is a page in tests/spiders/pages without `.html`; URL is where it was found.
"""

import json
import sys
from dataclasses import asdict

from tests.spiders.saved_pages import BOOKKEEPING, PAGES, read


def main(name: str, url: str) -> None:
    """Read the page with its site's page objects, write and print NAME.json."""
    page = read(PAGES / f"{name}.html", url)
    if page is None:
        sys.exit(f"no page object of {name.partition('_')[0]} finds a record in {name}.html")
    records = [
        {field: value for field, value in asdict(record).items() if field not in BOOKKEEPING}
        for record in page.records()
    ]
    expected = {"url": url, "extractor": page.extractor_used, "records": records}
    text = json.dumps(expected, ensure_ascii=False, indent=2) + "\n"
    (PAGES / f"{name}.json").write_text(text, encoding="utf-8")
    print(text, end="")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
