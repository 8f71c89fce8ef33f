"""A message to the player: JSON, and the arrays that it points to, in one run of bytes.

Arrays in JSON would need base64 (a third more to send, and to decode); `static/wire.js` reads
what is packed here as views of one buffer.
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


def pack_start(count: int, epoch: int, large: bool, criterion: Criterion) -> bytes:
    """What goes before a message, so that the message itself is the same for all visitors.

    Parameters
    ----------
    count, epoch : int
        Number of starts so far, and the epoch to start at.
    large : bool
        Whether the type is for a projector.
    criterion : Criterion
        When an approximation holds.
    """
    return struct.pack(
        "<IIIHH", count, epoch, large, round(1000 * criterion.threshold), criterion.horizon
    )


def pack(header: Any) -> bytes:
    """Pack a JSON-like value that may hold NumPy arrays anywhere.

    Returns
    -------
    bytes
        The JSON's length, in four bytes; the JSON, in which an array is
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
            raise TypeError(f"cannot send a {type(array).__name__} to the player")
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
    text += b" " * (-(4 + len(text)) % ALIGNMENT)
    return b"".join([struct.pack("<I", len(text)), text, *chunks])
