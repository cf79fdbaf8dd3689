"""What a scheduler in the field does as a worker: the gRPC service and the one run in hand."""

import json
import os
import signal
import subprocess
import threading
import time
from concurrent import futures

import grpc
import psycopg2

import wire

FINAL = ("SUCCEEDED", "FAILED", "CANCELED", "SKIPPED", "TIMED_OUT")


class Worker:
    """Serves WorkerService. `member` tells role and epoch."""

    def __init__(self, options, member):
        self.options, self.member = options, member
        self.lock = threading.Lock()
        self.current, self.process, self.draining, self.generation = None, None, False, 0

    def serve(self):
        handlers = {
            rpc: grpc.unary_unary_rpc_method_handler(
                getattr(self, rpc),
                request_deserializer=wire.MESSAGES[rpc + "Request"].FromString,
                response_serializer=lambda m: m.SerializeToString(),
            )
            for rpc in wire.RPCS
        }
        self.server = server = grpc.server(futures.ThreadPoolExecutor(max_workers=16))  # lives as long as somebody refers to it
        server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(wire.SERVICE, handlers),))
        cert, key = open(self.options.cert, "rb").read(), open(self.options.key, "rb").read()
        credentials = grpc.ssl_server_credentials([(key, cert)], root_certificates=cert, require_client_auth=True)
        port = server.add_secure_port("127.0.0.1:0", credentials)
        server.start()
        return port

    def Ping(self, request, context):
        return wire.MESSAGES["PingResponse"](
            worker_id=self.options.id, node_id=self.options.node_id, observed_leader_epoch=self.member.epoch,
            now_unix_ms=int(time.time() * 1000))

    def GetStatus(self, request, context):
        return wire.MESSAGES["GetStatusResponse"](
            worker_id=self.options.id, node_id=self.options.node_id, role=self.member.role, detached=False,
            draining=self.draining, load=1 if self.current else 0, current_job_run_id=str(self.current or ""),
            observed_leader_epoch=self.member.epoch, last_heartbeat_unix_ms=int(time.time() * 1000))

    def StartJob(self, request, context):
        answer = wire.MESSAGES["StartJobResponse"]
        if request.leader_epoch < self.member.epoch:
            return answer(result=wire.OLD_EPOCH, message="old epoch")
        if self.draining:
            return answer(result=wire.DRAINING, message="draining")
        with self.lock:
            if self.current:
                return answer(result=wire.ALREADY_RUNNING, message="busy")
            if not request.job_run_id.isdigit() or not request.command_name:
                return answer(result=wire.INVALID, message="invalid")
            if not isinstance(json.loads(request.args_json or "{}"), (dict, list)):
                return answer(result=wire.INVALID, message="args_json")
            run = int(request.job_run_id)
            if not self.take(run, request.leader_epoch, request.attempt):
                return answer(result=wire.INVALID, message="not assigned to this worker")
            self.current = run
        env = dict(os.environ, SCHEDULER_ARGS_JSON=request.args_json, SCHEDULER_JOB_RUN_ID=str(run),
                   SCHEDULER_WORKER_ID=self.options.id)
        self.process = subprocess.Popen(["/bin/sh", "-c", request.command_name], env=env, stdin=subprocess.DEVNULL,
                                        stdout=open(self.log(run), "ab"), stderr=subprocess.STDOUT)
        threading.Thread(target=self.wait, args=(run, request.timeout_seconds), daemon=True).start()
        return answer(result=wire.ACCEPTED)

    def log(self, run):
        return os.path.join(self.options.logs, f"jobrun_{run}.log")

    def take(self, run, epoch, attempt):
        with psycopg2.connect(self.options.postgres) as db, db.cursor() as sql:
            sql.execute("select state, assigned_worker_id, coalesce(leader_epoch, 0) from scheduler_job_runs where id = %s for update", (run,))
            row = sql.fetchone()
            if row is None or row[0] != "ASSIGNED" or row[1] != self.options.id or row[2] > epoch:
                return False
            sql.execute("""update scheduler_job_runs set state = 'RUNNING', started_at = now(), attempt = %s, log_ref = %s,
                           version = version + 1, updated_at = now() where id = %s""", (attempt, self.log(run), run))
        return True

    def wait(self, run, timeout):
        try:
            code = self.process.wait(timeout or None)
            state = "SUCCEEDED" if code == 0 else "FAILED"
            summary = "" if code == 0 else f"exit_code={code}"
        except subprocess.TimeoutExpired:
            self.process.terminate()
            code, state, summary = self.process.wait(), "TIMED_OUT", "timed out"
        self.finish(run, state, code, summary)
        self.current = None

    def finish(self, run, state, code, summary):
        with psycopg2.connect(self.options.postgres) as db, db.cursor() as sql:
            sql.execute("""update scheduler_job_runs set state = %s, finished_at = now(), exit_code = %s, error_summary = %s,
                           version = version + 1, updated_at = now()
                           where id = %s and assigned_worker_id in ('', %s) and state <> all(%s)""",
                        (state, code, summary, run, self.options.id, list(FINAL)))

    def CancelJob(self, request, context):
        answer = wire.MESSAGES["CancelJobResponse"]
        if request.leader_epoch < self.member.epoch:
            return answer(result=wire.CANCEL_OLD_EPOCH, message="old epoch")
        if not self.current or request.job_run_id != str(self.current):
            return answer(result=wire.CANCEL_NOT_FOUND, message="not running here")
        self.process.send_signal(signal.SIGTERM)
        self.finish(self.current, "CANCELED", None, request.reason or "canceled")
        return answer(result=wire.CANCEL_ACCEPTED)

    def Drain(self, request, context):
        self.draining = request.enable
        return wire.MESSAGES["DrainResponse"](draining=self.draining)

    def ReloadConfig(self, request, context):
        if request.leader_epoch < self.member.epoch:
            return wire.MESSAGES["ReloadConfigResponse"](ok=False, message="old epoch", cache_generation=self.generation)
        self.generation += 1
        return wire.MESSAGES["ReloadConfigResponse"](ok=True, cache_generation=self.generation)

    def ConfirmContinuation(self, request, context):
        return wire.MESSAGES["ConfirmContinuationResponse"]()  # the field has not implemented it
