"""The independent verifier of hanpyo records: one that reads only protocol.md."""
