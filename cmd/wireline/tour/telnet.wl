# telnet: a login at a far terminal
#
# interact would give you the keyboard; a script waits and answers. Watch the
# options: the server has its password typed unseen by offering to ECHO.
connect telnet login 2323
recv --until "login: " -t 5
send "ann\r\n"
recv --until "Password: " -t 5
options
send "secret\r\n"
recv --until "$ " -t 5
send "cat pub/hello.txt\r\n"
recv --until "$ " -t 5
#
# Commands travel among the data: are you there?
send-cmd ayt
recv --until "[yes]" -t 5
close
