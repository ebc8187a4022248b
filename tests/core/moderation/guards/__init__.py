"""Rules that look at what is written, raids, and the monthly report: what each may do, found, and was worth."""
