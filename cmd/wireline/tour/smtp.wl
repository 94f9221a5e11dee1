# smtp: mail on its way
#
# A reply has a number; caps lists what the server offered after EHLO. Who
# sends and who gets the mail is said first, and may differ from its header.
connect smtp://ann:secret@mail:2525/
caps
mail bob@playground.test
rcpt ann@playground.test
rset
#
# All of it at once; what comes out is in ann's mailbox, by POP3 and by IMAP.
send -f bob@far.test -t ann@playground.test --subject Lunch --body Noon? -v
close
