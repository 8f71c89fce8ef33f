"""Where the source says something other than it means."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Slip:
    """One slip.

    Attributes
    ----------
    where, says, means : str
        The place, what stands there, and what is meant (and computed here).
    stage : str
        The one of `nnviz.by_hand.worked.STAGES` that it belongs to.
    """

    where: str
    says: str
    means: str
    stage: str

    @property
    def equations(self) -> tuple[int, ...]:
        """Those that a note of it stands beside; of a range the first."""
        return tuple(map(int, re.findall(r"(?<!–)\((\d+)\)", self.where)))


SLIPS = (
    Slip(
        "after (10)",
        "A² = Y is the output value",
        "A² is the prediction and Y the target, as (11) has it",
        "forward",
    ),
    Slip(
        "text under (14)",
        "E is “the averaged error term”",
        "E is one number per sample; its mean over the samples is a second step, and hides that E "
        "takes both signs",
        "output gradient",
    ),
    Slip(
        "(17), (21), (23)",
        "no sum over the samples, and then a mean appears",
        "L is a mean over m throughout",
        "back-propagation",
    ),
    Slip(
        "(17)–(25)",
        "≈ becomes = half-way",
        "with A − Y (16) in them they are not the gradient of the loss (11), but exactly that of "
        "the cross-entropy",
        "back-propagation",
    ),
    Slip("(20)", "∂L/∂h²", "∂L/∂b²", "back-propagation"),
    Slip(
        "(20), (25)",
        "`np.tile` copies the bias gradient to [N×M]",
        "a column [N×1] that broadcasts; tiled, b itself is [N×M] after one update, and fits no "
        "other number of samples",
        "back-propagation",
    ),
    Slip(
        "(22), matrix form",
        "no 1/M",
        "1/M, as its component form has",
        "back-propagation",
    ),
    Slip(
        "(22), (24), (25)",
        "not clear whether · or * comes first; in (25) a parenthesis too many",
        "first W²ᵀ · G, then * g'(Z¹) entry by entry, then · A⁰ᵀ",
        "back-propagation",
    ),
)
"""In the source's order."""


def slips_of(stage: str) -> str:
    """The slips of one stage as a list, in Markdown; empty if there are none."""
    said = "\n".join(
        f"- {slip.where}: {_plain(slip.says)}. Meant: {_plain(slip.means)}."
        for slip in SLIPS
        if slip.stage == stage
    )
    return said and f"Slips in the source:\n{said}"


def notes_beside(equation: int) -> list[str]:
    """What the slips at an equation are, each in Markdown; said in full at the first of them."""
    return [_note(slip, equation) for slip in SLIPS if equation in slip.equations]


def _note(slip: Slip, equation: int) -> str:
    first = slip.equations[0]
    if equation != first:
        return f"**Slip,** as at ({first}): {_plain(slip.says)}."
    return (
        f"**Slip, {slip.where}.** The source has: {_plain(slip.says)}. "
        f"*Meant:* {_plain(slip.means)}."
    )


def _plain(text: str) -> str:
    """A star as it is, where Markdown would begin to stress."""
    return text.replace("*", r"\*")
