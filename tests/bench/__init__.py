"""How fast the functions start and answer, as built, beside what AWS's own client costs."""
