"""What the training libraries say and send by themselves, turned off where nobody asked for it."""

import sys
import warnings


def quieten_libraries() -> None:
    """No usage reports; no bars in a log; no warning that only the libraries' makers can heed."""
    import datasets
    from huggingface_hub import constants
    from transformers.utils import logging

    constants.HF_HUB_DISABLE_TELEMETRY = True  # trl tells its makers of every trainer otherwise
    if not sys.stderr.isatty():
        datasets.disable_progress_bars()
        logging.disable_progress_bar()
    # peft asks transformers by an older name
    warnings.filterwarnings("ignore", "`is_gradient_checkpointing` is deprecated", FutureWarning)
    # and so does trl, at every step of a preference run
    warnings.filterwarnings(
        "ignore", "`gradient_checkpointing_(en|dis)able` is deprecated", FutureWarning
    )
