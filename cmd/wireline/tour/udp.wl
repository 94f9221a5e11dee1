# udp: datagrams, each on its own
#
# Nothing is connected: a datagram is sent, and may arrive, or be lost. Try
# this lesson again under wireline demo --loss 50%.
connect udp echo 4000
send "ping\n"
recv -t 5
#
# The boundaries stay: two datagrams are two, where TCP would have one stream.
send "one\n"; send "two\n"
recv -t 5; recv -t 5
info
close
