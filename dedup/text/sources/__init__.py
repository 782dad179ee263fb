"""Attribution: find the sources that the clauses of a text credit."""
