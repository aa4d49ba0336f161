"""Who may start an interview: limits on interviews at a time and in a day, on money, and on one network's starts."""
