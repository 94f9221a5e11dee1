package playground

import (
	"strings"
	"testing"
)

const pythonFTP = `
import ftplib, io, ssl, sys
host, port = sys.argv[1].rsplit(':', 1)
ctx = ssl.create_default_context(cafile=sys.argv[2])

for make in (lambda: ftplib.FTP(), lambda: ftplib.FTP_TLS(context=ctx)):
    f = make()
    f.connect(host, int(port), timeout=10)
    f.login('ann', 'secret')
    if isinstance(f, ftplib.FTP_TLS):
        f.prot_p()
    names = {n: facts['type'] for n, facts in f.mlsd('/')}
    assert names['README'] == 'file' and names['pub'] == 'dir', names
    f.cwd('pub')
    assert f.pwd() == '/pub'
    f.mkd('new')
    f.storbinary('STOR new/x.bin', io.BytesIO(bytes(range(256)) * 10))
    assert f.size('new/x.bin') == 2560
    out = io.BytesIO()
    f.retrbinary('RETR new/x.bin', out.write, rest=256)
    assert out.getvalue() == bytes(range(256)) * 9
    f.storbinary('APPE new/x.bin', io.BytesIO(b'more'))
    f.rename('new/x.bin', 'new/y.bin')
    assert f.size('new/y.bin') == 2564
    f.set_pasv(False)
    assert 'new/y.bin' in [n if '/' in n else 'new/' + n for n in f.nlst('new')]
    try:
        f.rmd('new')
        raise SystemExit('a directory with something in it was removed')
    except ftplib.error_perm:
        pass
    f.delete('new/y.bin')
    f.rmd('new')
    f.quit()

a = ftplib.FTP()
a.connect(host, int(port), timeout=10)
a.login()
try:
    a.storbinary('STOR x', io.BytesIO(b'x'))
    raise SystemExit('anonymous may write')
except ftplib.error_perm:
    pass
print('well')
`

// Python's ftplib takes it for a server of its kind.
func TestFTPPython(t *testing.T) {
	w := start(t, Options{})
	caFile, err := w.CAFile()
	if err != nil {
		t.Fatal(err)
	}
	if got := run(t, "python3", "-c", pythonFTP, w.Map("tcp", "ftp:21"), caFile); got != "well\n" {
		t.Error(got)
	}
}

// What FTP stores, HTTP serves.
func TestFTPAndHTTP(t *testing.T) {
	w := start(t, Options{})
	run(t, "curl", "-sS", "--noproxy", "*", "-u", User+":"+Password, "-T", "ftp.go", "ftp://"+w.Map("tcp", "ftp:21")+"/pub/code.go")
	if got := run(t, "curl", "-sS", "--noproxy", "*", "http://"+w.Map("tcp", "www:80")+"/files/pub/code.go"); !strings.Contains(got, "package playground") {
		t.Errorf("%.80q", got)
	}
}
