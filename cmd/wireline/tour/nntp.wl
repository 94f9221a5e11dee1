# nntp: news, which everybody reads
#
# Groups have names, and articles have numbers in each of them.
connect nntp news 1119
ls
cd misc.test
ls
cat 1
#
# next and last walk through the group; the server keeps the place.
next
cat
headers 1
close
