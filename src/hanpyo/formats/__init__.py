"""Other people's files, read into our own terms. Text in, values out; nothing is written here.

`pabulib`: participatory budgets with every ballot (`.pb`).
"""
