"""核实: the lead bureau of a task says whether what a unit filed holds; the office decides."""
