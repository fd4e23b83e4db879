"""How fast answers are accepted and durably kept, beside a raw durable insert and a view that
does nothing.
"""
