"""A scheduler process as they are in the field, for tests of clusters in which both kinds live.

It is written from the description of such processes alone, with Debian's Python packages, and shares no line with our
node. It does what they do, defects included: it starts runs before their time, does not read detach flags, writes no
hash and leaves a killed worker's command behind."""

import argparse
import os
import sys
import time

import redis

import execution
import leading

LEADER, SUB, EPOCH = "scheduler:leader:lock", "scheduler:subleader:lock", "scheduler:leader:epoch"
RENEW = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('pexpire', KEYS[1], ARGV[2]) end return 0"
RELEASE = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0"


class Member:
    """Beats and stands for election, in the order that a compatible node must copy."""

    def __init__(self, options):
        self.options, self.role, self.epoch, self.port = options, "worker", 0, 0
        self.redis = redis.Redis(unix_socket_path=options.redis, db=options.redis_db, password=options.redis_password or None,
                                 decode_responses=True)
        self.leading = leading.Leading(options, self.fleet)

    def run(self):
        self.port = execution.Worker(self.options, self).serve()
        while True:
            try:
                self.step()
            except Exception as problem:  # a server is away: the next tick tries again
                print("tick failed:", problem, file=sys.stderr, flush=True)
            time.sleep(self.options.tick)

    def step(self):
        self.beat()
        self.epoch = int(self.redis.get(EPOCH) or 0)
        holder = self.redis.get(LEADER)
        if holder == self.options.id and self.role != "leader":
            self.become_leader()
        if self.role == "leader":
            if not self.renew(LEADER):
                self.role = "worker"
        else:
            is_sub = self.renew(SUB) or self.acquire(SUB)
            self.role = "subleader" if is_sub else "worker"
            if is_sub and not holder and self.acquire(LEADER):
                self.epoch = self.redis.incr(EPOCH)
                self.become_leader()
        if self.role == "leader":
            self.leading.tick(self.epoch)

    def become_leader(self):
        self.role = "leader"
        self.redis.eval(RELEASE, 1, SUB, self.options.id)

    def beat(self):
        key, ttl = f"scheduler:worker:{self.options.id}:", int(self.options.heartbeat_ttl * 1000)
        self.redis.set(key + "heartbeat", repr(time.time()), px=ttl)
        self.redis.hset(key + "info", mapping={
            "worker_id": self.options.id, "node_id": self.options.node_id, "grpc_host": "127.0.0.1",
            "grpc_port": str(self.port), "last_seen": repr(time.time())})
        self.redis.pexpire(key + "info", ttl)

    def acquire(self, lock):
        return bool(self.redis.set(lock, self.options.id, nx=True, px=int(self.options.lock_ttl * 1000)))

    def renew(self, lock):
        return bool(self.redis.eval(RENEW, 1, lock, self.options.id, int(self.options.lock_ttl * 1000)))

    def fleet(self):
        """The active workers: id to (address, role)."""
        leader, sub, found = self.redis.get(LEADER), self.redis.get(SUB), {}
        for key in self.redis.scan_iter("scheduler:worker:*:info"):
            info = self.redis.hgetall(key)
            worker = info.get("worker_id")
            if worker and self.redis.pttl(f"scheduler:worker:{worker}:heartbeat") > 0:
                role = "leader" if worker == leader else "subleader" if worker == sub else "worker"
                found[worker] = (f"{info['grpc_host']}:{info['grpc_port']}", role)
        return found


def main():
    parser = argparse.ArgumentParser()
    for name in ("id", "node-id", "redis", "postgres", "cert", "key", "logs"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--redis-db", type=int, default=0)
    parser.add_argument("--redis-password", default="")
    for name, standard in (("tick", 1.0), ("heartbeat-ttl", 15.0), ("lock-ttl", 10.0), ("confirm", 30.0), ("reassign-after", 10.0),
                           ("assign-ahead", 60.0)):
        parser.add_argument("--" + name, type=float, default=standard)
    options = parser.parse_args()
    os.makedirs(options.logs, exist_ok=True)
    Member(options).run()


if __name__ == "__main__":
    main()
