"""The controls of the pages: a catalogue, its drawing, and its translation to a run."""
