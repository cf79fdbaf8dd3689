"""What a scheduler in the field does while it leads: one transaction with every tick, then calls."""

import grpc
import psycopg2

import wire

LOST = """state = 'ORPHANED', assigned_worker_id = '', assigned_at = null, started_at = null, finished_at = null, exit_code = null,
          continuation_state = 'NONE', continuation_check_started_at = null, continuation_check_deadline_at = null,
          attempt = attempt + 1, version = version + 1, updated_at = now(),
          error_summary = concat_ws(E'\\n', nullif(error_summary, ''), %s)"""
DOUBTED = """continuation_state = 'CONFIRMING', continuation_check_started_at = now(),
             continuation_check_deadline_at = now() + %s * interval '1 second', version = version + 1, updated_at = now()"""
WEIGHTS = {"leader": 1, "subleader": 2, "worker": 3}


class Leading:
    def __init__(self, options, fleet):
        self.options, self.fleet, self.turn = options, fleet, 0
        cert, key = open(options.cert, "rb").read(), open(options.key, "rb").read()
        self.credentials = grpc.ssl_channel_credentials(root_certificates=cert, private_key=key, certificate_chain=cert)

    def tick(self, epoch):
        workers = self.fleet()  # id: (address, role)
        with psycopg2.connect(self.options.postgres) as db, db.cursor() as sql:
            self.sweep(sql, list(workers), epoch)
            self.create_slots(sql)
            self.assign(sql, workers, epoch)
        self.dispatch(workers, epoch)
        self.reconcile(workers, epoch)

    def sweep(self, sql, active, epoch):
        sql.execute("""update scheduler_job_runs set state = 'SKIPPED', assigned_worker_id = '', assigned_at = null,
                       finished_at = now(), leader_epoch = %s, error_summary = 'skipped: scheduled_for too old (field)',
                       version = version + 1, updated_at = now()
                       where id in (select id from scheduler_job_runs where state in ('PENDING', 'ORPHANED', 'ASSIGNED')
                       and scheduled_for < now() - interval '300 seconds' limit 500 for update skip locked)""", (epoch,))
        locked = "id in (select id from scheduler_job_runs where {} for update skip locked)"
        sql.execute(f"update scheduler_job_runs set {LOST} where " + locked.format(
            "state = 'ASSIGNED' and assigned_at < now() - %s * interval '1 second' and assigned_worker_id <> all(%s)"),
            ("orphaned: assigned worker inactive", self.options.reassign_after, active))
        sql.execute(f"update scheduler_job_runs set {DOUBTED} where " + locked.format(
            "state = 'RUNNING' and continuation_state = 'NONE' and assigned_worker_id <> all(%s)"),
            (self.options.confirm, active))
        sql.execute(f"update scheduler_job_runs set {LOST} where " + locked.format(
            """state = 'RUNNING' and continuation_state = 'CONFIRMING' and continuation_check_deadline_at < now()
               and assigned_worker_id <> all(%s)"""), ("orphaned: confirming deadline exceeded", active))

    def create_slots(self, sql):
        """Only schedules that the tests use: {"kind": "every_n_minutes", "n": N}."""
        sql.execute("""insert into scheduler_job_runs (job_definition_id, scheduled_for, state, assigned_worker_id, attempt, version,
                       error_summary, log_ref, idempotency_key, continuation_state, created_at, updated_at)
                       select d.id, slot, 'PENDING', '', 0, 0, '', '', '', 'NONE', now(), now()
                       from scheduler_job_definitions d, generate_series(date_trunc('minute', now()),
                            date_trunc('minute', now() + %s * interval '1 second'), interval '1 minute') slot
                       where d.enabled and d.type = 'time' and d.schedule->>'kind' = 'every_n_minutes'
                         and extract(minute from slot)::int %% (d.schedule->>'n')::int = 0
                       on conflict do nothing""", (self.options.assign_ahead,))

    def assign(self, sql, workers, epoch):
        sql.execute("""select assigned_worker_id, count(*) filter (where state = 'ASSIGNED') + 2 * count(*) filter (where state = 'RUNNING')
                       from scheduler_job_runs where state in ('ASSIGNED', 'RUNNING') group by 1""")
        load = dict(sql.fetchall())
        sql.execute("""select id from scheduler_job_runs where state in ('PENDING', 'ORPHANED')
                       and scheduled_for <= greatest(now(), date_trunc('minute', now() + %s * interval '1 second'))
                       order by scheduled_for, id limit 500 for update skip locked""", (self.options.assign_ahead,))
        for (run,) in sql.fetchall():
            best = min(workers, key=lambda w: (load.get(w, 0) / WEIGHTS[workers[w][1]], w), default=None)
            if best is None:
                return
            load[best] = load.get(best, 0) + 1
            sql.execute("""update scheduler_job_runs set state = 'ASSIGNED', assigned_worker_id = %s, assigned_at = now(),
                           leader_epoch = %s, version = version + 1, updated_at = now() where id = %s""", (best, epoch, run))

    def dispatch(self, workers, epoch):
        with psycopg2.connect(self.options.postgres) as db, db.cursor() as sql:
            sql.execute("""select r.id, r.assigned_worker_id, r.attempt, d.command_name, d.default_args_json::text, d.timeout_seconds
                           from scheduler_job_runs r join scheduler_job_definitions d on d.id = r.job_definition_id
                           where r.state = 'ASSIGNED' order by r.scheduled_for, r.id limit 20""")
            runs = sql.fetchall()
        calls = 0
        for run, worker, attempt, command, args, timeout in runs:
            if worker in workers and calls < 5:
                calls += 1
                self.call(workers[worker][0], "StartJob", 1.0, leader_epoch=epoch, job_run_id=str(run), command_name=command,
                          args_json=args, timeout_seconds=timeout, attempt=attempt)

    def reconcile(self, workers, epoch):
        """Two workers a tick: what they don't have in hand is doubted, and lost at the deadline."""
        ids = sorted(workers)
        for _ in range(min(2, len(ids))):
            self.turn += 1
            worker = ids[self.turn % len(ids)]
            status = self.call(workers[worker][0], "GetStatus", 0.5, caller_role="leader", leader_epoch=epoch)
            if status is None:
                continue
            with psycopg2.connect(self.options.postgres) as db, db.cursor() as sql:
                other = "assigned_worker_id = %s and state = 'RUNNING' and id::text <> %s and started_at < now() - interval '2 seconds'"
                sql.execute(f"update scheduler_job_runs set {DOUBTED} where continuation_state = 'NONE' and {other}",
                            (self.options.confirm, worker, status.current_job_run_id))
                sql.execute(f"""update scheduler_job_runs set {LOST} where continuation_state = 'CONFIRMING'
                                and continuation_check_deadline_at < now() and {other}""",
                            ("orphaned: confirming deadline exceeded (worker status mismatch)", worker, status.current_job_run_id))

    def call(self, address, rpc, timeout, **fields):
        """A new channel a call, no retries. None if there was no answer."""
        channel = grpc.secure_channel(address, self.credentials)
        try:
            method = channel.unary_unary(
                f"/{wire.SERVICE}/{rpc}", request_serializer=lambda m: m.SerializeToString(),
                response_deserializer=wire.MESSAGES[rpc + "Response"].FromString)
            return method(wire.MESSAGES[rpc + "Request"](**fields), timeout=timeout)
        except grpc.RpcError:
            return None
        finally:
            channel.close()
