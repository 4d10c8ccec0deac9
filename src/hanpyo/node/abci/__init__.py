"""The socket and the messages by which the consensus engine asks its application (ABCI 2.0)."""
