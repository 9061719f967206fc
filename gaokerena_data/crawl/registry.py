"""Spiders by name: one file each, named as its source."""

from importlib import import_module
from importlib.metadata import EntryPoint
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

from gaokerena_data.crawl.spider_places import PACKAGED, find_spider
from gaokerena_data.crawl.spiders import SiteSpider
from gaokerena_data.errors import GaokerenaError
from gaokerena_data.extensions import load_file
from gaokerena_data.registry import load_entry_point
from gaokerena_data.sources import find_source
from gaokerena_data.workspace import Workspace


def load_spider(name: str, workspace: Workspace | None = None) -> type[SiteSpider]:
    """The spider class of a source.

    Args:
        name: the source's name, alias or host.
        workspace: whose `sites/` may hold it; its code is run only where nobody else has a spider
            of that name.

    Raises:
        GaokerenaError: the source has no site or no spider; the spider's file cannot be run, or
            code of workspaces is refused.
    """
    source = find_source(name)
    if not source.hosts:
        raise GaokerenaError(f"{source.name} has no site to crawl: import its file instead")
    place = find_spider(source.name, workspace)
    if place is None:
        own = f"{workspace.sites / source.name}.py" if workspace else f"spiders/{source.name}.py"
        raise GaokerenaError(
            f"{source.name} has no spider: write {own}, install the package that has it, or import "
            "its file instead"
        )
    if isinstance(place, EntryPoint):
        return _checked(load_entry_point(place), source.name, f"the entry point {place.value}")
    if place.parent == PACKAGED:
        return _spider_in(_packaged(place), source.name, f"spiders/{source.name}.py")
    return _spider_in(load_file(place), source.name, str(place))


def _spider_in(module: ModuleType, name: str, where: str) -> type[SiteSpider]:
    spiders = [
        thing
        for thing in vars(module).values()
        if isinstance(thing, type)
        and issubclass(thing, SiteSpider)
        and thing.__module__ == module.__name__
    ]
    return _checked(spiders[0] if len(spiders) == 1 else None, name, where)


def _checked(spider: Any, name: str, where: str) -> type[SiteSpider]:
    is_spider = isinstance(spider, type) and issubclass(spider, SiteSpider)
    if not is_spider or getattr(spider, "name", None) != name:
        raise GaokerenaError(f"{where} must define one spider with name = {name!r}")
    return spider  # type: ignore[no-any-return]


def _packaged(file: Path) -> ModuleType:
    try:
        module = import_module(f"spiders.{file.stem}")
        if Path(module.__file__ or "").resolve() == file:
            return module
    except ModuleNotFoundError as error:
        if error.name not in {"spiders", f"spiders.{file.stem}"}:
            raise
    # The folder that the program was started in may have a package `spiders` of its own, which
    # hides ours: take the file from where it is.
    spec = spec_from_file_location(f"gaokerena_spider_{file.stem}", file)
    if spec is None or spec.loader is None:
        raise GaokerenaError(f"{file} cannot be loaded as a module")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
