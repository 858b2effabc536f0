"""What the command line prints and the studies compute, kept: texts by line, numbers by bit.

``python -m tests.golden --write`` takes today's answers as the new ones; read the difference
before it is committed.
"""
