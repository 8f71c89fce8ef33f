"""A run by each rule, trained and packed once for all visitors of the Approximation page."""

from __future__ import annotations

from dataclasses import dataclass, replace

from nnviz.approximation.along import Along
from nnviz.approximation.holding import Criterion
from nnviz.figures.triangle import Triple
from nnviz.paper.gradients import GRADIENT_RULES
from nnviz.player.messages.approximation import approximation_message
from nnviz.runs.recording import Recording
from nnviz.runs.spec import RunSpec, short_name
from nnviz.sweeps.pool import WorkersLostError
from nnviz.ui.shared.helpers import HELPERS
from nnviz.ui.shared.runs import RunStore
from nnviz.ui.shared.turns import TURNS
from nnviz.ui.visitor import visitor


@dataclass(frozen=True)
class ApproximationView:
    """What the Approximation page shows.

    Attributes
    ----------
    spec : RunSpec
        Of the run along which the rules are compared; the others differ in the rule alone.
    step_length : str
        As in `nnviz.runs.config.Config`, for all rules.
    criterion : Criterion
        When an approximation holds.
    triple : three class numbers
        Those of the probability triangle.
    first : tuple of str
        Names of the pictures to show first.
    """

    spec: RunSpec
    step_length: str
    criterion: Criterion
    triple: Triple = (0, 1, 2)
    first: tuple[str, ...] = ()

    def of_rule(self, rule: str) -> RunSpec:
        """One of the runs."""
        # Matching leaves the exact rule as it is: the run is then shared with the other choice.
        step_length = "learning_rate" if rule == "exact" else self.step_length
        config = replace(self.spec.config, gradient=rule, step_length=step_length)
        return replace(self.spec, config=config)

    @property
    def run_id(self) -> str:
        """The same for equal specs, and while the runs grow."""
        return f"{self.spec.run_id}-{self.step_length}"


def train_and_pack(
    store: RunStore, view: ApproximationView, seconds: float, stopped: bool = False
) -> bytes:
    """Train on what is not finished, for `seconds` a run, and pack all of them for the player."""
    spec = view.of_rule(view.spec.config.gradient)
    if store.has(spec):
        runs = _runs(store, view, seconds)
    else:
        with TURNS.turn():  # one for all that is new, or it would wait anew for each run
            runs = _runs(store, view, seconds)
    chosen = runs[view.spec.config.gradient]
    growing = not stopped and any(run.status == "running" for run in runs.values())
    reached = tuple((run.last_epoch, run.status) for run in runs.values())

    def pack() -> bytes:
        # The pictures change with the threshold and other controls, too.
        asked = (growing, chosen.last_epoch, chosen.status)
        along = store.beside(spec, "along", asked, lambda: _along(chosen, growing))
        with TURNS.turn():
            return approximation_message(
                runs,
                view.spec.config.gradient,
                along,
                view.criterion,
                run_id=view.run_id,
                version=short_name(repr(view)),
                triple=view.triple,
                first=view.first,
            )

    return store.beside(spec, "approximation", (view, stopped, reached), pack)


def _runs(store: RunStore, view: ApproximationView, seconds: float) -> dict[str, Recording]:
    return {rule: store.recording(view.of_rule(rule), seconds) for rule in GRADIENT_RULES}


def _along(run: Recording, growing: bool) -> Along:
    """Have a worker find it: it takes longer than to train the run; without workers, in turns."""
    share = HELPERS.share(Along.in_slices, [(run, growing)], visitor())
    try:
        if came := share.take():
            return came[1]
    except WorkersLostError:
        pass
    slices = Along.in_slices((run, growing))
    with TURNS.turn() as pause:
        while (found := next(slices)) is None:
            pause()
    return found
