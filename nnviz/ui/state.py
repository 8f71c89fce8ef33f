"""The keys of ``st.session_state`` that are not a control's: what a visitor did.

Those of the epoch shown are in `nnviz.ui.shown_epoch`.
"""

TRAIN = "train"
"""The player component's own state."""

PROGRESS = "progress"
"""The state of the component that brings the player a run's progress."""

COUNTED_SAID = "counted_said"
"""What the address says, on this visit of the Step page, of the controls that Streamlit does not
bind to it: those that count from 1, and the equation."""

MORE_OPEN = "more_open"
"""There once a control behind *More* was not at its default: then it stays open."""

APPROXIMATION = "approximation"
"""The state of the player on the Approximation page."""

OPENED_PRESET = "opened_preset"
"""Name of the preset that the visitor opened last, if nothing else was opened since."""

LAST_SPEC = "last_spec"
"""The `RunSpec` that the visitor chose last and that could be trained."""

STOPPED = "stopped"
"""Id of the run that the visitor stopped, if it is not to go on."""

ADDRESS_COMPLAINTS = "address_complaints"
"""What was wrong with the address the visitor came by, each a sentence."""

REFUSED = "refused"
"""Whether this script run has begun anew, since the address said what it may not say."""

STEP = "step"
"""The state of the player on the Step page, which shows the matrices of one epoch."""

STEP_PATH = "step_path"
"""That of the one beside the equation, which shows the network."""

EDITED = "edited"
"""`StartingParameters` as the visitor has edited them on the Step page."""

START_FROM = "start_from"
"""`StartingParameters` that the visitor asked to train on from, if any."""

PRESENTING = "presenting"
"""There if the visitor came by a link to the presenter view."""

EXPLORE = "explore"
"""The state of the player on the Explore page."""

SWEEP = "sweep"
"""The visitor's `nnviz.ui.shared.sweeps.Sweep` that runs, or ran last."""

ASKED_SWEEP = "asked_sweep"
"""There once the visitor chose a grid that is to be trained at once, until it begins."""

OPENED = "opened"
"""Controls of the run that the visitor asked for elsewhere, for the Train page to open."""

LEFT_WALL = "left_wall"
"""`nnviz.ui.views.links.LeftWall`: the grid that the visitor opened a run of last."""

SAMPLE = "sample_lab"
"""The state of what draws one sample: it tells nothing."""

FIGURE_LEARNING, FIGURE_TERM, FIGURE_LEAK = "figure_learning", "figure_term", "figure_leak"
FIGURE_SAMPLE = "figure_sample"
"""The states of the figures in the article, which tell nothing either."""

CHOSEN = "chosen"
"""The state of the component that brings the player the chosen sample."""

CHOSEN_SAMPLE = "chosen_sample"
"""The training sample, from 0, that the visitor chose last: it is chosen while the control `sample`
stands there, which the Step page may put elsewhere by itself (`nnviz.ui.chosen`)."""

HOME = "home"
"""Whether *Take it home* is open."""

CHECK, PROGRAM = "check", "program"
"""Whether these parts of the Step page are open."""

OWN_FILE, RECORDING_FILE = "own_file", "recording_file"
"""Where files are given to the app."""

OWN_DATA = "own_data"
"""`nnviz.ui.views.own_data.OwnData`: the visitor's own table, and what was made of it."""

OWN_EDITOR, OWN_LABEL, OWN_FEATURES = "own_editor", "own_label", "own_features"
OWN_FIRST_ROW, OWN_DECIMAL = "own_first_row", "own_decimal"
"""The controls of the Data page, which stay out of the address."""

OWN_RUNS, OWN_OUTCOMES = "own_runs", "own_outcomes"
"""Runs, and outcomes of sweeps, on the visitor's own data."""

PINNED = "pinned"
"""`RunSpec`s that the visitor pinned, in that order."""

COMPARE = "compare"
"""The state of the player on the Compare page."""

OPENED_RUN = "opened_run"
"""`nnviz.ui.views.opened.OpenedRun`: a recording from a file, shown instead of the run."""

WRONG_RECORDING = "wrong_recording"
"""Id of the file that the visitor wanted to open last and that is no recording, and why."""

TOUR = "tour_bar"
"""The state of the tour's bar, which keeps nothing."""

TOURING = "touring"
"""`nnviz.ui.tour.following.Touring`: the step that the visitor is at, there while on a tour."""

TOUR_ASKED = "tour_asked"
"""Number of the step that the bar asked for, 0 to leave the tour, until it is followed."""
