# ftp: files, with a connection of its own for each
#
# ann may change things; anonymous may look.
connect ftp://ann:secret@ftp:2121/
ls
cd pub
cat hello.txt
#
# What is stored here is also under /files/ of the web server.
mv numbers.csv squares.csv
ls
mv squares.csv numbers.csv
#
# -v shows the conversation: RETR, and a data connection made for it.
cat hello.txt -v
close
