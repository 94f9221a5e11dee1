# finger: who is on a host
#
# One question, one answer, and the connection is closed.
finger finger://people/
finger ann@people
close
