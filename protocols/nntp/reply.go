package nntp

import (
	"strconv"
	"strings"

	"wireline/protocols/fault"
)

// A reply is the first line of what a server answers (RFC 3977, section 3.2).
type reply struct {
	code int
	text string
}

// parseReply reads a line without its end.
func parseReply(line string) (reply, bool) {
	if len(line) < 3 || len(line) > 3 && line[3] != ' ' {
		return reply{}, false
	}
	code, err := strconv.ParseUint(line[:3], 10, 16)
	if err != nil || code < 100 || code > 599 {
		return reply{}, false
	}
	return reply{int(code), strings.TrimSpace(line[3:])}, true
}

// What servers answer, as far as it is asked for by name (RFC 3977, appendix
// C; RFC 4643; RFC 8054).
const (
	helpFollows     = 100
	capsFollow      = 101
	dateIs          = 111
	postingAllowed  = 200
	postingNot      = 201
	closing         = 205
	compressing     = 206
	groupIs         = 211
	listFollows     = 215
	articleFollows  = 220
	headFollows     = 221
	bodyFollows     = 222
	articleIs       = 223
	overFollows     = 224
	hdrFollows      = 225
	newnewsFollows  = 230
	newgroupsFollow = 231
	transferred     = 235
	posted          = 240
	loggedIn        = 281
	loggedInData    = 283
	sendArticle     = 335
	sendPost        = 340
	sendPassword    = 381
	challenged      = 383
	goingAway       = 400
	modeWanted      = 401
	loginWanted     = 480
	privacyWanted   = 483
	unknownCommand  = 500
)

// kindOf is the class of a refusal of cmd.
func kindOf(code int, cmd string) *fault.Kind {
	switch code {
	case goingAway:
		return fault.Recv
	case 411:
		return fault.Denied
	case 412:
		return fault.Usage
	case 420, 421, 422, 423, 430:
		return fault.NotFound
	case loginWanted, 481:
		return fault.Login
	case 482, 504:
		return fault.Protocol
	case privacyWanted, 580:
		return fault.TLSRequired
	case modeWanted, unknownCommand, 503:
		return fault.Unsupported
	case 502:
		if cmd == "AUTHINFO" {
			return fault.Login
		}
		return fault.Denied
	}
	if code < 400 {
		return fault.Protocol
	}
	return fault.Refused
}

// hintOf is what may be tried after a refusal.
func hintOf(code int, cmd string) string {
	switch code {
	case 411:
		return "ls 'PATTERN' lists the groups whose names are like it"
	case 412:
		return "cd GROUP goes to a group"
	case loginWanted, 481:
		return "login -u NAME logs in"
	case privacyWanted:
		return "starttls, --tls require or nntps:// hide what is said"
	case unknownCommand, 503:
		return "caps shows what the server can"
	case 440:
		return "info shows whether the server takes articles"
	case 421, 422, 423:
		if cmd == "STAT" || cmd == "NEXT" || cmd == "LAST" {
			return ""
		}
		return "ls shows the articles of a group"
	}
	return ""
}
