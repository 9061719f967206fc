"""Packed rows beside the paper's padded ones: useful tokens a second, and peak memory.

    python -m benchmarks.packing [FOLDER]

FOLDER holds the authors' spreadsheets (docs/real-data.md; `$GAOKERENA_REAL_DATA/legacy` unless
given). The lengths are those of MF3QA: instruction tuning reads its pairs, pre-training its
answers. The model is a random Cohere one with a tokenizer trained on the texts. Each run is the
same recipe in a process of its own, `preparation.method` apart. A useful token is one of a text:
padding is none.
"""

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from python_calamine import CalamineWorkbook

from benchmarks.measure import run_measured
from benchmarks.report import machine, write_section
from tests.training.texts import write_release
from tests.training.tiny_models import build_model, build_tokenizer
from training.runs.run_folder import RunFolder
from training.runs.tracking import read_metrics

FILES = ("drhast_qa_filtered_part1.xlsx", "niniban_qa_filtered.xlsx")
METHODS = ("packed", "padded_paper")
STEPS = 8
SETTINGS = (
    f"max_steps={STEPS}",
    "batch.accumulation=2",
    "tracking.every=1",
    "checkpoints.every=1000",
    "model.adapter=null",
    "dataset.share=0.2",
)


@dataclass(frozen=True)
class Outcome:
    """What one way of preparing took.

    Attributes:
        useful: tokens a second that are no padding, the first step left out.
        share: of all tokens read, the useful ones.
        peak_mb: of the process, in 10**6 bytes.
        length: mean tokens of a text.
    """

    useful: float
    share: float
    peak_mb: float
    length: float


def read_pairs(folder: Path) -> list[dict[str, str]]:
    """Questions and answers of the filtered files."""
    pairs = []
    for name in FILES:
        sheet = CalamineWorkbook.from_path(folder / name).get_sheet_by_index(0)
        for number, row in enumerate(sheet.to_python()[1:]):
            pair = {"id": f"{name}-{number}", "Question": str(row[0]), "Answer": str(row[1])}
            pairs.append(pair)
    return pairs


def prepare(work: Path, pairs: list[dict[str, str]]) -> None:
    """A model for the texts, and a release for each stage."""
    texts = [pair[column] for pair in pairs for column in ("Question", "Answer")]
    tokenizer = build_tokenizer(texts, vocabulary=8_000)
    tokenizer.save_pretrained(work / "model")
    build_model(tokenizer, hidden=256, layers=4).save_pretrained(work / "model")
    answers = [{"id": pair["id"], "content": pair["Answer"]} for pair in pairs]
    write_release(work / "instruct", "mf3qa", pairs)
    write_release(work / "pretrain", "medical_corpus", answers)


def train(work: Path, stage: str, method: str) -> Outcome:
    """Run the stage's recipe with that preparation."""
    settings = (
        *SETTINGS,
        f"preparation.method={method}",
        f"model.name={work / 'model'}",
        f"dataset.name={work / stage}",
    )
    changes = [part for setting in settings for part in ("--set", setting)]
    command = [str(Path(sys.executable).with_name("gaokerena")), "train", stage, *changes]
    place = ["--name", f"{stage}-{method}", "--workspace", str(work)]
    usage = run_measured([*command, *place], work, work / f"{stage}-{method}.log")
    folder = RunFolder(work / "runs" / f"{stage}-{method}")
    tokens = folder.read_metadata()["tokens"]
    share = tokens["tokens"] / (tokens["tokens"] + tokens["padding"])
    lines = read_metrics(folder.metrics)
    read = lines[-1]["tokens"] - lines[0]["tokens"]
    speed = read / (lines[-1]["seconds"] - lines[0]["seconds"])
    return Outcome(speed * share, share, usage.peak_mb, tokens["tokens"] / tokens["documents"])


def main() -> None:
    data = Path(os.environ.get("GAOKERENA_REAL_DATA", ".")) / "legacy"
    folder = Path(sys.argv[1]) if sys.argv[1:] else data
    if not (folder / FILES[0]).is_file():
        sys.exit(f"{folder} does not hold {FILES[0]}: docs/real-data.md says where it is")
    lines = [
        "## Packing",
        "",
        "`python -m benchmarks.packing`, one after another in one run on one machine:",
        f"{machine()}.",
        "",
        "Tokens a second that are no padding, and peak memory (proportional set size of all",
        "processes), packed and as the paper pads: context 1,024, batches of 2 rows, a random",
        "Cohere model of 4 layers of 256, the lengths of the authors' filtered files. The paper",
        "pads to the context in pre-training, and instruction tuning to a batch's longest row.",
        "",
        "| stage | preparation | tokens a text | useful | tokens/s | times padded | peak MB |",
        "|---|---|---|---|---|---|---|",
    ]
    with TemporaryDirectory() as place:
        work = Path(place)
        prepare(work, read_pairs(folder))
        for stage in ("instruct", "pretrain"):
            found = {method: train(work, stage, method) for method in METHODS}
            for method, one in found.items():
                times = one.useful / found["padded_paper"].useful
                lines.append(
                    f"| {stage} | {method} | {one.length:.0f} | {one.share:.0%} | "
                    f"{one.useful:,.0f} | {times:.1f} | {one.peak_mb:,.0f} |"
                )
    print("\n".join(lines))
    write_section("packing", "\n".join(lines))


if __name__ == "__main__":
    main()
