"""The gRPC messages of scheduler.v1, from the table of the contract rather than from our .proto file: what the two disagree
about shows in the tests."""

from google.protobuf import descriptor_pb2, descriptor_pool

try:
    from google.protobuf.message_factory import GetMessageClass as message_class
except ImportError:  # protobuf before 4.22
    from google.protobuf.message_factory import MessageFactory

    message_class = MessageFactory().GetPrototype

STRING, INT64, INT32, BOOL = 9, 3, 5, 8  # FieldDescriptorProto.Type; the enums travel as int32 does

# rpc: (request fields, response fields), numbered in order of mention.
RPCS = {
    "Ping": (
        [("caller_role", STRING), ("leader_epoch", INT64)],
        [("worker_id", STRING), ("node_id", STRING), ("observed_leader_epoch", INT64), ("now_unix_ms", INT64)],
    ),
    "GetStatus": (
        [("caller_role", STRING), ("leader_epoch", INT64)],
        [("worker_id", STRING), ("node_id", STRING), ("role", STRING), ("detached", BOOL), ("draining", BOOL), ("load", INT32),
         ("current_job_run_id", STRING), ("observed_leader_epoch", INT64), ("last_heartbeat_unix_ms", INT64)],
    ),
    "StartJob": (
        [("leader_epoch", INT64), ("job_run_id", STRING), ("command_name", STRING), ("args_json", STRING),
         ("timeout_seconds", INT32), ("attempt", INT32)],
        [("result", INT32), ("message", STRING)],
    ),
    "CancelJob": (
        [("leader_epoch", INT64), ("job_run_id", STRING), ("reason", STRING)],
        [("result", INT32), ("message", STRING)],
    ),
    "Drain": ([("leader_epoch", INT64), ("enable", BOOL)], [("draining", BOOL)]),
    "ReloadConfig": (
        [("leader_epoch", INT64), ("requested_by", STRING)],
        [("ok", BOOL), ("message", STRING), ("cache_generation", INT64)],
    ),
    "ConfirmContinuation": (
        [("leader_epoch", INT64), ("worker_id", STRING), ("job_run_id", STRING)],
        [("decision", INT32), ("message", STRING)],
    ),
}

SERVICE = "scheduler.v1.WorkerService"

ACCEPTED, OLD_EPOCH, DETACHED, DRAINING, ALREADY_RUNNING, INVALID = 1, 2, 3, 4, 5, 6
CANCEL_ACCEPTED, CANCEL_OLD_EPOCH, CANCEL_NOT_FOUND = 1, 2, 3


def _classes():
    file = descriptor_pb2.FileDescriptorProto(name="field.proto", package="scheduler.v1", syntax="proto3")
    for rpc, (request, response) in RPCS.items():
        for suffix, fields in (("Request", request), ("Response", response)):
            message = file.message_type.add(name=rpc + suffix)
            for number, (name, kind) in enumerate(fields, start=1):
                message.field.add(name=name, number=number, type=kind, label=1)
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return {
        message.name: message_class(pool.FindMessageTypeByName("scheduler.v1." + message.name)) for message in file.message_type
    }


MESSAGES = _classes()
