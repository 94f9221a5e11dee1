package smtp

import (
	"io"
	"strconv"
	"strings"
)

// A Receipt is what became of a message for one recipient.
type Receipt struct {
	Message int    `json:"message"` // its number among those of the command
	To      string `json:"to"`
	Result  string `json:"result"` // sent, refused, not sent or unknown
	Code    int    `json:"code,omitempty"`
	Status  string `json:"status,omitempty"` // as RFC 3463 has it: "2.1.5"
	Text    string `json:"text,omitempty"`   // the server's last words on it
}

// Report says that a Receipt tells what was done. (verb.Report)
func (Receipt) Report() {}

// receiptOf is the receipt of a result, and of the reply that tells of it.
func receiptOf(number int, to, result string, r Reply) Receipt {
	return Receipt{number, to, result, r.Code, r.enhanced(), r.words()}
}

// Receipts is a verb.Stream of them that writes itself as text.
type Receipts func(yield func(Receipt, error) bool)

// Text writes a line for each receipt, with a TAB between the fields.
func (all Receipts) Text(w io.Writer) (err error) {
	var line []byte
	for r, e := range all {
		if e != nil {
			return e
		}
		line = append(strconv.AppendInt(line[:0], int64(r.Message), 10), '\t')
		line = append(append(line, r.To...), '\t')
		line = append(append(line, r.Result...), '\t')
		line = append(strconv.AppendInt(line, int64(r.Code), 10), '\t')
		line = append(append(line, r.Status...), '\t')
		line = append(append(line, oneField(r.Text)...), '\n')
		if _, err := w.Write(line); err != nil {
			return err
		}
	}
	return nil
}

// oneField keeps what a server says within one field of a line.
func oneField(text string) string {
	if strings.ContainsAny(text, "\t\r\n") {
		text = strings.NewReplacer("\t", `\x09`, "\r", `\x0d`, "\n", `\x0a`).Replace(text)
	}
	return text
}
