"""The commands of this room. Heavy imports are inside: `gaokerena --help` is quick."""

from typing import TYPE_CHECKING, Annotated

import typer

from gaokerena_data.options import (
    DEFAULT_WORKSPACE,
    DryRunOption,
    GatedOption,
    ParentOption,
    PrivateOption,
    WorkspaceOption,
    open_workspace,
)
from gaokerena_data.outside_text import tell

if TYPE_CHECKING:
    from gaokerena_data.hub.publish import PublishResult


def publish(
    dataset: Annotated[str, typer.Argument(help="Name of the dataset, such as mf3qa.")],
    version: Annotated[str, typer.Argument(help="A version that was released, such as 1.0.0.")],
    to: Annotated[
        str,
        typer.Option(
            help="ORGANIZATION/NAME on the Hub; or a folder: file:PATH, ./PATH, /PATH.",
            show_default=False,
        ),
    ],
    dry_run: DryRunOption = False,
    private: PrivateOption = False,
    gated: GatedOption = False,
    parent: ParentOption = None,
    rollback: Annotated[
        bool,
        typer.Option("--rollback", help="Go back to this published version; no tag is touched."),
    ] = False,
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
) -> None:
    """Publish a release: one commit and one tag on the Hub, read back and verified.

    Publishing the same version again does nothing. A run that was cut off is run again.
    """
    from gaokerena_data.errors import GaokerenaError
    from gaokerena_data.hub.folder import folder_target, publish_to_folder
    from gaokerena_data.hub.publish import publish as publish_to_hub
    from gaokerena_data.hub.rollback import roll_back

    folder = folder_target(to)
    if folder is not None and (private or gated or parent or rollback):
        raise typer.BadParameter("--private, --gated, --parent and --rollback are for the Hub")
    if rollback:
        prepare_client()
        result = roll_back(to, dataset, version, dry_run=dry_run, parent=parent, say=tell)
        show_result(result, f"{dataset} {version}")
        return
    release = open_workspace(workspace).release(dataset, version)
    if not release.is_dir():
        raise GaokerenaError(
            f"there is no release {release}: make it with `gaokerena release {dataset} {version}`"
        )
    if folder is not None:
        result = publish_to_folder(release, folder, dry_run=dry_run)
    else:
        prepare_client()
        result = publish_to_hub(
            release,
            to,
            private=private,
            gated=gated,
            dry_run=dry_run,
            parent=parent,
            say=tell,
        )
    show_result(result, f"{dataset} {version}")


def verify(
    target: Annotated[
        str, typer.Argument(help="Folder of a release, or ORGANIZATION/NAME@TAG on the Hub.")
    ],
    model: Annotated[bool, typer.Option("--model", help="It is a model, not a dataset.")] = False,
) -> None:
    """Hash every file and row of a release again, here or on the Hub."""
    from gaokerena_data.errors import GaokerenaError
    from gaokerena_data.hub.verify import verify as verify_release

    prepare_client()
    found = verify_release(target, tell, "model" if model else "dataset")
    for problem in found.problems:
        tell(f"  {problem}")
    name = f"{found.manifest.dataset} {found.manifest.version}"
    where = f"{target} (commit {found.commit[:12]})" if found.commit else target
    if found.problems:
        raise GaokerenaError(
            f"{where} is not {name} as its manifest states it ({len(found.problems)} problems): "
            "do not use it; publish or fetch it again"
        )
    splits = [stamp for splits in found.manifest.rows.values() for stamp in splits.values()]
    tell(
        f"{where} is {name}: {len(found.manifest.files)} files and "
        f"{sum(stamp.rows for stamp in splits):,} rows in {len(splits)} splits are as stated"
    )


def pull(
    target: Annotated[str, typer.Argument(help="ORGANIZATION/NAME@TAG on the Hub.")],
    config: Annotated[
        str | None,
        typer.Option(help="Which config; `uncleaned` where there is one, the default otherwise."),
    ] = None,
    source: Annotated[
        str | None, typer.Option(help="Whose rows they are, where no column says so.")
    ] = None,
    workspace: WorkspaceOption = DEFAULT_WORKSPACE,
) -> None:
    """Bring a published version as records, to start the next one from."""
    import sys

    from datasets import disable_progress_bars

    from gaokerena_data.hub.pull import pull as pull_version

    prepare_client()
    if not sys.stderr.isatty():
        disable_progress_bars()
    pulled = pull_version(open_workspace(workspace), target, config, source, say=tell)
    for path, count in pulled.files.items():
        tell(f"  {count:>10,} records  {path}")
    for reason, count in sorted(pulled.refused.items()):
        tell(f"  {count:>10,} {reason}")
    refused = sum(pulled.refused.values())
    records = sum(pulled.files.values())
    tell(
        f"{pulled.name} (commit {pulled.commit[:12]}): {pulled.rows:,} rows = {records:,} records "
        f"+ {refused:,} in the ledger"
    )


def show_result(result: "PublishResult", name: str) -> None:
    """Print what publishing came to, file by file, and where it is."""
    from gaokerena_data.hub.repository import HubRepository

    target, url = str(result.target), str(result.target)
    if isinstance(result.target, HubRepository):
        target, url = result.target.id, f"{result.target.url}/tree/{result.tag}"
    for change in result.changes:
        tell(f"  {change.action:<8}{change.size:>14,} bytes  {change.path}")
    commit = f" (commit {result.commit[:12]}, tag {result.tag})" if result.commit else ""
    match result.outcome:
        case "published":
            tell(f"published {name} to {target}{commit}")
        case "tagged":
            tell(f"finished {name} on {target}: an earlier run had sent it{commit}")
        case "unchanged":
            tell(f"{name} is already published to {target}{commit}: nothing to do")
        case "planned":
            made = "a new repository, " if result.creates else ""
            tell(f"dry run: {made}{len(result.changes)} files to change; nothing was done")
            return
    tell(url)


def prepare_client() -> None:
    """Limits for the network; bars are for terminals, elsewhere the plain lines are enough."""
    import sys

    from huggingface_hub.utils.tqdm import disable_progress_bars

    from gaokerena_data.hub.transport import limit_silence

    limit_silence()
    if not sys.stderr.isatty():
        disable_progress_bars()
