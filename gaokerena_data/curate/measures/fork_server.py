"""Imported by the process from which workers are forked: what it has read, no worker reads again.

To import the measures and to read hazm's word lists, the language models and Unicode's tables takes
seconds and 200 MB. Forked workers share them.
"""

import gc
import signal

_ADVICE = "سلام، روزی ۲ بار قرص ۵۰۰ میلی‌گرمی بخورید و می توانید با ۰۲۱۸۸۷۷۶۶۵۵ تماس بگیرید."


def _read_everything() -> None:
    """Measure a text, and ask every detector."""
    import pyarrow as pa

    from gaokerena_data.curate.measures.measure import measure
    from gaokerena_data.datasets.settings import NearDuplicates
    from gaokerena_data.text.language import load_detectors

    load_detectors()
    settings = NearDuplicates(threshold=0.8, shingle_words=5, bands=28, rows=4, seed=1)
    measure(
        pa.table({"key": [""], "heading": ["قرص"], "body": [_ADVICE]}), settings, are_pairs=True
    )


# Ctrl-C is for the parent, which then closes the pipe that this process ends with.
_handler = signal.signal(signal.SIGINT, signal.SIG_IGN)
# A quarter of the time would go into looking for garbage among a million words that all stay.
gc.disable()
_read_everything()
# Nor does a worker look there: that would write to the pages, and so copy them.
gc.freeze()
gc.enable()
signal.signal(signal.SIGINT, _handler)
