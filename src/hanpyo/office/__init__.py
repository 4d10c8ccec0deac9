"""The organizer's side: keys of organizers and registrar, manifests, rolls, invitations.

The only room with personal data. It meets a ledger through the `Ledger` interface alone, so it can
sit on another machine: who knows names never holds ballots.
"""
