# gopher: menus, as they were before the web
#
# A menu is a list of things, each with a number that shows it. The files are
# the same that the web server has under /files/.
connect gopher hole
ls
2
ls /pub
cat /pub/hello.txt
search /search numbers
back
close
