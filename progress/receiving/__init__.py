"""What each kind of event from a phone means, applied in sets: a batch costs a constant number of statements.

A handler gets one person's events and answers for each why it is kept aside, "" when it was applied. It runs
inside the outbox's transaction, one batch of a person at a time.
"""
