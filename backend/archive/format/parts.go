package format

import (
	"slices"
	"strings"
)

// Part is a table whose rows are digested.
type Part struct {
	Name    string
	Columns []string
	Words   []int // the columns that hold ids of words
	Key     int   // how many of the columns are the key, by which the rows are ordered
	Streams bool  // its rows are added in their order, so that they are digested as they come
	// Numbered says that the key counts the rows, from 1.
	Numbered bool
	Since    int // the format's version that it came with
}

func part(name string, key int, columns string, words ...string) Part {
	p := Part{Name: name, Columns: strings.Fields(columns), Key: key, Since: 1}
	for i, c := range p.Columns {
		for _, w := range words {
			if c == w {
				p.Words = append(p.Words, i)
			}
		}
	}
	return p
}

func streams(p Part) Part {
	p.Streams = true
	return p
}

func numbered(p Part) Part {
	p.Numbered = true
	return p
}

func second(p Part) Part {
	p.Since = 2
	return p
}

// The parts of an archive. Every table is one but for those that hold digests and signatures, and for the words, which stand
// in the rows that name them.
var (
	Meta = part("meta", 1, "key value")
	Job  = part("job", 1, `id name enabled type command default_args args_masked schedule timeout_seconds max_retries
		retry_backoff_seconds concurrency_policy created_at updated_at`)
	Run = numbered(streams(part("run", 1, `n id job_id scheduled_for assigned_at worker state attempt version leader_epoch started_at finished_at
		exit_code error log_ref idempotency_key cpu_seconds peak_rss_bytes io_read_bytes io_write_bytes continuation confirming_since
		confirming_deadline created_at updated_at`, "worker", "state", "continuation")))
	RunArgs     = part("run_args", 1, "run_id args")
	Attempt     = part("attempt", 2, "run_id attempt worker_id leader_epoch started_at ended_at outcome exit_code note log_ref log_gone")
	Log         = numbered(streams(part("log", 1, "id run_id attempt last_seq size chunks text")))
	Event       = streams(part("event", 1, "id type payload size dedupe_key created_at processed_at"))
	Setting     = part("setting", 1, "key value secret updated_at")
	SettingHelp = part("setting_help", 1, "key title description impact editable input choices min max examples secret")
	Reload      = part("reload", 1, "id requested_by requested_at status applied_at leader_id leader_epoch result")
	Audit       = numbered(streams(part("audit", 1, "n id actor action target detail size created_at written")))
	Chain       = part("chain", 1, "audit_id login by_gate seq digest")
	Seal        = part("seal", 1, "seq sealed_at sealed_by digest")
	Term        = part("term", 1, "epoch worker_id since")
	Recording   = part("recording", 1, "id topic since until every source")
	Sample      = part("sample", 5, "kind recording frame at key doc")
	Note        = part("note", 1, "n at author text")

	Span          = part("span", 1, "start first_n last_n last_end first_due last_due most_attempts")
	SpanState     = part("span_state", 2, "start state runs late", "state")
	SpanHistogram = part("span_histogram", 3, "start kind bucket runs")
	DayHistogram  = part("day_histogram", 3, "day kind bucket runs")
	JobDay        = part("job_day", 3, "day job_id state runs seconds", "state")
	Epoch         = part("epoch", 1, "epoch first_n last_n first_assigned")
	SearchData    = part("error_text_data", 1, "id block")
	SearchIndex   = part("error_text_idx", 2, "segid term pgno")
	SearchConfig  = part("error_text_config", 1, "k v")

	DayState     = second(part("day_state", 2, "day state runs late", "state"))
	JobHistogram = second(part("job_histogram", 2, "job_id bucket runs"))
	LogData      = second(part("log_text_data", 1, "id block"))
	LogIndex     = second(part("log_text_idx", 2, "segid term pgno"))
	LogConfig    = second(part("log_text_config", 1, "k v"))
)

// parts lists them in the order in which they are written and checked: what is small and says most comes first.
var parts = []Part{
	Meta, Job, Setting, SettingHelp, Reload, Term, Note, Seal, Span, SpanState, SpanHistogram, DayState, DayHistogram, JobDay, JobHistogram, Epoch,
	Audit, Chain, Event, Recording, Sample, Attempt, RunArgs, Run, Log, SearchConfig, SearchIndex, SearchData, LogConfig, LogIndex, LogData,
}

// Parts are those that archives of a version have.
func Parts(version int) []Part {
	return slices.DeleteFunc(slices.Clone(parts), func(p Part) bool { return p.Since > version })
}

// InsertSQL adds rows of a part, several with one statement.
func (p Part) InsertSQL(rows int) string {
	row := "(?" + strings.Repeat(", ?", len(p.Columns)-1) + ")"
	return "insert into " + p.Name + " (" + p.list() + ") values " + row + strings.Repeat(", "+row, rows-1)
}

// SelectSQL gives a part's rows in their order, from an offset of segments on, as far as limit.
func (p Part) SelectSQL() string {
	return "select " + p.list() + " from " + p.Name + " order by " + quoted(p.Columns[:p.Key])
}

// SelectRangeSQL gives the rows of a numbered part behind one number, as far as another.
func (p Part) SelectRangeSQL() string {
	key := quoted(p.Columns[:p.Key])
	return "select " + p.list() + " from " + p.Name + " where " + key + " > ? and " + key + " <= ? order by " + key
}

func (p Part) list() string { return quoted(p.Columns) }

func quoted(columns []string) string { return `"` + strings.Join(columns, `", "`) + `"` }
