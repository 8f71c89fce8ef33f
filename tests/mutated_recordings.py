"""Recordings as a stranger might send them: real files, changed in many ways."""

from __future__ import annotations

import io
import json
import struct
import warnings
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np

from nnviz.data.datasets import dataset_from_samples, load_dataset
from nnviz.runs.config import Config
from nnviz.runs.keyframes import most_keyframes
from nnviz.runs.recording import Recorder, Recording
from nnviz.runs.storage import save_recording

Rng = np.random.Generator

NUMBERS = (
    0.0, -0.0, 1.0, -1.0, 2.0, 0.5, 1e-310, 1e-160, 1e12, 1e13, 1e19, 1e200, 1e300, -1e300,
    np.inf, -np.inf, np.nan,
)  # fmt: skip

VALUES: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 2, 3, 7, 4096, 4097, 10**6, 10**6 + 1, 2**31, 2**63, 2**64,
    10**400, 0.5, 1.0, -0.0, 1e300, 1e-320, float("nan"), float("inf"), "", "a", "exact", "float32",
    "float16", "target", "finished", "running", "stopped", "diverged", "\ud800", "\x00", "\n",
    "\u202e", "x" * 61, "x" * 100_000, "<b>", "https://www.example.invalid", [], {}, [[]],
    [1, 2], [True, 2], [2, 2], [1000, 1000], [-1, -2], [1.0, 2.0], ["a"], ["a", "b"],
    ["a", "b", "c"], ["x" * 61] * 3,    ["a"] * 201, {"a": 1},
)  # fmt: skip

TYPES = (
    "f2", "f4", "<f8", ">f8", "f16", "i1", "i2", "<i4", ">i4", "<i8", ">i8", "u1", "u8", "?", "c8",
    "c16", "U3", "S3", "O", "M8[s]", "m8[s]", "V8", [("a", "f8"), ("b", "i4")],
)  # fmt: skip

HEADERS = (
    b"{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999,), }",
    b"{'descr': '<f8', 'fortran_order': False, 'shape': (4000000000, 4000000000), }",
    b"{'descr': '<f8', 'fortran_order': False, 'shape': (-1,), }",
    b"{'descr': '<f8', 'fortran_order': False, 'shape': (0, 9999999999), }",
    b"{'descr': '<f8', 'fortran_order': False, 'shape': (4L,), }",
    b"{'descr': '<f8', 'fortran_order': False, 'shape': (True,), }",
    b"{'descr': '|O', 'fortran_order': False, 'shape': (4,), }",
    b"{'descr': '<f8', 'fortran_order': 1, 'shape': (4,)}",
    b"{'descr': '<q9', 'fortran_order': False, 'shape': (4,), }",
    b"{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (4,), }",
    b"{'descr': ('<f8', (100000, 100000)), 'fortran_order': False, 'shape': (4,), }",
    b"[" * 900,
    b"{[]: 1}",
    b"'\\d'",
    b"__import__('os').abort()",
    b"\xff" * 100,
    b"",
)


def written(run: Recording) -> bytes:
    """What `save_recording` writes."""
    file = io.BytesIO()
    save_recording(run, file)
    return file.getvalue()


@cache
def real_recordings() -> tuple[bytes, ...]:
    """A file of every kind of run."""

    def run(data: Any, epochs: int | None = None, **config: Any) -> bytes:
        recorder = Recorder(Config(**{"epochs": 8, "hidden_units": 3, **config}), data)
        recorder.run(epochs=epochs)
        return written(recorder.recording())

    def stopped(data: Any) -> bytes:
        recorder = Recorder(Config(epochs=9, hidden_units=2), data)
        recorder.run(epochs=1)
        recorder.stop()
        return written(recorder.recording())

    rng = np.random.default_rng(0)
    own = dataset_from_samples(
        "own",
        rng.normal(size=(20, 5)),
        np.arange(20) % 4,
        feature_names=("width [cm]", "kind=soft", "π", "=1+1", "x" * 60),
        class_names=("none", "<b>", "www.example.invalid", "ä"),
        data_seed=1,
        test_share=0.3,
    )
    blobs = load_dataset("blobs", samples=12)
    return (
        run(blobs),
        run(own, epochs=150, target_accuracy=1.0),
        run(own, step_length="matched", gradient="centred"),
        run(load_dataset("moons", samples=30, test_share=0.0), dtype="float32"),
        run(load_dataset("digits"), epochs=1, dtype="float32"),
        run(load_dataset("xor", samples=30, classes=2), target_accuracy=0.1),
        run(load_dataset("spiral", samples=30), learning_rate=1e6, gradient="drop_error_term"),
        run(blobs, epochs=1),  # one keyframe
        run(blobs, epochs=4),
        stopped(blobs),
    )


@dataclass
class File:
    """An archive that is about to be written.

    Attributes
    ----------
    members : list of (str, bytes)
        Names and contents, in order; a name may occur twice.
    method : int
        How they are packed.
    comment : bytes
        That of the archive.
    """

    members: list[tuple[str, bytes]]
    method: int = zipfile.ZIP_DEFLATED
    comment: bytes = field(default=b"")

    @classmethod
    def of(cls, content: bytes) -> File:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return cls([(name, archive.read(name)) for name in archive.namelist()])

    def content(self) -> bytes:
        file = io.BytesIO()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of names that occur twice
            with zipfile.ZipFile(file, "w", self.method) as archive:
                archive.comment = self.comment
                for name, content in self.members:
                    archive.writestr(name, content)
        return file.getvalue()

    def place(self, name: str) -> int:
        """Where a member is; the first where there is none of that name."""
        names = [other for other, _ in self.members]
        return names.index(f"{name}.npy") if f"{name}.npy" in names else 0

    def replace(self, at: int, content: bytes) -> None:
        self.members[at] = (self.members[at][0], content)

    def array(self, at: int) -> np.ndarray[Any, Any]:
        try:
            found = np.load(io.BytesIO(self.members[at][1]), allow_pickle=False)
        except Exception:  # changed before
            return np.zeros(4)
        return np.array(found)

    def put(self, at: int, array: np.ndarray[Any, Any]) -> None:
        self.replace(at, npy(array))


def npy(array: np.ndarray[Any, Any]) -> bytes:
    """An array as NumPy writes it, objects too."""
    file = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        np.save(file, array, allow_pickle=True)
    return file.getvalue()


def pick(rng: Rng, choices: Any) -> Any:
    return choices[int(rng.integers(len(choices)))]


def one_of(rng: Rng, file: File) -> int:
    return int(rng.integers(max(1, len(file.members))))


# Members


def drop(rng: Rng, file: File) -> None:
    del file.members[one_of(rng, file)]


def repeat(rng: Rng, file: File) -> None:
    file.members.append(pick(rng, file.members))


def rename(rng: Rng, file: File) -> None:
    at = one_of(rng, file)
    names = ("loss", "../loss.npy", "?", "loss.npy", "x" * 60_000, "data_X.npy/", "\ud7ff.npy", "é")
    file.members[at] = (pick(rng, names), file.members[at][1])


def swap(rng: Rng, file: File) -> None:
    first, second = one_of(rng, file), one_of(rng, file)
    one, other = file.members[first][1], file.members[second][1]
    file.replace(first, other)
    file.replace(second, one)


def add(rng: Rng, file: File) -> None:
    many = int(pick(rng, (1, 30, 3000)))
    file.members += [(f"{n}.npy", b"") for n in range(many)]


def shuffle(rng: Rng, file: File) -> None:
    rng.shuffle(file.members)


def pack_otherwise(rng: Rng, file: File) -> None:
    file.method = pick(rng, (zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA))


def comment(rng: Rng, file: File) -> None:
    file.comment = rng.bytes(int(rng.integers(60_000)))


# Arrays


def retype(rng: Rng, file: File) -> None:
    at = one_of(rng, file)
    array = file.array(at)
    with np.errstate(all="ignore"):
        try:
            file.put(at, array.astype(pick(rng, TYPES)))
        except (TypeError, ValueError):
            file.put(at, np.zeros(array.shape, pick(rng, TYPES)))


def reshape(rng: Rng, file: File) -> None:
    at = one_of(rng, file)
    array = file.array(at)
    ways: tuple[Callable[[], Any], ...] = (
        lambda: array.ravel(),
        lambda: array[np.newaxis],
        lambda: array.T,
        lambda: np.asfortranarray(array),
        lambda: np.asfortranarray(array.T).T,
        lambda: array[:-1] if array.ndim else array,
        lambda: array[..., :-1] if array.ndim else array,
        lambda: array[..., :0] if array.ndim else array,
        lambda: np.concatenate([array, array]) if array.ndim else array,
        lambda: np.array(array.ravel()[:1].sum()),
    )
    file.put(at, pick(rng, ways)())


def renumber(rng: Rng, file: File) -> None:
    """One number, some or all of an array, as another."""
    at = one_of(rng, file)
    array = file.array(at)
    if not array.size or array.dtype.kind not in "fiu":
        return
    flat = array.ravel()
    count = int(pick(rng, (1, 1, 3, flat.size)))
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if array.dtype.kind == "f":
            new = np.full(count, pick(rng, NUMBERS)).astype(array.dtype)
        else:
            limits = np.iinfo(array.dtype)
            new = np.full(count, pick(rng, (0, 1, 2, limits.max, limits.min))).astype(array.dtype)
    flat[rng.integers(flat.size, size=count)] = new
    file.put(at, flat.reshape(array.shape))


def rescale(rng: Rng, file: File) -> None:
    at = file.place(
        pick(rng, ("data_X", "data_X_test", "keyframes_W1", "keyframes_W2", "keyframes_b2"))
    )
    array = file.array(at)
    if array.dtype.kind == "f":
        with np.errstate(all="ignore"):
            factor = array.dtype.type(10.0 ** int(rng.integers(-320, 40)))
            file.put(at, (array * factor).astype(array.dtype))


def some_bytes(rng: Rng, file: File) -> None:
    """Any bits as numbers: signalling NaN, denormal and all the others."""
    at = one_of(rng, file)
    array = file.array(at)
    if array.dtype.kind in "fiu" and array.size:
        file.put(at, np.frombuffer(rng.bytes(array.nbytes), array.dtype).reshape(array.shape))


def behead(rng: Rng, file: File) -> None:
    """Another header before the same numbers."""
    at = one_of(rng, file)
    content = file.members[at][1]
    header = pick(rng, HEADERS) + b" " * int(rng.integers(70)) + pick(rng, (b"\n", b""))
    version = pick(rng, (b"\1\0", b"\1\0", b"\2\0", b"\3\0", b"\4\0"))
    size = struct.pack("<H" if version == b"\1\0" else "<I", len(header))
    if rng.random() < 0.2:
        size = b"\xff" * len(size)
    file.replace(at, b"\x93NUMPY" + version + size + header + content[128:])


def bomb(rng: Rng, file: File) -> None:
    """Millions of zeros after the numbers, or in their place."""
    at = one_of(rng, file)
    zeros = bytes(int(pick(rng, (1, 1000, 3_000_000, 70_000_000))))
    file.replace(
        at, file.members[at][1] + zeros if rng.random() < 0.5 else npy(np.zeros(4)) + zeros
    )


def cut(rng: Rng, file: File) -> None:
    at = one_of(rng, file)
    content = file.members[at][1]
    file.replace(at, content[: int(rng.integers(len(content) + 1))])


# The description


def said(file: File) -> Any:
    try:
        about = json.loads(file.array(file.place("about")).tobytes())
    except (ValueError, RecursionError):
        return {}
    return about if isinstance(about, dict) else {}


def say(file: File, text: str | bytes) -> None:
    written = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    file.put(file.place("about"), np.frombuffer(written, np.uint8))


def redescribe(rng: Rng, file: File) -> None:
    """Another value somewhere in the description, one more, or one less."""
    about = said(file)
    inside = about
    for _ in range(int(rng.integers(1, 4))):
        below = [value for value in inside.values() if isinstance(value, dict)]
        if not below:
            break
        inside = pick(rng, below)
    if not isinstance(inside, dict) or not inside:
        return
    key, way = pick(rng, list(inside)), rng.random()
    if way < 0.1:
        del inside[key]
    elif way < 0.2:
        inside[pick(rng, ("", "new", "__class__", "\ud800"))] = pick(rng, VALUES)
    elif isinstance(inside[key], list) and inside[key] and way < 0.5:
        inside[key][int(rng.integers(len(inside[key])))] = pick(rng, VALUES)
    else:
        inside[key] = pick(rng, VALUES)
    say(file, json.dumps(about, ensure_ascii=bool(rng.random() < 0.7)))


def garble(rng: Rng, file: File) -> None:
    """A description that is hardly JSON."""
    text = json.dumps(said(file))
    deep = int(pick(rng, (500, 900, 990, 20_000, 200_000)))
    ways: tuple[str | bytes, ...] = (
        "[" * deep,
        '{"a":' * deep,
        "[" * deep + "]" * deep,
        text.replace("8", "[" * deep + "]" * deep, 1),
        text.replace("8", "1" * deep, 1),
        text.replace("null", "NaN"),
        text.replace("0.5", "Infinity"),
        text[:-5],
        text + text,
        text.replace("{", '{"format": 1,', 1),
        text.encode("utf-16"),
        b"\xef\xbb\xbf" + text.encode(),
        text.encode() + b"\xff",
        "null",
        "3",
        '"nnviz recording 1"',
        "",
    )
    say(file, pick(rng, ways))


@dataclass(frozen=True)
class Sizes:
    """Those of a run; `weight` is about the size of its weights."""

    units: int
    samples: int
    features: int
    classes: int
    frames: int
    rows: int
    test: int = 0
    dtype: str = "float64"
    weight: float = 1.0


def resize(rng: Rng, file: File) -> None:
    """Any sizes. Most are allowed: each in itself, if not all at once."""
    samples, rows = (pick(rng, of) for of in ((2, 40, 400, 1500, 10_000), (1, 200, 2000, 20_001)))
    sizes = Sizes(
        units=pick(rng, (1, 16, 16, 128, 128, 128, 1024, 4096, 5000)),
        samples=samples,
        features=pick(rng, (1, 2, 2, 4, 64, 64, 200, 201)),
        classes=pick(rng, (2, 3, 10, 10, 11)),
        frames=min(rows, pick(rng, (2, 10, 20, 60, 111, 111, 20_000))),
        rows=rows,
        test=pick(rng, (0, samples)),
        dtype=pick(rng, ("float64", "float32")),
    )
    if sizes.frames * sizes.units * (sizes.features + sizes.classes + 1) < 8e6:
        put_sizes(rng, file, sizes)


def put_sizes(rng: Rng, file: File, sizes: Sizes) -> None:
    """Give a file these sizes, in its description and in all arrays."""

    def random(*shape: int) -> np.ndarray[Any, Any]:
        return rng.random(shape) if rng.random() < 0.7 else np.zeros(shape)

    def weights(*shape: int) -> np.ndarray[Any, Any]:
        return ((rng.random((len(epochs), *shape)) - 0.5) * sizes.weight).astype(sizes.dtype)

    units, features, classes, rows = sizes.units, sizes.features, sizes.classes, sizes.rows
    epochs = np.unique(np.linspace(0, rows - 1, sizes.frames).astype(int))
    y, y_test = (rng.integers(classes, size=count) for count in (sizes.samples, sizes.test))
    parts = {
        "keyframe_epochs": epochs,
        "data_X": random(features, sizes.samples),
        "data_X_test": random(features, sizes.test),
        "data_y": y,
        "data_y_test": y_test,
        "data_Y": np.eye(classes)[:, y],
        "data_Y_test": np.eye(classes)[:, y_test],
        "data_mean": random(features, 1),
        "data_scale": np.ones((features, 1)),
        "error_term_quantiles": random(7, rows),
        "keyframes_W1": weights(units, features),
        "keyframes_b1": weights(units, 1),
        "keyframes_W2": weights(classes, units),
        "keyframes_b2": weights(classes, 1),
        "dead_units": np.zeros(rows, np.int32),
    }
    names = {name.removesuffix(".npy") for name, _ in file.members} - {"about", *parts}
    for name, array in {**parts, **{name: random(rows) for name in names}}.items():
        file.put(file.place(name), array)
    about = said(file)
    if isinstance(about.get("config"), dict) and isinstance(about.get("dataset"), dict):
        about["config"] |= {"hidden_units": units, "epochs": max(1, rows - 1), "dtype": sizes.dtype}
        about["config"]["target_accuracy"] = None
        about["status"] = "stopped"
        about["dataset"] |= {
            "feature_names": [f"f{n}" for n in range(features)],
            "class_names": [f"c{n}" for n in range(classes)],
            "image_shape": [8, 8] if features == 64 else None,
        }
        say(file, json.dumps(about))


def largest_recordings() -> Iterator[tuple[Sizes, bytes]]:
    """The largest that the page may show, of every proportion."""
    for units, samples, features, classes, dtype in (
        (128, 10_000, 2, 2, "float64"),
        (128, 10_000, 10, 10, "float64"),
        (128, 10_000, 200, 10, "float64"),
        (128, 10_000, 64, 10, "float32"),
        (16, 10_000, 2, 10, "float32"),
        (1, 10_000, 200, 10, "float32"),
        (940, 1500, 200, 10, "float64"),
        (940, 1500, 200, 10, "float32"),
        (2700, 550, 64, 10, "float32"),
        (4096, 360, 2, 2, "float32"),
        (4096, 360, 2, 10, "float64"),
        (4096, 4, 46, 2, "float32"),
    ):
        parameter_bytes = (units * (features + 1) + classes * (units + 1)) * int(dtype[5:]) // 8
        frames = most_keyframes(parameter_bytes)
        for weight, rows in ((1.0, 20_001), (1e-20, 20_001), (1e5, 250_000)):
            rng = np.random.default_rng(0)
            file = File.of(real_recordings()[0])
            sizes = Sizes(units, samples, features, classes, frames, rows, 0, dtype, weight)
            put_sizes(rng, file, sizes)
            yield sizes, file.content()


# Bytes of the archive


def flip(rng: Rng, content: bytes) -> bytes:
    changed = bytearray(content)
    for _ in range(int(rng.integers(1, 6))):
        changed[int(rng.integers(len(changed)))] = int(rng.integers(256))
    return bytes(changed)


def flip_at_end(rng: Rng, content: bytes) -> bytes:
    """Among the list of members and the archive's end."""
    return content[:-1500] + flip(rng, content[-1500:])


def truncate(rng: Rng, content: bytes) -> bytes:
    return content[: int(rng.integers(len(content)))]


def surround(rng: Rng, content: bytes) -> bytes:
    junk = rng.bytes(int(rng.integers(1, 200)))
    return pick(rng, (junk + content, content + junk, content + content, content[:50] + content))


def lie(rng: Rng, content: bytes) -> bytes:
    """Another number in one of the archive's headers: a method, a flag, a size or a place."""
    signature, size = pick(rng, ((b"PK\1\2", 46), (b"PK\3\4", 30), (b"PK\5\6", 22)))
    places = [at for at in range(len(content) - size) if content.startswith(signature, at)]
    if signature == b"PK\5\6":
        places = [len(content) - size]
    if not places:
        return content
    at = pick(rng, places) + int(rng.integers(4, size))
    new = pick(
        rng, (b"\0", b"\1", b"\xff", b"\xff\xff", b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x0c\0")
    )
    return content[:at] + new + content[at + len(new) :]


def another_end(rng: Rng, content: bytes) -> bytes:
    """An end as archives of more than 65,535 members have it, before the usual one."""
    end, many = content[-22:], int(pick(rng, (1, 70_000, 2**40)))
    second = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, many, many, many, 0)
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, len(content) - 22, 1)
    return content[:-22] + second + locator + end


OF_MEMBERS: tuple[Callable[[Rng, File], None], ...] = (
    drop, repeat, rename, swap, add, shuffle, pack_otherwise, comment, retype, retype, reshape,
    reshape, renumber, renumber, renumber, rescale, rescale, some_bytes, some_bytes, behead, bomb,
    cut,    redescribe, redescribe, redescribe, redescribe, garble, resize, resize, resize,
)  # fmt: skip

OF_BYTES: tuple[Callable[[Rng, bytes], bytes], ...] = (
    flip, flip_at_end, truncate, surround, lie, lie, another_end,
)  # fmt: skip


def mutated(rng: Rng) -> bytes:
    """A real recording, changed in one to three ways: in what it holds, or in its bytes."""
    content = pick(rng, real_recordings())
    if rng.random() < 0.8:
        file = File.of(content)
        for _ in range(int(pick(rng, (1, 1, 1, 2, 3)))):
            if file.members:
                pick(rng, OF_MEMBERS)(rng, file)
        content = file.content()
        if rng.random() < 0.9:
            return content
    return pick(rng, OF_BYTES)(rng, content)
