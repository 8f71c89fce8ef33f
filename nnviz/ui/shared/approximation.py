"""A run by each rule, trained and packed once for all visitors of the Approximation page."""

from __future__ import annotations

from dataclasses import dataclass, replace

from nnviz.approximation.along import Along
from nnviz.approximation.holding import Criterion
from nnviz.figures.triangle import Triple
from nnviz.paper.gradients import GRADIENT_RULES
from nnviz.player.messages.approximation import approximation_message
from nnviz.runs.spec import RunSpec, short_name
from nnviz.ui.shared.finding import Finding
from nnviz.ui.shared.runs import BUSY, RunStore
from nnviz.ui.shared.turns import TURNS


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
    store: RunStore,
    view: ApproximationView,
    seconds: float,
    stopped: bool = False,
    patience: float | None = None,
) -> bytes:
    """Train on what is not finished, and pack all of it for the player.

    Parameters
    ----------
    store : RunStore
        Where the runs are.
    view : ApproximationView
        What is shown.
    seconds : float
        How long to train each run.
    stopped : bool
        Whether the runs are to go on no more.
    patience : float or None
        Seconds to wait for what takes longest, if it is not known: the player asks for it again.
        Without, until it is found.
    """
    spec = view.of_rule(view.spec.config.gradient)
    of_rules = [view.of_rule(rule) for rule in GRADIENT_RULES]
    runs = dict(zip(GRADIENT_RULES, store.recordings(of_rules, seconds, BUSY), strict=True))
    chosen = runs[view.spec.config.gradient]
    growing = not stopped and any(run.status == "running" for run in runs.values())
    reached = tuple((run.last_epoch, run.status) for run in runs.values())

    def along(partial: bool, patience: float | None) -> Along | None:
        name, asked = ("in part" if partial else "whole"), (chosen.last_epoch, chosen.status)
        if patience == 0 and not store.has_beside(spec, name, asked):
            return None
        finding = store.beside(spec, name, asked, lambda: Finding(chosen, partial))
        if not store.has_beside(spec, name, asked):
            patience = None  # the run is forgotten already: it would be begun again and again
        return finding.within(patience)

    found = None if growing else along(False, patience)

    def pack() -> bytes:
        # The pictures change with the threshold and other controls, too.
        known = found or along(True, None)
        assert known is not None
        with TURNS.turn():
            return approximation_message(
                runs,
                view.spec.config.gradient,
                known,
                view.criterion,
                run_id=view.run_id,
                version=short_name(repr(view)),
                growing=growing,
                triple=view.triple,
                first=view.first,
            )

    asked = (view, stopped, found is None, reached)
    return store.beside(spec, "approximation", asked, pack)
