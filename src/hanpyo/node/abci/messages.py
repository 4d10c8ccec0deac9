"""The engine's messages (ABCI 2.0), from the descriptor set that stands beside this file.

Made once from the published definitions in `proto/` (see the NOTICE there); no code is generated,
so any protobuf runtime from 5 on will do. The messages live in a pool of their own.
"""

from importlib.resources import files
from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

PACKAGE = "hanpyo.engine.abci"

Message = Any  # of the engine: its fields are known at run time only


class Messages:
    """The message classes of the package, by their names: `abci.ResponseInfo(data="x")`."""

    def __init__(self) -> None:
        pool = descriptor_pool.DescriptorPool()
        data = files("hanpyo.node.abci").joinpath("abci.binpb").read_bytes()
        listed = descriptor_pb2.FileDescriptorSet.FromString(data)
        for file in listed.file:
            pool.Add(file)
        names = [file.name for file in listed.file]
        classes = message_factory.GetMessageClassesForFiles(names, pool)
        prefix = f"{PACKAGE}."
        self._classes = {
            name.removeprefix(prefix): each
            for name, each in classes.items()
            if name.startswith(prefix)
        }

    def __getattr__(self, name: str) -> Any:
        """Give a message class."""
        try:
            return self._classes[name]
        except KeyError:
            raise AttributeError(f"the engine has no message {name}") from None


abci = Messages()
