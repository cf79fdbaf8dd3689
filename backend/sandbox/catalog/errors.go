package catalog

import "strings"

// What failing runs of the history say. Workers cut the text to 2,000 characters.
const (
	connectionRefused = "exit_code=1\ndjango.db.utils.OperationalError: connection to server at \"10.20.0.14\", port 5432 failed: " +
		"Connection refused\n\tIs the server running on that host and accepting TCP/IP connections?"
	deadlock = "exit_code=1\npsycopg.errors.DeadlockDetected: deadlock detected\nDETAIL:  Process 28114 waits for ShareLock on " +
		"transaction 9184201; blocked by process 28090.\nHINT:  See server log for query details."
	gateway     = "exit_code=1\nrequests.exceptions.HTTPError: 502 Server Error: Bad Gateway for url: https://stock.example/api/v2/levels"
	readTimeout = "exit_code=1\nrequests.exceptions.ReadTimeout: HTTPSConnectionPool(host='rates.example', port=443): " +
		"Read timed out. (read timeout=10)"
	rateLimit   = "exit_code=1\nRuntimeError: 429 Too Many Requests; Retry-After: 60"
	smtp        = "exit_code=1\nsmtplib.SMTPServerDisconnected: Connection unexpectedly closed"
	diskQuota   = "exit_code=1\nOSError: [Errno 122] Disk quota exceeded: '/var/spool/export/part-000117.csv'"
	outOfMemory = "exit_code=-9"
	badEncoding = "exit_code=1\nUnicodeDecodeError: 'utf-8' codec can't decode byte 0x83 in position 0: invalid start byte (Shift_JIS の可能性)"

	partnerTraceback = `exit_code=3
Traceback (most recent call last):
  File "/srv/app/manage.py", line 22, in <module>
    main()
  File "/srv/app/partner/management/commands/partner_feed.py", line 88, in handle
    for item in parse_feed(self.fetch(options["feed"])):
  File "/srv/app/partner/feed.py", line 41, in parse_feed
    raise FeedError(f"unexpected element {tag!r} at line {line}")
partner.feed.FeedError: unexpected element 'preis' at line 1284`
)

// HostileErrors are texts that a screen must show as text: markup, control sequences, reversed and invisible characters.
var HostileErrors = []string{
	"exit_code=66\n<script>alert(document.cookie)</script><svg onload=alert(1)>",
	"exit_code=66\n\x1b[31mred\x1b[0m \x1b]0;title\x07 \x1b[2J\x1b[Hcleared",
	"exit_code=66\nrun\u202Etxt.exe\u202C and zero\u200Bwidth\u2060joiners\ufeff",
	"exit_code=66\n=cmd|'/c calc'!A1\t@SUM(1+1)\r\noverwritten\rline",
	"exit_code=66\n{{7*7}} ${7*7} %s %n ' or '1'='1",
	"exit_code=66\n" + strings.Repeat("ﷺ", 120) + "Z̷͙̗̻͖̣̹͉̫̬̪̖̤͆ͤ̓ͫͭ̀̐͜͞ͅͅalgo",
}

// HugeError is a text of more than a mebibyte, as a worker that does not cut would write it.
func HugeError() string {
	return "exit_code=1\n" + strings.Repeat("java.lang.IllegalStateException: 注文の状態が不正です at com.example.Order.ship(Order.java:214)\n", 11000)
}
