/** What the steps that try out a profile found, by the reason that Go gives. */
export const doctor = {
  'error.doctor.certificate': 'Our certificate for workers and its key fit; it is valid until {until}.',
  'error.doctor.certificate_ends': 'Our certificate for workers ends on {until}. Have a new one made.',
  'error.doctor.certificate_expired':
    'Our certificate for workers is valid from {from} to {until} only. Put a new one into the profile; if it looks right, check this machine’s clock.',
  'error.doctor.clock_fine': 'The clock of {part} is {offset} from this machine’s.',
  'error.doctor.clock_off': 'The clock of {part} is {offset} from this machine’s. Have both set by NTP.',
  'error.doctor.clock_untold': 'Redis does not tell this login its time, which only this test asks for.',
  'error.doctor.clock_wrong':
    'The clock of {part} is {offset} from this machine’s. Times on screen and schedules would mislead; have both set by NTP.',
  'error.doctor.connected': 'A connection to {addresses} can be opened.',
  'error.doctor.fleet': 'The scheduler’s keys can be read: {workers} {workers:worker|workers}, led by {leader}.',
  'error.doctor.gate': 'The gate is installed, in this Opsdeck’s version.',
  'error.doctor.new_gate': 'The gate is newer than this Opsdeck. Update Opsdeck.',
  'error.doctor.no_gate':
    'The gate is not installed, or not for this login: everything can be looked at and nothing changed. The database’s administrator can run “opsctl install”.',
  'error.doctor.no_leader': 'The scheduler’s keys can be read: {workers} {workers:worker|workers}, and nobody leads.',
  'error.doctor.no_workers':
    'The scheduler’s keys can be read, and there is no worker. If workers run, check the number of the database in Redis.',
  'error.doctor.nobody_to_ask': 'There is no worker to ask.',
  'error.doctor.not_tried': 'Not tried, because a step before it failed.',
  'error.doctor.old_gate':
    'The gate is older than this Opsdeck: some operations will be refused. The database’s administrator can run “opsctl install” again.',
  'error.doctor.postgres_login': '{login} is logged in to {database}, PostgreSQL {version}.',
  'error.doctor.redis_login': '{user} is logged in to Redis ({mode}).',
  'error.doctor.replica': 'The read replica {address} is {lag} behind.',
  'error.doctor.resolved': 'Every name of {addresses} is known here.',
  'error.doctor.resolved_there': 'Names are resolved at the other end: {address}.',
  'error.doctor.rights_admin': 'The login stands for {user}, an administrator.',
  'error.doctor.rights_none': 'The login reads as far as the database lets it.',
  'error.doctor.rights_operator': 'The login stands for {user}, an operator.',
  'error.doctor.rights_unmapped':
    'The login {login} stands for no user: it may look and nothing else. The administrator maps it with “opsctl operator add”.',
  'error.doctor.rights_viewer': 'The login stands for {user}, who may look.',
  'error.doctor.rights_withdrawn':
    'The login stands for {user}, who has no right here: the Django user may have been deactivated.',
  'error.doctor.schema': 'The scheduler’s tables are there, with every column that Opsdeck reads.',
  'error.doctor.tls_local': 'The connection stays on this machine.',
  'error.doctor.tls_off':
    'The connection is not encrypted: whoever sees the network reads along. Have TLS turned on and use sslmode verify-full.',
  'error.doctor.tls_on': 'The connection is encrypted ({version}).',
  'error.doctor.tls_passed': 'The login was reached.',
  'error.doctor.tls_tunnel':
    'The connection is not encrypted beyond the jump host. Use sslmode verify-full where the server offers TLS.',
  'error.doctor.unexpected': 'The step failed in a way that Opsdeck doesn’t know. The log has the cause.',
  'error.doctor.way_direct': 'The servers are reached straight from this machine.',
  'error.doctor.way_socks': 'The SOCKS5 proxy at {address} answers.',
  'error.doctor.way_ssh': 'The jump host {address} lets {user} in, under the key that the profile knows it by.',
  'error.doctor.workers_answer': '{workers} {workers:worker was|workers were} asked and answered.',
} as const
