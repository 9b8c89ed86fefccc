"""Numbers of all units beside each other (量化指标汇总): indicators × units, and the city's value of each."""
