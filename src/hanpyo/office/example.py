"""An election file to begin with: printed by `hanpyo election example`."""

EXAMPLE = """\
# An election, in the words of those who hold it. Lines that begin with # are remarks.

title = "Council of the association, 2026"
description = "Who leads us for two years, and what we do with the surplus."
language = "en"                 # of every plain text; or write { en = "...", ko = "..." }
kind = "election"               # or "survey"

opens = "none"                  # a time with its offset, such as 2026-05-01T09:00:00+09:00;
closes = "none"                 # "none": organizers open and close by command

smallest_tally = 10             # never open the sum of fewer ballots
ballots_per_row = 64            # how often a voter may vote; the last ballot counts
weights = "none"                # or "guarded", "revealing"
sign_in = "code"                # how voters prove who they are: "key", "code", "identity"

registrar = "registrar/public.json"

[organizers]
quorum = 1                      # how many must sign each act
parties = ["organizer/public.json"]

[trustees]
threshold = 2                   # how many decrypt
least = 2                       # how many must take part in making the key
parties = [
    "trustee-1/public.json",
    "trustee-2/public.json",
    "trustee-3/public.json",
]

[[contests]]
id = "chair"
title = "Who shall chair the association?"
kind = "one"                    # one, some, approval, score, matrix, cumulative, budget
options = ["Anna", "Bo", "Chris"]
blank = true
rule = "plurality"

[[contests]]
id = "surplus"
title = "What shall the surplus of 10,000 be spent on?"
kind = "budget"
amount = 10000
options = [
    { id = "garden", title = "A garden", cost = 6000 },
    { id = "library", title = "Books for the library", cost = 3500 },
    { id = "feast", title = "A summer feast", cost = 4000 },
]
"""
