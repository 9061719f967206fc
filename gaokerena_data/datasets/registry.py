"""What datasets and benchmarks there are, in this package, in others, and in a workspace.

A new dataset of this package is a file here and its line below; a new benchmark is a file in
`benchmarks/`. Other packages add theirs by entry points, a workspace by `datasets/NAME.toml`.
"""

from importlib import import_module
from pkgutil import iter_modules

from gaokerena_data.datasets import benchmarks
from gaokerena_data.datasets.benchmark import Benchmark
from gaokerena_data.datasets.declaration import Declaration
from gaokerena_data.datasets.medical_corpus import MEDICAL_CORPUS
from gaokerena_data.datasets.mf3qa import MF3QA
from gaokerena_data.datasets.preference_pairs import PREFERENCE_PAIRS
from gaokerena_data.datasets.reasoning_chains import REASONING_CHAINS
from gaokerena_data.datasets.workspace_files import (
    read_declarations,
    read_sources,
    where_declared,
)
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.registry import Registry
from gaokerena_data.sources import SOURCES
from gaokerena_data.workspace import Workspace

# Reports list these first, in the order in which they always have.
_FIRST_BENCHMARKS = ("mmlu_medical_fa", "ibmsee", "kqa_fa")


def _packaged_benchmarks() -> list[Benchmark]:
    names = {found.name for found in iter_modules(benchmarks.__path__)}
    others = sorted(names - set(_FIRST_BENCHMARKS))
    modules = (f"{benchmarks.__name__}.{name}" for name in (*_FIRST_BENCHMARKS, *others))
    return [import_module(module).BENCHMARK for module in modules]


DATASETS: Registry[Declaration] = Registry(
    "a dataset",
    Declaration,
    (MF3QA, MEDICAL_CORPUS, PREFERENCE_PAIRS, REASONING_CHAINS),
    "gaokerena_data.datasets",
)
BENCHMARKS: Registry[Benchmark] = Registry(
    "a benchmark",
    Benchmark,
    _packaged_benchmarks(),
    "gaokerena_data.benchmarks",
)


def use_workspace(workspace: Workspace) -> None:
    """Make the sources and datasets that a workspace declares known, in place of another's.

    Raises:
        GaokerenaError: a declaration that cannot be read, by its file and key.
    """
    SOURCES.use(read_sources(workspace, SOURCES.packaged()))
    DATASETS.use(read_declarations(workspace, DATASETS.packaged()))
    for name in SOURCES.keys() & BENCHMARKS.keys():
        raise GaokerenaError(
            f"{workspace.root}: a source is called {name!r}, as a benchmark is: rename it"
        )
    for name in DATASETS.keys() & BENCHMARKS.keys():
        raise GaokerenaError(
            f"{where_declared(workspace, name)}: a benchmark is called {name!r} too: rename it"
        )


def find_dataset(workspace: Workspace, name: str) -> Declaration:
    """The dataset of that name, as the workspace has it.

    Raises:
        GaokerenaError: when there is none; the message lists the names.
    """
    use_workspace(workspace)
    return DATASETS.find(name)


def find_benchmark(name: str) -> Benchmark:
    """The benchmark of that name.

    Raises:
        GaokerenaError: when there is none; the message lists the names.
    """
    return BENCHMARKS.find(name)


def find_released(workspace: Workspace, name: str) -> Declaration | Benchmark:
    """The dataset or benchmark of that name: all that can be released.

    Raises:
        GaokerenaError: when there is none; the message lists the names.
    """
    if name in BENCHMARKS:
        return BENCHMARKS[name]
    use_workspace(workspace)
    if name not in DATASETS:
        names = ", ".join(released_names())
        raise GaokerenaError(f"no dataset is called {name!r}; give one of: {names}")
    return DATASETS[name]


def released_names() -> list[str]:
    """Names of everything that can be released."""
    return [*DATASETS, *BENCHMARKS]
