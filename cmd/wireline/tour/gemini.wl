# gemini: pages of plain lines, under TLS
#
# A page has text and links, each with a number that shows it. The server's
# key is kept when it is seen first: another one, later, is refused.
connect gemini capsule
ls
1
ls /pub/
cat /pub/hello.txt
search /search numbers
back
close
