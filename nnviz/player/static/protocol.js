// What Python and the player say to each other, as types; docs/protocol.md says when. Nothing of this runs.

/** @typedef {import("./wire.js").Shaped} Shaped */
/** @typedef {import("./plotly.js").Attributes} Attributes */

/**
 * When an approximation holds.
 *
 * @typedef {object} Criterion
 * @property {number} threshold  The least progress, 1 being that of the exact gradient.
 * @property {number} horizon  Steps over which it is measured.
 */

/**
 * What goes before a message.
 *
 * @typedef {object} Head
 * @property {number} starts  How often Python has said where to start; another number says it anew.
 * @property {number} epoch  Where to start, if there was a start.
 * @property {boolean} large  Whether the type is for a projector.
 * @property {Criterion} criterion
 */

/**
 * A message: what a page shows.
 *
 * @typedef {object} Message
 * @property {string} run  The same while the run grows.
 * @property {string} version  Another one whenever anything shown is.
 * @property {"running" | "finished" | "target" | "stopped" | "diverged" | "still"} status
 * @property {number} progress  Of the training, from 0 to 1.
 * @property {string} notice  How the run ended, if not as planned; or empty.
 * @property {Shaped} epochs  Those that the metrics have values of, rising.
 * @property {Metric[]} metrics
 * @property {Shaped} keyframes  Those epochs that the pictures have frames of, rising.
 * @property {Picture[]} pictures
 * @property {Themes} themes
 * @property {ClaimOfRun} [claim]  On the Train and the Approximation page.
 * @property {Measured} [measured]  On the Approximation page, which is not measured slice by slice.
 * @property {number} [columns]  On the Compare page: how many runs are side by side.
 * @property {boolean} [still]  On the Step page, and on Explore's values: there is one epoch, nothing to play.
 * @property {boolean} [figure]  On the Learn page: one of several, in a text; it tells Python nothing.
 * @property {WallOfRuns} [wall]  On the Explore page.
 */

/**
 * Many runs over a grid of settings.
 *
 * @typedef {object} WallOfRuns
 * @property {"decisions" | "weights" | "loss" | "E"} picture  What every place shows.
 * @property {boolean} film  Whether it is of one setting: then a place has all matrices.
 * @property {string[]} names  Three, of the settings: across, down, in layers; empty where there is none.
 * @property {string[][]} heads  Their values, as they stand at the wall.
 * @property {number} end  The last epoch of any run.
 * @property {string} outcome  What the number of a place is.
 * @property {"number" | "percent" | "count" | "degrees"} format  Of that number.
 * @property {number} over  Which of the metrics it is, at the epoch shown; -1: the places' `value`.
 * @property {Record<string, ScaleOfWall>} scales  Of each matrix that is sent.
 * @property {boolean} upwards  Whether there are decision maps, whose first row is the lowest.
 * @property {Record<string, ChartOfWall>} charts  What can be drawn over the epochs: `loss`, `accuracy` and `E`.
 * @property {string[]} metrics  Names of the metrics of a place.
 * @property {string} rule  The approximation whose strip a place has.
 * @property {string} ruleName
 * @property {number} farthest  Steps over which it is measured at most.
 * @property {string} about  What all runs share, in a few words.
 * @property {PlaceOfWall[]} places
 */

/**
 * Lines over the epochs, from 0 up.
 *
 * @typedef {object} ChartOfWall
 * @property {number[]} lines  Which of the metrics.
 * @property {number} high  The largest of them, at all places.
 */

/**
 * A matrix of a place, frame by frame.
 *
 * @typedef {object} MatrixOfPlace
 * @property {Shaped} frames  Bytes: a frame, a row, a column.
 * @property {number} unit  What is meant is `byte * unit + zero`.
 * @property {number} zero
 */

/**
 * A run's loss at some epochs.
 *
 * @typedef {object} CurveOfSeed
 * @property {Shaped} epochs
 * @property {Shaped} loss
 */

/**
 * How numbers become colours, at all places.
 *
 * @typedef {object} ScaleOfWall
 * @property {string | null} axis  A colour axis of the theme's.
 * @property {[number, string][] | null} colours  Or colours of its own.
 * @property {number} low
 * @property {number} high
 */

/**
 * A place of the wall: what is said without a question mark is there before its run is trained.
 *
 * @typedef {object} PlaceOfWall
 * @property {[number, number, number]} place  Column, row, layer.
 * @property {string} said  Its settings.
 * @property {number} opens  The number of its first seed's run.
 * @property {number | null} value  Mean of the outcome over the seeds.
 * @property {string} spread  Of the outcome, in words.
 * @property {string} without  How many of the seeds have a value, if not all.
 * @property {CurveOfSeed[]} seeds  Where the loss is shown, that of each seed, the first one first.
 * @property {number | null} held  In which share of its first seed's epochs the rule of the strip holds.
 * @property {string} status  How the run ended, if not as planned.
 * @property {boolean} best  Of all, or of all of its rule.
 * @property {boolean} current  Whether it has the controls' own settings.
 * @property {Shaped} [epochs]  Of its frames and metrics, rising.
 * @property {Record<string, MatrixOfPlace>} [matrices]  By their names, as in the wall's scales.
 * @property {Shaped} [metrics]  A metric a row, an epoch a column.
 * @property {Measured} [measured]
 */

/**
 * Layout attributes by Plotly's path, for each theme of the page.
 *
 * @typedef {object} Themes
 * @property {Attributes} light
 * @property {Attributes} dark
 */

/**
 * A number in the row above the pictures.
 *
 * @typedef {object} Metric
 * @property {string} name  What the sentence finds it by; or empty.
 * @property {string} label
 * @property {string} help  Its tooltip.
 * @property {"count" | "number" | "degrees" | "percent"} format
 * @property {Shaped} values  One an epoch; NaN where it is undefined.
 * @property {number | null} of  The total that it is part of.
 */

/**
 * What the ribbon and the sentence are made of, beside the metrics and what is measured.
 *
 * @typedef {object} ClaimOfRun
 * @property {boolean} stage  Whether it has the Train page's stage.
 * @property {boolean} [told]  On the Approximation page: whether a preset's own text is above.
 * @property {Shaped} epochs  The run's keyframes, all of them.
 * @property {number} end  Last epoch of the axis.
 * @property {number} reached  Last epoch of the run so far.
 * @property {"exact" | "drop_error_term" | "difference" | "centred"} inUse  The rule that it is trained by.
 * @property {RuleOfClaim[]} rules
 */

/**
 * @typedef {object} RuleOfClaim
 * @property {string} rule
 * @property {string} label
 * @property {string} colour
 * @property {Shaped} angle  Degrees to the exact gradient, one a keyframe of the claim; NaN if undefined.
 */

/**
 * What is measured of a run's progress so far.
 *
 * @typedef {object} Measured
 * @property {string} run  That of the message it belongs to.
 * @property {string} version
 * @property {boolean} complete  Whether nothing is left to be measured.
 * @property {Shaped} epochs  Those measured from, rising.
 * @property {Shaped} planned  All that are measured from, or will be, rising.
 * @property {number[]} horizons
 * @property {Record<string, Shaped>} matched  By rule: progress, an epoch a row, a horizon a column.
 * @property {Shaped} why  0 where the progress is defined, else a code.
 * @property {[number, string][]} reasons  Such codes in words.
 */

/**
 * @typedef {object} Picture
 * @property {string} name  The same from run to run.
 * @property {string} title
 * @property {string} howToRead
 * @property {string} alt  What it shows, for those who cannot see it.
 * @property {string} note  What is left out, and why; or empty.
 * @property {Shaped | null} keyframes  Epochs of its frames, if they are not the message's.
 * @property {boolean} cursor  Whether its x axis is the epoch.
 * @property {"" | "map" | "claim" | "small"} place  On the stage.
 * @property {boolean} lags  Whether, where it is small, it follows when the visitor rests.
 * @property {string} group  The heading that it stands below; or empty.
 * @property {string[][]} choices  Lists of what can be shown, the last counting fastest.
 * @property {Mark[]} legend
 * @property {string | null} colourAxis  The layout's colour axis that colours are read by.
 * @property {string} opens  What a click on a point opens, in words; or empty.
 * @property {number} cells  Columns of a matrix whose cells are its points, by row × `cells` + column; or 0.
 * @property {Toggle[]} toggles
 * @property {Attributes[]} data  Plotly's traces, at the last keyframe.
 * @property {Attributes} layout  Plotly's layout.
 * @property {Update[]} updates
 */

/**
 * An attribute of some traces at every keyframe.
 *
 * @typedef {object} Update
 * @property {string} attribute  Plotly's path of it.
 * @property {number[]} traces
 * @property {Shaped} values  A keyframe a row, or a single row that holds for all of them.
 * @property {number} scale  What is meant is `values * scale + offset`; the byte 255 is undefined.
 * @property {number} offset
 * @property {(string | boolean)[] | null} lookup  What the values are codes of.
 * @property {boolean} byChoice  Whether the second axis runs over the picture's choices.
 * @property {number} trail  If not 0: a line through so many keyframes before, too.
 */

/**
 * @typedef {object} Toggle
 * @property {string} label
 * @property {Attributes} off
 * @property {Attributes} on
 */

/**
 * @typedef {object} Mark
 * @property {string} label
 * @property {string} colour
 * @property {"line" | "dots" | "band" | "point"} shape
 */

/**
 * The epoch settled on.
 *
 * @typedef {object} Shown
 * @property {string} run
 * @property {number} epoch
 * @property {boolean} end  Whether that is the last one.
 */

/**
 * A point to be opened.
 *
 * @typedef {object} Point
 * @property {string} run
 * @property {number} epoch  That of the pictures.
 * @property {number} point  The number of a training sample, from 1, or 0 to choose none; or of a run.
 */

/**
 * A cell of a matrix to be looked at, from 0.
 *
 * @typedef {object} Cell
 * @property {string} run
 * @property {string} picture  Its name.
 * @property {number} row
 * @property {number} column
 */

/**
 * An epoch at which the gradient is to be checked, or whose step is to be worked out.
 *
 * @typedef {object} Check
 * @property {string} run
 * @property {number} epoch
 */

/**
 * What the player is embedded in, and tells what the visitor does.
 *
 * @typedef {object} Host
 * @property {(shown: Shown) => void} epoch  When an epoch is settled on.
 * @property {(run: string) => void} more  When a run has been shown as far as it is known.
 * @property {(run: string) => void} stop
 * @property {((run: string) => void) | null} resume  Null where nothing trains on.
 * @property {((point: Point) => void) | null} point  Null where nothing can be opened.
 * @property {(cell: Cell) => void} [cell]  Where cells can be chosen.
 * @property {(threshold: number) => void} threshold  When it was moved.
 * @property {((check: Check) => void) | null} check  Null where nothing can be checked.
 * @property {((step: Check) => void)} [step]  Where there is a Step page.
 * @property {boolean} intro  Whether a first visit plays by itself.
 */

export {};
