"""What is found of the approximations along one run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from nnviz.approximation.course import Course, course
from nnviz.approximation.milestones import measure_group, milestones
from nnviz.approximation.progress import Progress, joined
from nnviz.approximation.weighing import mixed_angles
from nnviz.paper.network import Array
from nnviz.runs.recording import Recording


@dataclass(frozen=True, eq=False)
class Along:
    """What is found of the approximations along one run.

    Attributes
    ----------
    course : Course
        How the rules agree, at its keyframes.
    progress : Progress
        From no epoch if it is only found in part.
    equal_weights : array ``[F]``
        From `nnviz.approximation.weighing.mixed_angles`.
    partial : bool
        Whether progress is left out, which takes longest: while the run grows, it would be measured
        again and again.
    """

    course: Course
    progress: Progress
    equal_weights: Array
    partial: bool

    @property
    def nbytes(self) -> int:
        """Size of the arrays in memory, in bytes."""
        return nbytes_of(self.course) + nbytes_of(self.progress) + self.equal_weights.nbytes

    @classmethod
    def in_slices(cls, asked: tuple[Recording, bool]) -> Iterator[Along | None]:
        """Find it elsewhere; as `nnviz.sweeps.pool.Work` has it.

        Parameters
        ----------
        asked : (Recording, bool)
            The run, and whether it is only to be found in part.

        Yields
        ------
        Along or None
            None between two parts, and then all.
        """
        run, partial = asked
        parts = []
        for group in () if partial else milestones(run.config, run.dataset):
            if (part := measure_group(run, group)) is not None:
                parts.append(part)
            yield None
        with np.errstate(over="ignore"):  # of exploded weights
            found = course(run)
        yield None
        yield cls(found, joined(parts), mixed_angles(run), partial)

    @classmethod
    def of(cls, run: Recording, partial: bool = False) -> Along:
        """Find it; that takes longer than to train the run."""
        *_, found = cls.in_slices((run, partial))
        assert found is not None
        return found


def nbytes_of(found: Course | Progress) -> int:
    """Size of the arrays in memory, by rule or not, in bytes."""
    return sum(
        array.nbytes
        for one in vars(found).values()
        for array in (one.values() if isinstance(one, Mapping) else (one,))
    )
