"""What `gaokerena release` prints."""

from gaokerena_data.release.build import Release
from gaokerena_data.tables import count_table, make_console


def print_release(release: Release) -> None:
    """Rows of a release, and where it is."""
    console = make_console()
    manifest = release.manifest
    console.print(
        count_table(
            f"{manifest['dataset']} {manifest['version']}",
            ("config", "split", "rows", "sha256 of the rows"),
            [
                (config, split, facts["rows"], facts["sha256"][:16])
                for config, splits in manifest["rows"].items()
                for split, facts in splits.items()
            ],
        )
    )
    if not release.is_new:
        console.print("this version was there already, with the same bytes")
    console.print(f"-> {release.folder}")
