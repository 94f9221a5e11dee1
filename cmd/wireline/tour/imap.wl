# imap: mail that stays at the server
#
# The mailboxes are there for every program that ann uses, with flags that
# tell what was read. The prompt tells which one is open.
connect imaps://ann:secret@mail:993/
list
cd INBOX
ls
cat 1
#
# The server searches, and keeps the flags.
search subject:welcome
flag 1 +flagged
ls
close
