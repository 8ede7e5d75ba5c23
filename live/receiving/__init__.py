"""What each kind of event about a live from a phone means; see progress.receiving for the others.

A handler gets one person's events and answers for each why it is kept aside, "" when it was applied. It runs inside the
outbox's transaction, one batch of a person at a time.
"""
