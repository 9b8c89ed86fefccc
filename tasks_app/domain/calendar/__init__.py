"""The working-day calendar: weekends, public holidays and make-up days (调休), as people entered them."""
