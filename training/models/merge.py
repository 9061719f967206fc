"""Adapters merged into their base, in order; or into a vision model's language tower.

LoRA learns an update of a weight, `W + alpha / r * B A`. Merging adds it, so that the model needs
no adapter any more and is as fast as its base. An instruct adapter was trained on the base with the
pretrain adapter merged in: the order of training is the order of merging.
"""

import shutil
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch

from gaokerena_data.errors import GaokerenaError
from gaokerena_data.workspace import atomic_folder
from training.models.adapters import Adapter, check_order, open_adapter
from training.models.four_bit import in_four_bit
from training.models.located import MERGE, folder_digest
from training.models.merge_target import Base, Target, attach, open_target
from training.models.parity import (
    FOUR_BIT_TOLERANCE,
    TOLERANCES,
    Parity,
    compare,
    logits_of,
    sample_inputs,
)
from training.models.pretrained import load
from training.models.provenance import copy_runs, describe_merge, earlier_merge
from training.runs.json_files import write_json

MERGED_ADAPTER = "adapter"


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge came to.

    Args:
        folder: what `from_pretrained` opens.
        adapter: the same update as one adapter on the base; None where there is no exact one.
        parity: the merged model, as it was read back, against base and adapters.
        provenance: what `merge.json` says.
    """

    folder: Path
    adapter: Path | None
    parity: Parity
    provenance: dict[str, Any]


def merge(
    adapters: Sequence[Path],
    to: Path,
    *,
    base: str | None = None,
    revision: str | None = None,
    into: str | None = None,
    dtype: str = "auto",
    tolerance: float | None = None,
    say: Callable[[str], None] = lambda _line: None,
) -> Merged:
    """Merge adapters into a model, check it against them, and write it with its provenance.

    Args:
        adapters: run or adapter folders in the order of training: pretrain, then instruct.
        to: folder of the merged model; an earlier merge there is replaced, anything else refused.
        base: the base model's folder or Hub id, if it is not the one the runs name.
        revision: the base's commit on the Hub; the one the first run names unless given.
        into: a vision model; its language tower gets the update, the rest stays as it is.
        dtype: of the weights that are written: `float32`, `bfloat16`, `float16`, or as the base.
        tolerance: largest relative difference of logits; by dtype unless given.
        say: told each step, one line.

    Returns:
        What was written. `to/adapter` holds the sum of the updates as one adapter on the base.

    Raises:
        GaokerenaError: adapters in a wrong order, other shapes, or a merged model that says
            something else than base and adapters do; nothing is written then.
    """
    opened = [open_adapter(Path(path)) for path in adapters]
    check_order(opened)
    _refuse_to_overwrite(to)
    model = _base_of(opened, base, revision)
    _refuse_broken_chain(opened, model, into)
    say(f"loading {into or model.name}")
    target = open_target(model, opened[-1], into, _dtype(dtype))
    inputs = sample_inputs(target.tokenizer)
    with tempfile.TemporaryDirectory(prefix="gaokerena-adapter-") as scratch:
        plain = logits_of(target.model, inputs)
        one, combined = None, None
        if earlier_merge(model.name) is None:  # else no adapter on the first base is exact
            one, combined = _combine(target, opened, inputs, Path(scratch))
        with_adapters, in_4bit = _merge_layers(target, opened, inputs, say)
        outside, tower, written = target.outside(), target.tower, target.model.dtype
        limit = tolerance or TOLERANCES[written]
        with atomic_folder(to) as part:
            say(f"writing {to}")
            target.save(part)
            kind = type(target.model)
            del target  # not two models in memory
            say("reading it back")
            parity = _read_back(kind, part, written, inputs, with_adapters, outside)
            _refuse_difference(parity, limit)
            if one is not None:
                _keep_adapter(one, part)
            copy_runs(opened, model, part)
            facts = {
                "dtype": str(written).removeprefix("torch."),
                "parity": asdict(parity) | {"tolerance": limit},
                "trained_in_4bit": None if in_4bit is None else asdict(in_4bit),
                "moved": asdict(compare(plain, with_adapters)),
                "one_adapter": None
                if combined is None
                else asdict(compare(with_adapters, combined)),
                "tower": tower,
            }
            provenance = describe_merge(opened, model, into, facts)
            write_json(provenance, part / MERGE)
    return Merged(to, None if one is None else to / MERGED_ADAPTER, parity, provenance)


def _base_of(adapters: Sequence[Adapter], base: str | None, revision: str | None) -> Base:
    name = base or adapters[0].base_model
    if not name:
        raise GaokerenaError(f"{adapters[0].name} does not say what its base is: give --base")
    run = adapters[0].run
    stated = run["base_model"].get("revision_or_digest") if run and base is None else None
    if not Path(name).is_dir():
        return Base(name, revision or stated, None)
    digest = folder_digest(Path(name))
    if stated not in (None, digest):
        raise GaokerenaError(
            f"{name} was changed since {adapters[0].name} was trained on it: give the model that "
            "it was trained on with --base"
        )
    return Base(name, None, digest)


def _refuse_broken_chain(adapters: Sequence[Adapter], base: Base, into: str | None) -> None:
    """Make sure that what was merged before the first adapter was trained is in the base, once."""
    first = adapters[0]
    trained_over = (first.run or {}).get("base_model", {}).get("merged_from")
    if trained_over is not None and base.digest != first.base_digest:
        raise GaokerenaError(
            f"{first.name} was trained on a merge of other adapters, which {base.name} is not: "
            "give the folder of that merged model with --base"
        )
    earlier = earlier_merge(base.name)
    if earlier is None:
        return
    twice = {each["sha256"] for each in earlier["adapters"]} & {each.digest for each in adapters}
    if twice:
        raise GaokerenaError(
            f"{base.name} is a merge of {next(a.name for a in adapters if a.digest in twice)} "
            "already: name it once"
        )
    if into is not None:
        raise GaokerenaError(
            f"{base.name} is a merge itself, and {into} would lack its adapters: train them on "
            "the base and name all of them"
        )


def _merge_layers(
    target: Target,
    adapters: Sequence[Adapter],
    inputs: Sequence[torch.Tensor],
    say: Callable[[str], None],
) -> tuple[torch.Tensor, Parity | None]:
    """Merge each adapter; the logits with the last one on top of the others.

    One that was trained on 4-bit weights was trained beside other weights than it is merged into:
    what that changes is measured too. None where the last adapter was not.

    Raises:
        GaokerenaError: it changes so much that the merged model is not what was trained.
    """
    in_4bit = None
    for adapter in adapters:
        say(f"merging {adapter.name}")
        with ExitStack() as rounding:
            quantized = _quantized(adapter)
            if quantized:
                rounding.enter_context(in_four_bit(target.model))
                layers = attach(target.layers, adapter)
                trained = logits_of(target.model, inputs)
                layers.unload()
        layers = attach(target.layers, adapter)
        logits = logits_of(target.model, inputs)
        in_4bit = compare(trained, logits) if quantized else None
        if in_4bit is not None and not in_4bit.relative <= FOUR_BIT_TOLERANCE:
            raise GaokerenaError(
                f"{adapter.name} was trained on 4-bit weights, and over the whole ones its logits "
                f"differ by {in_4bit.relative:.2e} of the largest (allowed: "
                f"{FOUR_BIT_TOLERANCE}), nothing was written: train it again without quantization"
            )
        layers.merge_and_unload(safe_merge=True)
    if in_4bit is not None:
        say(
            "trained on 4-bit weights: logits there and over the whole weights differ by "
            f"{in_4bit.relative:.1e} of the largest; same next token in "
            f"{in_4bit.same_top_token:.1%} of {in_4bit.tokens} places"
        )
    return logits, in_4bit


def _quantized(adapter: Adapter) -> bool:
    model = (adapter.run or {}).get("recipe", {}).get("model", {})
    return model.get("quantization") is not None


def _combine(
    target: Target, adapters: Sequence[Adapter], inputs: Sequence[torch.Tensor], scratch: Path
) -> tuple[Path | None, torch.Tensor | None]:
    """All updates as one adapter on the base, ranks side by side, and its logits.

    A sum of updates is exact as long as each is `alpha / r * B A` and nothing else. A vision
    model's update is no adapter of the base's.
    """
    if target.vision is not None:
        return None, None
    if len(adapters) == 1:
        return adapters[0].folder, None
    if not all(_is_plain(adapter) for adapter in adapters):
        return None, None
    # No bare numbers: peft takes an adapter called "0" for a part of the names of layers.
    names = [f"stage{number}" for number in range(len(adapters))]
    layers = attach(target.layers, adapters[0], names[0])
    for name, adapter in zip(names[1:], adapters[1:], strict=True):
        layers.load_adapter(str(adapter.folder), adapter_name=name)
    layers.add_weighted_adapter(names, [1.0] * len(names), "sum", combination_type="cat")
    layers.set_adapter("sum")
    logits = logits_of(target.model, inputs)
    layers.save_pretrained(str(scratch), selected_adapters=["sum"])
    layers.unload()
    return scratch / "sum", logits


def _is_plain(adapter: Adapter) -> bool:
    config = adapter.config
    special = ("use_dora", "use_rslora", "modules_to_save", "trainable_token_indices")
    return config.get("bias", "none") == "none" and not any(config.get(key) for key in special)


def _read_back(
    kind: Any,
    folder: Path,
    dtype: Any,
    inputs: Sequence[torch.Tensor],
    expected: torch.Tensor,
    outside: dict[str, torch.Tensor],
) -> Parity:
    """Compare what `from_pretrained` will give with what was trained."""
    model = load(kind, str(folder), dtype=dtype)
    found = dict(model.named_parameters())
    for name, value in outside.items():
        if not torch.equal(value, found[name]):
            raise GaokerenaError(f"{name} lies outside of the language tower and was changed")
    return compare(expected, logits_of(model, inputs))


def _keep_adapter(source: Path, part: Path) -> None:
    """Lay the single adapter beside the model, with the model's tokenizer and chat template."""
    kept = part / MERGED_ADAPTER
    kept.mkdir()
    tokenizer = [
        file
        for file in sorted(part.iterdir())
        if file.name.startswith(("tokenizer", "special_tokens", "chat_template"))
    ]
    for file in [*sorted(source.glob("adapter_*")), *tokenizer]:
        shutil.copyfile(file, kept / file.name)


def _refuse_difference(parity: Parity, limit: float) -> None:
    if not parity.relative <= limit:  # so that not-a-number is refused too
        raise GaokerenaError(
            f"the merged model's logits differ from those of base and adapters by "
            f"{parity.relative:.2e} of the largest (allowed: {limit:.2e}), nothing was written: "
            "merge with --dtype float32"
        )


def _refuse_to_overwrite(to: Path) -> None:
    if to.exists() and (not to.is_dir() or (any(to.iterdir()) and not (to / MERGE).is_file())):
        raise GaokerenaError(f"{to} holds something that is not a merged model: name a new folder")


def _dtype(name: str) -> Any:
    known = {str(each).removeprefix("torch."): each for each in TOLERANCES} | {"auto": "auto"}
    if name not in known:
        raise GaokerenaError(f"dtype {name!r}: choose one of {', '.join(known)}")
    return known[name]
