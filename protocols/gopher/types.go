package gopher

// A kind is what can be done with an item.
type kind int

const (
	asBytes     kind = iota // fetched until the server closes; also types not heard of
	asText                  // fetched up to a line with a dot
	asMenu                  // listed
	asSearch                // listed, once there are words to search for
	asPeople                // asked about people, once there are words to look for
	asElsewhere             // spoken to in another protocol
	asNothing               // there is nothing to fetch
)

// A class is what is known of a type of items.
type class struct {
	word  string // for people
	kind  kind
	media string // media type of what is fetched, or a range of them
}

// classes are the types of RFC 1436, section 3.8, those of Gopher+, and those
// that have come into use since.
var classes = [128]class{
	'0': {"text", asText, "text/plain"},
	'1': {"menu", asMenu, "text/plain"},
	'2': {"cso", asPeople, "text/plain"},
	'3': {"error", asNothing, ""},
	'4': {"binhex", asText, "application/mac-binhex40"},
	'5': {"archive", asBytes, ""},
	'6': {"uucode", asText, "text/plain"},
	'7': {"search", asSearch, "text/plain"},
	'8': {"telnet", asElsewhere, ""},
	'9': {"binary", asBytes, ""},
	'T': {"tn3270", asElsewhere, ""},
	'g': {"gif", asBytes, "image/gif"},
	'I': {"image", asBytes, "image/*"},
	'p': {"image", asBytes, "image/png"},
	':': {"image", asBytes, "image/*"},
	's': {"sound", asBytes, "audio/*"},
	'<': {"sound", asBytes, "audio/*"},
	';': {"video", asBytes, "video/*"},
	'h': {"html", asBytes, "text/html"},
	'i': {"info", asNothing, ""},
	'd': {"doc", asBytes, ""},
	'P': {"pdf", asBytes, "application/pdf"},
	'r': {"rtf", asBytes, "application/rtf"},
	'X': {"xml", asBytes, "text/xml"},
	'M': {"mail", asBytes, "message/rfc822"},
	'c': {"dates", asBytes, ""},
	'e': {"event", asBytes, ""},
	'w': {"whois", asElsewhere, ""},
	'q': {"query", asSearch, "text/plain"},
	'+': {"again", asMenu, ""}, // where the type before it is not known
}

// known reports whether a type is in the table.
func known(typ byte) bool { return typ < 128 && classes[typ].word != "" }

func classOf(typ byte) class {
	if known(typ) {
		return classes[typ]
	}
	return class{"type " + string(rune(typ)), asBytes, ""}
}
