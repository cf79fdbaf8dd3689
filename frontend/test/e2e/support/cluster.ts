import { execFileSync } from 'node:child_process'
import { readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { createClient } from '@redis/client'
import pg from 'pg'

/** What Redis holds of a worker, as its hash says it. */
export interface LiveWorker {
  id: string
  node: string
  role: string
  pid: number
  epoch: string
}

/** What is read of a profile. */
interface Profile {
  postgres: { hosts: string[]; database: string }
  redis: { addresses: string[] }
}

/** The sandbox's servers, asked past Opsdeck: as their owner, so that tests can also write what no scheduler would. */
export class Cluster {
  readonly postgres: pg.Client
  readonly redis: Redis

  private constructor(postgres: pg.Client, redis: Redis) {
    this.postgres = postgres
    this.redis = redis
  }

  static async connect(folder: string): Promise<Cluster> {
    const connections: Record<'admin', { profile: Profile }> = JSON.parse(
      readFileSync(join(folder, 'connection.json'), 'utf8'),
    )
    const { profile } = connections.admin
    const postgres = new pg.Client({
      host: (profile.postgres.hosts[0] ?? '').replace(/:\d+$/, ''), // the folder of a Unix socket
      database: profile.postgres.database,
      user: 'postgres',
      password: readFileSync(join(folder, 'postgres', 'password'), 'utf8'),
    })
    await postgres.connect()
    const redis = redisClient(profile.redis.addresses[0] ?? '', readFileSync(join(folder, 'redis', 'password'), 'utf8'))
    await redis.connect()
    return new Cluster(postgres, redis)
  }

  async close(): Promise<void> {
    await this.postgres.end()
    this.redis.destroy()
  }

  /** Copies the database without its history, for an environment that no scheduler works in. */
  async copyDatabase(name: string): Promise<pg.Client> {
    const { host, database = '', user, password } = this.postgres
    const env = { ...process.env, PGHOST: host, PGUSER: user, PGPASSWORD: String(password) }
    const without = ['scheduler_job_runs', 'scheduler_events', 'opsdeck_node.*'].map((t) => `--exclude-table-data=${t}`)
    const maxBuffer = 64 * 1024 * 1024
    const dump = execFileSync('pg_dump', [...without, database], { env, maxBuffer })
    await this.rows(`create database ${name}`)
    execFileSync('psql', ['--quiet', '--no-psqlrc', '--set=ON_ERROR_STOP=1', name], {
      env,
      input: dump,
      stdio: ['pipe', 'ignore', 'inherit'],
    })
    const copy = new pg.Client({ host, database: name, user, password: String(password) })
    await copy.connect()
    return copy
  }

  /** The rows of a query. */
  async rows<Row extends pg.QueryResultRow>(sql: string, ...values: unknown[]): Promise<Row[]> {
    return (await this.postgres.query<Row>(sql, values)).rows
  }

  /** The only value of a query. */
  async value<T>(sql: string, ...values: unknown[]): Promise<T> {
    const { rows } = await this.postgres.query({ text: sql, values, rowMode: 'array' })
    return (rows[0] as T[])[0] as T
  }

  async leader(): Promise<string | null> {
    return this.redis.get('scheduler:leader:lock')
  }

  /** The SubLeader; there is none for a moment after one has taken over. */
  async standby(): Promise<string> {
    for (;;) {
      const id = await this.redis.get('scheduler:subleader:lock')
      if (id !== null && id !== (await this.leader())) return id
    }
  }

  async epoch(): Promise<string | null> {
    return this.redis.get('scheduler:leader:epoch')
  }

  /** The workers that Redis knows, by id. */
  async workers(): Promise<LiveWorker[]> {
    const ids = (await this.redis.sMembers('scheduler:workers:set')).sort()
    const hashes = await Promise.all(ids.map((id) => this.redis.hGetAll(`scheduler:worker:${id}`)))
    return ids.flatMap((id, i) => {
      const hash = hashes[i] ?? {}
      if (!hash['pid']) return []
      return [
        {
          id,
          node: hash['node_id'] ?? '',
          role: hash['role'] ?? '',
          pid: Number(hash['pid']),
          epoch: hash['epoch'] ?? '',
        },
      ]
    })
  }

  /** Ends the leader's process at once, as a crash would, and gives its id. */
  async killLeader(): Promise<string> {
    const id = await this.leader()
    const worker = (await this.workers()).find((w) => w.id === id)
    if (!worker) throw new Error(`the leader ${id} is not among the workers`)
    process.kill(worker.pid, 'SIGKILL')
    return worker.id
  }

  /** When somebody else than `id` holds the leader's lock, by the clock of performance.now. */
  async succeeded(id: string): Promise<number> {
    for (;;) {
      const leader = await this.leader()
      if (leader !== null && leader !== id) return performance.now()
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  /** Takes PostgreSQL's door away and ends all its connections; the returned function puts it back. */
  async hidePostgres(): Promise<() => void> {
    const socket = join(this.postgres.host, '.s.PGSQL.5432')
    renameSync(socket, `${socket}.hidden`)
    await this.rows(
      'select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and backend_type = $1',
      'client backend',
    )
    return () => renameSync(`${socket}.hidden`, socket)
  }

  /** Stops Redis from answering; the returned function lets it go on. */
  async freezeRedis(): Promise<() => void> {
    const info = await this.redis.info('server')
    const pid = Number(/process_id:(\d+)/.exec(info)?.[1])
    process.kill(pid, 'SIGSTOP')
    return () => process.kill(pid, 'SIGCONT')
  }
}

type Redis = ReturnType<typeof redisClient>

function redisClient(socket: string, password: string) {
  return createClient({ socket: { path: socket, tls: false }, password }).on('error', () => {
    // Each command tells of its own failure; the client reconnects by itself.
  })
}
