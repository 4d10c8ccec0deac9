"""`python -m hanpyo`: the commands."""

from hanpyo.cli import main

if __name__ == "__main__":
    main()
