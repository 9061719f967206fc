"""RULES: every rule by its ledger name.

A rule of this package is a file of this folder with `RULE` in it; another package adds its own by
an entry point of the group "gaokerena_data.rules", a workspace by a file in its `rules/`. Whatever
is forgotten is told when the rules are read, before any record is.
"""

from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from gaokerena_data.curate import rules
from gaokerena_data.curate.rules.rule import Rule
from gaokerena_data.datasets.declaration import TAKEDOWN, Declaration, Preset
from gaokerena_data.datasets.workspace_files import check_steps, where_declared
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.extensions import load_file
from gaokerena_data.registry import Registry
from gaokerena_data.workspace import Workspace

_NO_RULES = {"added", "rule", "registry"}


def _packaged() -> list[Rule]:
    found = []
    for module in sorted(iter_modules(rules.__path__), key=lambda module: module.name):
        if module.name not in _NO_RULES:
            loaded = import_module(f"{rules.__name__}.{module.name}")
            found.append(_rule_of(vars(loaded), module.name, f"curate/rules/{module.name}.py"))
    return found


def _rule_of(loaded: dict[str, object], stem: str, file: str) -> Rule:
    rule = loaded.get("RULE")
    if not isinstance(rule, Rule):
        raise GaokerenaError(f"{file}: defines no RULE; see docs/new-rule.md")
    name, _, version = rule.name.partition("@")
    if name != stem or not version.isdecimal():
        raise GaokerenaError(
            f"{file}: its rule is called {rule.name!r}; name it after its file, {stem}@1"
        )
    if not rule.reasons:
        raise GaokerenaError(f"{file}: {rule.name} states no reasons: name all that it may give")
    return rule


_PACKAGED = _packaged()
PACKAGED_RULES = frozenset(rule.name for rule in _PACKAGED)
RULES: Registry[Rule] = Registry("a rule", Rule, _PACKAGED, "gaokerena_data.rules")


def rules_of(workspace: Workspace, declaration: Declaration, preset: Preset | None) -> list[Rule]:
    """The rules of a dataset, in their order.

    A file of the workspace's `rules/` is loaded only where a step is nobody else's.

    Raises:
        GaokerenaError: a step that no rule has, steps that may not be (see `check_steps`), a file
            of the workspace that forgets something.
    """
    steps = preset.steps if preset is not None else declaration.steps
    where = where_declared(workspace, declaration.name)
    RULES.use([])
    named = {step: workspace.rules / f"{step.partition('@')[0]}.py" for step in steps}
    own = {step: file for step, file in named.items() if file.is_file()}
    for step, file in own.items():
        if step in RULES:
            raise GaokerenaError(f"{file}: {step} is a rule already: rename the file and the rule")
    RULES.use([_own_rule(file) for file in own.values()])
    for step in steps:
        if step not in RULES:
            raise GaokerenaError(
                f"{where}: steps: {RULES.unknown(step)} "
                f"(a rule of your own is a file in {workspace.rules})"
            )
    if preset is None:  # the authors' own recipe is never released
        check_steps(declaration, f"{where}: steps")
    if TAKEDOWN not in steps:  # however texts are curated, nobody's wish is forgotten
        steps = (TAKEDOWN, *steps)
    return [RULES[step] for step in steps]


def are_known(declaration: Declaration) -> bool:
    """Whether nothing of a workspace must be run to know a dataset's rules."""
    RULES.use([])
    return all(step in RULES for step in declaration.steps)


def _own_rule(file: Path) -> Rule:
    return _rule_of(vars(load_file(file)), file.stem, str(file))
