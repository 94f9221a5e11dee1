# tls: the same bytes, and nobody reads along
#
# The server proves its name with a certificate. The demo trusts the one that
# it made for this run; elsewhere the certificates of the system are trusted.
connect tls echo 12347
send "HELLO\r\n"
recv --until "\n" -t 5
cert
#
# assert checks a line of a script; here that the certificate lasts a while.
assert tls.days > 7
close
