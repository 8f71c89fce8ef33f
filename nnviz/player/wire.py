"""The bytes that go to the player: a head, and a message of JSON and the arrays it points to.

Arrays in JSON would need base64 (a third more to send, and to decode); `static/wire.js` reads
what is packed here as views of one buffer. `docs/protocol.md` has the whole of it.
"""

from __future__ import annotations

import json
import struct
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnviz.approximation.holding import Criterion

ALIGNMENT = 8
DTYPES = ("float32", "int16", "int32", "uint8", "uint16", "uint32")
NARROWED = {"float64": np.float32, "int64": np.int32, "bool": np.uint8}


HEAD = struct.Struct("<IIIHH")
"""Starts, the epoch to start at, large type, the threshold in thousandths, the horizon."""

LENGTH = struct.Struct("<I")
"""Size of the JSON, with which a message begins."""


def with_head(
    message: bytes,
    criterion: Criterion,
    starts: int = 0,
    epoch: int = 0,
    large: bool = False,
) -> bytes:
    """Put a head before a message, so that the message itself is the same for all visitors.

    Parameters
    ----------
    message : bytes
        From `pack`.
    criterion : Criterion
        When an approximation holds.
    starts, epoch : int
        How often the player was told to start somewhere, and the epoch to start at.
    large : bool
        Whether the type is for a projector.
    """
    threshold = round(1000 * criterion.threshold)
    return HEAD.pack(starts, epoch, large, threshold, criterion.horizon) + message


def without_head(sent: bytes) -> bytes:
    """The message that `with_head` was given."""
    return sent[HEAD.size :]


def json_of(message: bytes) -> bytes:
    """The JSON of a message, padded with spaces."""
    (length,) = LENGTH.unpack_from(message)
    return message[LENGTH.size : LENGTH.size + length]


def pack(header: Any) -> bytes:
    """Pack a JSON-like value that may hold NumPy arrays anywhere.

    Returns
    -------
    bytes
        The JSON's length; the JSON, in which an array is
        ``{"$array": [offset, dtype, shape]}``; and the arrays. An array that occurs twice is
        sent once. Wide numbers go as 32 bits, which is more than a screen shows.
    """
    places: dict[int, dict[str, Any]] = {}
    kept: list[NDArray[Any]] = []  # so that no id is given to a second array
    chunks: list[bytes] = []
    end = 0

    def place(array: Any) -> dict[str, Any]:
        nonlocal end
        if isinstance(array, np.generic):
            return array.item()
        if not isinstance(array, np.ndarray):
            what = f"cannot send a {type(array).__name__} to the player"
            raise TypeError(f"{what}: the figure of what moves is made by figures.moving.animated")
        if id(array) not in places:
            kept.append(array)
            with np.errstate(over="ignore"):  # weights that explode: infinite, which is a gap
                plain = array.astype(NARROWED.get(array.dtype.name, array.dtype))
            if plain.dtype.name not in DTYPES:
                raise TypeError(f"cannot send an array of {plain.dtype} to the player")
            data = plain.tobytes()
            places[id(array)] = {"$array": [end, plain.dtype.name, list(plain.shape)]}
            chunks.append(data + bytes(-len(data) % ALIGNMENT))
            end += len(chunks[-1])
        return places[id(array)]

    text = json.dumps(header, default=place, allow_nan=False, separators=(",", ":")).encode()
    text += b" " * (-(LENGTH.size + len(text)) % ALIGNMENT)
    return b"".join([LENGTH.pack(len(text)), text, *chunks])
