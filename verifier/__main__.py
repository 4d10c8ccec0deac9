"""Run the verifier: python3 verifier RECORD."""

import sys

from hanpyo_verifier.cli import main

if __name__ == "__main__":
    sys.exit(main())
