# xmlrpc: calls of methods, over HTTP
#
# A method has a name and takes values; what it gives comes back as XML.
connect xmlrpc http://www:8080/RPC2
ls
describe examples.add
#
# --dump shows the XML of the call and of the answer.
call examples.getStateName 41 --dump
close
