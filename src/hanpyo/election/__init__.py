"""What an election is, and nothing of how it is run: same arguments, same answer, everywhere.

`contests` and `manifest` say what is asked, `roll` who may answer, `ceremony` how the trustees make
the joint key, `ballot` what a voter's device casts, and `tally` which sums may ever be opened;
`counting` turns opened totals into an outcome. Each knows only the ones named before it.
"""
