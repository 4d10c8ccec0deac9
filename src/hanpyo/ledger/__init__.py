"""The public record: its entries, the rules that judge them, its hash tree and its proofs."""
