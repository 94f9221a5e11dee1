# pop3: fetch mail, and be done
#
# The messages have numbers, from 1, as long as the session lasts.
connect pop3://ann:secret@mail:1110/
ls
stat
headers 1
cat 1
#
# The server marks what is to go, and deletes it when the session is closed.
rm 1
undelete
close
