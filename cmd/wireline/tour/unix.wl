# unix: streams between the processes of one machine
#
# The address is a path, and no packet ever leaves the machine.
connect unix /run/app.sock
send "HELLO\r\n"
recv --until "\n" -t 5
info
close
