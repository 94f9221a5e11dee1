# tcp: two streams of bytes, one each way
#
# echo sends back what it hears. From now on the prompt tells where you are,
# and what you type goes to this session.
connect tcp echo 12345
send "HELLO\r\n"
recv --until "\n" -t 5
#
# Bytes that are no text are written in hexadecimal. Instruments often begin a
# message with 02 and end it with 03; this server answers OK to such a one.
send --hex "02 45 31 38 03"
recv --until "\n" -t 5
#
# explain names the system calls beneath a command, and its like in Python.
explain recv
close
#
# The socket tutorial's server, in one line: it says its sentence and closes.
tcp recv tutorial 12346 --all
