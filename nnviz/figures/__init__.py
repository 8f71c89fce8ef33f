"""The pictures of a run: recording in, Plotly figures and their frames out."""
