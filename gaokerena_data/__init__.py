"""From the Persian medical web to published, versioned, audited datasets."""

# Checkers of types take it for true; typing.TYPE_CHECKING would cost more than the rest of this.
TYPE_CHECKING = False

__version__: str

if not TYPE_CHECKING:

    def __getattr__(name: str) -> str:
        """The version, read when it is asked for: reading it costs more than the rest."""
        if name != "__version__":
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib.metadata import version

        return version("gaokerena-data")
