"""Where reform lags: lamps, matrix, who is late with what."""
