"""What a run tells while it goes on: metrics.jsonl, and a bar or lines for people."""

import json
import math
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, override

from accelerate import PartialState
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.workspace import atomic_file
from training.runs.checkpoints import best_checkpoint, remove_old, seal_checkpoint
from training.runs.held_out import EVAL_LOSS, eval_losses
from training.runs.recipe import TrackingSettings

# The last ones are of preference pairs.
_WRITTEN = (
    "loss", "learning_rate", "grad_norm", "epoch",
    "rewards/margins", "rewards/accuracies", "rewards/chosen", "rewards/rejected",
)  # fmt: skip


def require_trackers(settings: TrackingSettings) -> None:
    """Make sure that every tracker asked for is installed.

    Raises:
        GaokerenaError: one is not.
    """
    for name in settings.to:
        try:
            import_module(name)
        except ImportError as error:
            raise GaokerenaError(
                f"tracking.to: {name} is not installed ({error}): pip install {name}"
            ) from None


def place_trackers(folder: Path) -> None:
    """Let trackers that write files write them into the run folder, if not told otherwise.

    Their default is the trainer's own output folder, which does not outlive the run.
    """
    for variable, name in (("TENSORBOARD_LOGGING_DIR", "tensorboard"), ("WANDB_DIR", "")):
        os.environ.setdefault(variable, str(folder / name))


class MetricsFile(TrainerCallback):
    """Appends one object a logged step to metrics.jsonl.

    `tokens` are those read so far by all processes, padding included; `seconds` are those of
    training, pauses between a stop and its continuation left out.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._seconds_before = 0.0
        self._tokens_before = 0
        self._began = 0.0

    @override
    def on_train_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        """Drop what was written after the checkpoint that the run goes on from."""
        kept = keep_metrics_until(self.path, state.global_step)
        self._seconds_before = max((line.get("seconds", 0.0) for line in kept), default=0.0)
        self._tokens_before = state.num_input_tokens_seen
        self._began = time.monotonic()

    @override
    def on_step_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        """Have the last step logged, whichever it is."""
        if state.global_step >= state.max_steps:
            control.should_log = True

    @override
    def on_log(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        logs: Any = None,
        **kwargs: Any,
    ) -> None:
        """Write what was logged.

        Raises:
            GaokerenaError: the loss is no number any more.
        """
        if EVAL_LOSS in logs:
            self._write({"step": state.global_step, EVAL_LOSS: float(logs[EVAL_LOSS])})
        if "loss" not in logs:
            return
        if not math.isfinite(float(logs["loss"])):
            raise GaokerenaError(
                f"the loss is {logs['loss']} at step {state.global_step}: go on with "
                "--from-checkpoint STEP and a lower --set optimizer.learning_rate"
            )
        since = time.monotonic() - self._began
        tokens = state.num_input_tokens_seen
        metrics = {
            "step": state.global_step,
            **{name: float(logs[name]) for name in _WRITTEN if name in logs},
            "tokens": tokens,
            "tokens_per_second": round((tokens - self._tokens_before) / max(since, 1e-9), 1),
            "seconds": round(self._seconds_before + since, 3),
        }
        self._write(metrics)

    def _write(self, metrics: dict[str, Any]) -> None:
        with self.path.open("a", encoding="utf-8") as file:
            file.write(metrics_line(metrics))


class SealedCheckpoints(TrainerCallback):
    """Seals what the trainer has written, and removes what is too old.

    Args:
        checkpoints: the run's folder of them.
        keep: how many of the newest stay.
        processes: that train together.
        best: whether the one with the lowest held-out loss stays too.
    """

    def __init__(
        self, checkpoints: Path, keep: int, processes: PartialState, best: bool = False
    ) -> None:
        self.checkpoints = checkpoints
        self.keep = keep
        self.best = best
        self.processes = processes

    @override
    def on_save(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        """Wait until every process has written its part; the first one seals."""
        self.processes.wait_for_everyone()
        if self.processes.is_main_process:
            seal_checkpoint(self.checkpoints, state.global_step)
            best = (
                best_checkpoint(self.checkpoints, eval_losses(state.log_history))
                if self.best
                else None
            )
            remove_old(self.checkpoints, self.keep, best)
        self.processes.wait_for_everyone()


class ShownProgress(TrainerCallback):
    """Steps done, loss, tokens a second and time left: a bar, or lines where no terminal is."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._bar: Progress | None = None
        self._task: Any = None
        self._began = (0.0, 0, 0)
        self._tenth = -1

    @override
    def on_train_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        """Show where it begins."""
        self._began = (time.monotonic(), state.global_step, state.num_input_tokens_seen)
        if self._console.is_terminal:
            self._bar = Progress(
                TextColumn("step"),
                MofNCompleteColumn(),
                BarColumn(),
                TextColumn("loss {task.fields[loss]}  {task.fields[speed]} tokens/s"),
                TimeRemainingColumn(),
                console=self._console,
            )
            self._task = self._bar.add_task(
                "", total=state.max_steps, completed=state.global_step, loss="-", speed="-"
            )
            self._bar.start()

    @override
    def on_step_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        """Move the bar."""
        if self._bar is not None:
            self._bar.update(self._task, completed=state.global_step, speed=self._speed(state))

    @override
    def on_log(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        logs: Any = None,
        **kwargs: Any,
    ) -> None:
        """Show the loss; in a log, a line every tenth of the way."""
        if "loss" not in logs:
            return
        loss, step, steps = f"{float(logs['loss']):.3f}", state.global_step, state.max_steps
        if self._bar is not None:
            self._bar.update(self._task, loss=loss)
        elif 10 * step // steps > self._tenth:
            self._tenth = 10 * step // steps
            began, first, _tokens = self._began
            left = (time.monotonic() - began) / max(step - first, 1) * (steps - step)
            self._console.print(
                f"step {step:,} of {steps:,}: loss {loss}, {self._speed(state)} tokens/s, "
                f"{left / 60:,.1f} min left",
                highlight=False,
            )

    def _speed(self, state: Any) -> str:
        began, _, tokens = self._began
        seconds = max(time.monotonic() - began, 1e-9)
        return f"{(state.num_input_tokens_seen - tokens) / seconds:,.0f}"

    def close(self) -> None:
        """Leave the terminal as it was."""
        if self._bar is not None:
            self._bar.stop()


@contextmanager
def shown_progress() -> Iterator[ShownProgress]:
    """Progress on stderr for as long as the run lasts."""
    progress = ShownProgress(Console(stderr=True))
    try:
        yield progress
    finally:
        progress.close()


def read_metrics(path: Path) -> list[dict[str, Any]]:
    """The lines of a file like metrics.jsonl; a last one that a kill cut short is left out."""
    if not path.is_file():
        return []
    found = []
    for line in path.read_text("utf-8", errors="replace").split("\n"):
        try:
            found.append(json.loads(line))
        except ValueError:
            break
    return found


def keep_metrics_until(path: Path, step: int) -> list[dict[str, Any]]:
    """Drop the lines after a step, and give those that stay."""
    kept = [line for line in read_metrics(path) if line["step"] <= step]
    with atomic_file(path) as part:
        part.write_text("".join(map(metrics_line, kept)), encoding="utf-8")
    return kept


def metrics_line(metrics: Mapping[str, Any]) -> str:
    """A line of metrics.jsonl, or of a file like it."""
    return f"{json.dumps(metrics)}\n"
