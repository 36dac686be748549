"""The desk: what waits for the person who is logged in, and what happened since last time.

`waiting.WAITING` lists what can wait; a room that brings something new adds one entry to it.
"""
