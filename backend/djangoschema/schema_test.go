package djangoschema_test

import (
	"crypto/md5" // Django's names hold an MD5 prefix
	"encoding/hex"
	"slices"
	"strings"
	"testing"
)

// columns is the contract's table of every scheduler table: name, type, and "null" where it may be.
var columns = map[string]string{
	"scheduler_job_definitions": `id bigint, name varchar(200), enabled boolean, type varchar(16), command_name varchar(200),
		default_args_json jsonb, schedule jsonb, timeout_seconds integer, max_retries integer, retry_backoff_seconds integer,
		concurrency_policy varchar(16), created_at timestamptz, updated_at timestamptz`,
	"scheduler_job_runs": `id bigint, scheduled_for timestamptz null, assigned_at timestamptz null, assigned_worker_id varchar(128),
		state varchar(16), attempt integer, version integer, leader_epoch bigint null, started_at timestamptz null,
		finished_at timestamptz null, exit_code integer null, error_summary text, log_ref varchar(512),
		idempotency_key varchar(256), continuation_state varchar(16), continuation_check_started_at timestamptz null,
		continuation_check_deadline_at timestamptz null, created_at timestamptz, updated_at timestamptz, job_definition_id bigint,
		resource_cpu_seconds_total float8 null, resource_io_read_bytes bigint null, resource_io_write_bytes bigint null,
		resource_peak_rss_bytes bigint null`,
	"scheduler_events": `id bigint, event_type varchar(128), payload_json jsonb, dedupe_key varchar(256) null,
		created_at timestamptz, processed_at timestamptz null`,
	"scheduler_settings": `id bigint, key varchar(128), value_json jsonb, updated_at timestamptz`,
	"scheduler_setting_help": `id integer, key varchar(128), title varchar(200), description text, impact text, editable boolean,
		input_type varchar(16), enum_values_json jsonb, is_secret boolean, updated_at timestamptz, constraints_json jsonb,
		examples_json jsonb`,
	"scheduler_admin_action_logs": `id bigint, actor varchar(150), action varchar(128), target varchar(256), payload_json jsonb,
		created_at timestamptz`,
	"scheduler_config_reload_requests": `id bigint, requested_by varchar(150), requested_at timestamptz, status varchar(16),
		applied_at timestamptz null, leader_worker_id varchar(128), leader_epoch bigint null, result_json jsonb`,
	"auth_user": `id integer, password varchar(128), last_login timestamptz null, is_superuser boolean, username varchar(150),
		first_name varchar(150), last_name varchar(150), email varchar(254), is_staff boolean, is_active boolean,
		date_joined timestamptz`,
	"auth_group":                 `id integer, name varchar(150)`,
	"auth_permission":            `id integer, name varchar(255), content_type_id integer, codename varchar(100)`,
	"auth_user_groups":           `id bigint, user_id integer, group_id integer`,
	"auth_user_user_permissions": `id bigint, user_id integer, permission_id integer`,
	"auth_group_permissions":     `id bigint, group_id integer, permission_id integer`,
	"django_content_type":        `id integer, app_label varchar(100), model varchar(100)`,
	"django_migrations":          `id bigint, app varchar(255), name varchar(255), applied timestamptz`,
	"django_session":             `session_key varchar(40), session_data text, expire_date timestamptz`,
	"django_admin_log": `id integer, action_time timestamptz, object_id text null, object_repr varchar(200), action_flag smallint,
		change_message text, content_type_id integer null, user_id integer`,
}

func TestColumns(t *testing.T) {
	t.Parallel()
	conn := connect(t)
	tables := texts(t, conn, "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace")
	if len(tables) != len(columns) {
		t.Errorf("%d tables: %q", len(tables), tables)
	}
	for table, want := range columns {
		got := texts(t, conn, `select attname || ' ' || replace(replace(replace(format_type(atttypid, atttypmod),
				'character varying', 'varchar'), 'timestamp with time zone', 'timestamptz'), 'double precision', 'float8')
				|| case when attnotnull then '' else ' null' end
			from pg_attribute where attrelid = '`+table+`'::regclass and attnum > 0 order by attnum`)
		if want := strings.Split(strings.Join(strings.Fields(want), " "), ", "); !slices.Equal(got, want) {
			t.Errorf("%s:\n got %q\nwant %q", table, got, want)
		}
	}
}

func TestNothingButIdsHasADefault(t *testing.T) {
	t.Parallel()
	conn := connect(t)
	if got := texts(t, conn, "select table_name || '.' || column_name from information_schema.columns where table_schema = 'public' and column_default is not null"); len(got) > 0 {
		t.Errorf("columns with a default: %q", got)
	}
	got := texts(t, conn, `select table_name::text from information_schema.columns where table_schema = 'public' and column_name = 'id'
		and (identity_generation is distinct from 'BY DEFAULT' or pg_get_serial_sequence(table_name, 'id') is distinct from 'public.' || table_name || '_id_seq')`)
	if len(got) > 0 {
		t.Errorf("ids without Django's identity: %q", got)
	}
}

func TestForeignKeysAreDjangos(t *testing.T) {
	t.Parallel()
	conn := connect(t)
	got := texts(t, conn, `select conrelid::regclass || '.' || attname || ' -> ' || confrelid::regclass || ' ' || conname
		from pg_constraint join pg_attribute on attrelid = conrelid and attnum = conkey[1]
		where contype = 'f' order by 1`)
	want := []string{
		"auth_group_permissions.group_id -> auth_group auth_group_permissions_group_id_b120cbf9_fk_auth_group_id",
		"auth_group_permissions.permission_id -> auth_permission auth_group_permissio_permission_id_84c5c92e_fk_auth_perm",
		"auth_permission.content_type_id -> django_content_type auth_permission_content_type_id_2f476e4b_fk_django_co",
		"auth_user_groups.group_id -> auth_group auth_user_groups_group_id_97559544_fk_auth_group_id",
		"auth_user_groups.user_id -> auth_user auth_user_groups_user_id_6a12ed8b_fk_auth_user_id",
		"auth_user_user_permissions.permission_id -> auth_permission auth_user_user_permi_permission_id_1fbb5f2c_fk_auth_perm",
		"auth_user_user_permissions.user_id -> auth_user auth_user_user_permissions_user_id_a95ead1b_fk_auth_user_id",
		"django_admin_log.content_type_id -> django_content_type django_admin_log_content_type_id_c4bce8eb_fk_django_co",
		"django_admin_log.user_id -> auth_user django_admin_log_user_id_c564eba6_fk_auth_user_id",
		"scheduler_job_runs.job_definition_id -> scheduler_job_definitions scheduler_job_runs_job_definition_id_976fc8d7_fk_scheduler",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	if strict := texts(t, conn, `select conname::text from pg_constraint where contype = 'f'
		and not (condeferrable and condeferred and confdeltype = 'a' and confupdtype = 'a')`); len(strict) > 0 {
		t.Errorf("not deferrable, or with an action: %q", strict)
	}
}

func TestIndexes(t *testing.T) {
	t.Parallel()
	conn := connect(t)
	got := texts(t, conn, `select indexname || ' ' || regexp_replace(indexdef, '^CREATE (UNIQUE )?INDEX .* ON public\.\w+ USING btree ', '\1')
		from pg_indexes where schemaname = 'public' and tablename like 'scheduler%' order by indexname collate "C"`)
	want := []string{
		"sched_audit_action (action)",
		"sched_audit_created_at (created_at)",
		"sched_event_proc_created (processed_at, created_at)",
		"sched_jobdef_enabled (enabled)",
		"sched_jobdef_type (type)",
		"sched_jobrun_created_at (created_at)",
		"sched_jobrun_state_scheduled (state, scheduled_for)",
		"sched_jobrun_unique_schedule UNIQUE (job_definition_id, scheduled_for)",
		"sched_jobrun_worker_state (assigned_worker_id, state)",
		"sched_reload_requested_at (requested_at)",
		"sched_reload_status_req (status, requested_at)",
		"scheduler_admin_action_logs_pkey UNIQUE (id)",
		"scheduler_config_reload_requests_pkey UNIQUE (id)",
		"scheduler_events_pkey UNIQUE (id)",
		"scheduler_job_definitions_pkey UNIQUE (id)",
		"scheduler_job_runs_job_definition_id_976fc8d7 (job_definition_id)",
		"scheduler_job_runs_pkey UNIQUE (id)",
		"scheduler_setting_help_key_714b2898_like (key varchar_pattern_ops)",
		"scheduler_setting_help_key_key UNIQUE (key)",
		"scheduler_setting_help_pkey UNIQUE (id)",
		"scheduler_settings_key_6e529908_like (key varchar_pattern_ops)",
		"scheduler_settings_key_key UNIQUE (key)",
		"scheduler_settings_pkey UNIQUE (id)",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

// Every name with a hash in it follows the rule by which Django makes them: eight digits of the MD5 of table and columns.
func TestHashedNamesFollowDjangosRule(t *testing.T) {
	t.Parallel()
	conn := connect(t)
	rows := texts(t, conn, `select c.relname || ' ' || i.relname || ' ' || string_agg(a.attname, ' ' order by k.n)
		from pg_index x join pg_class i on i.oid = indexrelid join pg_class c on c.oid = indrelid
		cross join unnest(indkey) with ordinality as k (attnum, n)
		join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum
		where c.relnamespace = 'public'::regnamespace and i.relname ~ '_[0-9a-f]{8}(_|$)' group by c.relname, i.relname
		union all
		select c.relname || ' ' || conname || ' ' || attname from pg_constraint join pg_class c on c.oid = conrelid
		join pg_attribute on attrelid = conrelid and attnum = conkey[1] where contype = 'f'`)
	if len(rows) < 20 {
		t.Fatalf("only %d names have a hash", len(rows))
	}
	for _, row := range rows {
		field := strings.Fields(row)
		sum := md5.Sum([]byte(field[0] + strings.Join(field[2:], "")))
		if digits := hex.EncodeToString(sum[:])[:8]; !strings.Contains(field[1], "_"+digits) {
			t.Errorf("%s of %s should hold %s", field[1], field[0], digits)
		}
	}
}
