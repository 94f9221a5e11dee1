# http: requests and answers
#
# The links of a page have numbers, and follow goes where one leads.
connect http www:8080
get /page/1
headers
links
follow 2
#
# Fields are NAME=VALUE; this page says back, as JSON, what it was sent.
post /echo name=ann
assert code == 200
#
# What is stored here is in the gopher hole as well, and FTP sees it. -v shows
# the conversation as it is.
put /files/pub/tour.json seen="from all sides" -v
close
