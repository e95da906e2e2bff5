"""Pure figures: value → SVG or Plotly figure."""
