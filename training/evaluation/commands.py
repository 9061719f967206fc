"""`gaokerena evaluate`: every command a few lines that call the library."""

import typer

from training.evaluation import (
    answer_commands,
    chain_commands,
    judge_commands,
    report_commands,
    robustness_commands,
    rubric_commands,
)
from training.evaluation.options import grouped

app = typer.Typer(no_args_is_help=True)


@app.callback()
def evaluate() -> None:
    """Evaluate models and rebuild the paper's tables."""


app.command()(grouped(answer_commands.choices))
app.command()(answer_commands.harness_tasks)
app.command()(grouped(answer_commands.free_form))
app.command()(judge_commands.judge)
app.command()(judge_commands.kqa)
app.add_typer(rubric_commands.app, name="rubric")
app.command()(grouped(chain_commands.chains))
app.command()(grouped(chain_commands.self_consistency))
app.command()(grouped(robustness_commands.robustness))
app.command()(grouped(robustness_commands.safety))
app.command()(robustness_commands.confidence)
app.command()(report_commands.contamination)
app.command()(grouped(report_commands.report))
