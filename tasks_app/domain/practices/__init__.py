"""Good practice (经验做法): put forward by units, edited and published by the office, read by all."""
