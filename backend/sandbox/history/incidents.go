package history

import "time"

// incident is a bad time that an operator finds again in the charts.
type incident struct {
	daysAgo  int
	at       time.Duration // after midnight UTC
	lasts    time.Duration
	command  string  // the job it hit; "" = all
	failing  float64 // share of runs that failed meanwhile
	says     string
	slower   float64 // how many times longer runs took
	stopped  bool    // nothing ran: what was due was skipped, or started late
	flapping string  // this node came and went, and lost much of what it had in hand
}

var incidents = []incident{
	{daysAgo: 24, at: 9 * time.Hour, lasts: 40 * time.Minute, flapping: "node-c"},
	{daysAgo: 19, at: 5 * time.Hour, lasts: 27 * time.Minute, stopped: true},
	{daysAgo: 11, at: 2*time.Hour + 10*time.Minute, lasts: 75 * time.Minute, failing: 0.7, slower: 2.5,
		says: "exit_code=1\ndjango.db.utils.OperationalError: FATAL:  the database system is in recovery mode"},
	{daysAgo: 11, at: 3*time.Hour + 25*time.Minute, lasts: 5 * time.Hour, failing: 0.06, slower: 1.6,
		says: "exit_code=1\npsycopg.errors.QueryCanceled: canceling statement due to statement timeout"},
	{daysAgo: 5, at: 1 * time.Hour, lasts: 8 * time.Hour, command: "order_report", failing: 0.95, says: badRelease},
	{daysAgo: 3, at: 7*time.Hour + 40*time.Minute, lasts: 30 * time.Minute, flapping: "node-b", slower: 1.3},
	{daysAgo: 1, at: 21*time.Hour + 12*time.Minute, lasts: 9 * time.Minute, stopped: true},
}

const badRelease = `exit_code=1
Traceback (most recent call last):
  File "/srv/app/manage.py", line 22, in <module>
    main()
  File "/srv/app/shop/management/commands/order_report.py", line 57, in handle
    total += line.price * Decimal(line.tax_rate)
  File "/srv/app/shop/models.py", line 203, in tax_rate
    return RATES[self.tax_class]
           ~~~~~^^^^^^^^^^^^^^^^
KeyError: '軽減税率8%'`

func (i incident) begin(now time.Time) time.Time {
	y, m, d := now.UTC().Date()
	return time.Date(y, m, d-i.daysAgo, 0, 0, 0, 0, time.UTC).Add(i.at)
}

// incidentAt is what was wrong at a moment for a job.
func (p *past) incidentAt(t time.Time, command string) (incident, bool) {
	for _, i := range incidents {
		begin := i.begin(p.Now)
		if !t.Before(begin) && t.Before(begin.Add(i.lasts)) && (i.command == "" || i.command == command) {
			return i, true
		}
	}
	return incident{}, false
}

// lostDuring is when the node that a worker ran on dropped a run, if it did.
func (p *past) lostDuring(node string, from, to time.Time) (time.Time, bool) {
	i, ok := p.incidentAt(from, "")
	if !ok || i.flapping != node || !p.chance(0.4) {
		return time.Time{}, false
	}
	return p.within(from, to), true
}

// stoppedUntil is when the cluster was back, if it stood still at a moment.
func (p *past) stoppedUntil(t time.Time) (time.Time, bool) {
	if i, ok := p.incidentAt(t, ""); ok && i.stopped {
		return i.begin(p.Now).Add(i.lasts), true
	}
	return time.Time{}, false
}
