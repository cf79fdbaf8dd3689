/** Logs: where they are, why one can't be read, and what to do then. */
export const log = {
  'error.log.bad_address': 'Opsdeck doesn’t open this log reference, because it isn’t written in the usual way: {ref}',
  'error.log.bad_answer': '{host} answered with something that isn’t the log.',
  'error.log.bad_endpoint': 'The storage’s address must be written like https://s3.example.com. It is “{endpoint}”.',
  'error.log.bad_kind':
    'Opsdeck opens no log reference of this kind. Logs lie in the database, at http(s) addresses, in S3 storage or at a path on a worker.',
  'error.log.bad_origin': 'Logs can’t be allowed from “{origin}”. Write it like https://logs.example.com/jobs.',
  'error.log.broke_off': 'The connection to {host} broke off in the middle of the log.',
  'error.log.bucket_refused':
    'This environment’s profile lets logs be read from s3://{bucket}/{prefix} only, and this one is elsewhere: {ref}',
  'error.log.clock_wrong':
    '{host} refuses this machine’s clock, which is too far from its own. Set the clock, and try again.',
  'error.log.closed': 'This log is no longer open. Open the run again.',
  'error.log.expired': 'The log’s days in the database are over, and the cluster had no archive to move it to.',
  'error.log.expired_there': '{host} has deleted this log: its time is over.',
  'error.log.forbidden':
    '{host} doesn’t let Opsdeck read this log. It wants somebody to log in, or a link that still holds.',
  'error.log.keys_expired': 'The keys for {host} have run out. Renew them, and in the profile if they are kept there.',
  'error.log.keys_refused':
    '{host} refuses the profile’s keys for bucket {bucket}, or they may not read there. Check them in the profile.',
  'error.log.link_expired': 'The link to this log held for a time, which is over. Look for the log in {host} itself.',
  'error.log.near_address':
    '{host} leads to an address of this machine or of its closest network, where Opsdeck reads no log.',
  'error.log.no_bucket': '{host} has no bucket {bucket}. Check the storage in the profile.',
  'error.log.no_instance_keys':
    'This machine gives Opsdeck no keys for the storage: no cloud answers for it, or it has no role. Give it a role, or choose other keys in this environment’s profile.',
  'error.log.no_profile':
    'The AWS files of this machine have no profile “{profile}”. Add it to them, or name another one in this environment’s profile.',
  'error.log.no_storage': 'The log is in S3 storage, and this environment’s profile names none. Add the storage there.',
  'error.log.none': 'Nothing refers to a log of run {run}.',
  'error.log.not_found': '{host} has no log at this place. It was deleted or never uploaded.',
  'error.log.on_gone_worker':
    'The log is a file on the host of worker {worker}, which is gone and no longer tells where that is.',
  'error.log.on_worker':
    'The log is a file on the host of worker {worker}. Opsdeck opens no files of other hosts; fetch it from there.',
  'error.log.only_reference':
    'The archive has only where the log was, not its text: {ref}. Open it where the cluster can be reached.',
  'error.log.origin_refused':
    'This environment’s profile doesn’t let logs be read from {host}. Whoever keeps the profile can allow it there.',
  'error.log.packed_badly': 'The log from {host} is packed and can’t be unpacked: it is damaged or cut off.',
  'error.log.profile_login':
    'The login of the AWS profile “{profile}” is over. Run aws sso login --profile {profile} in a terminal, and try again.',
  'error.log.profile_unreadable':
    'The AWS profile “{profile}” of this machine gives no keys: its files can’t be read, or a key is missing from them. Check ~/.aws/credentials and ~/.aws/config.',
  'error.log.redirected': '{host} sends on to another place, {to}, where Opsdeck doesn’t follow.',
  'error.log.short': 'The log’s server ends it before its own end and sends no more.',
  'error.log.status': '{host} answered with status {status}. Try again in a moment.',
  'error.log.unreachable': '{host} can’t be reached for the log, or stopped answering.',
  'error.log.wrong_region':
    'Bucket {bucket} is asked for in region “{region}”, and {host} wants “{wanted}”. Change the region in the profile.',
  'log.address': 'Address',
  'log.address.allow': 'Allow this origin in the profile',
  'log.address.copy': 'Copy the address',
  'log.address.host': 'Host',
  'log.address.open': 'Open outside…',
  'log.address.open.text':
    'A worker wrote this address, and nobody has checked it. Your browser opens it with the logins that it has; Opsdeck itself doesn’t read it.',
  'log.address.open.title': 'Open {host} in the browser?',
  'log.address.open.verb': 'Open in the browser',
  'log.address.reads': 'In letters',
  'log.anew': 'It has changed there since; this is the log as it is now, from its start.',
  'log.broke': 'Read up to byte {n}, and no further: {reason}',
  'log.brokeOf': 'Read up to byte {n} of {size}, and no further: {reason}',
  'log.face.empty': 'The log is not there',
  'log.face.expired': 'The log’s time is over',
  'log.face.failed': 'The log can’t be shown',
  'log.face.none': 'No log',
  'log.face.refused': 'The log may not be read',
  'log.face.unreachable': 'The log can’t be reached',
  'log.face.worker': 'The log lies on a worker’s host',
  'log.fetch.copy': 'Copy the command',
  'log.fetch.posix': 'For a POSIX shell; on Windows that of Git or WSL.',
  'log.found': '{n} row found||{n} rows found',
  'log.full': 'longer than the {size} that Opsdeck keeps; the rest is left out',
  'log.goTo': 'Go to line',
  'log.noError': 'No row looks like an error so far',
  'log.path.copy': 'Copy the path',
  'log.place': '{place} of {found}',
  'log.reading': 'reading… {read}',
  'log.readingOf': 'reading… {read} of {size}',
  'log.save': 'Save the log as a file',
  'log.save.sofar': 'What has been read so far; the log may still grow.',
  'log.save.title': 'Save: {log}',
  'log.save.whole': 'The whole log, as it is.',
  'log.source.database': 'from the cluster’s database',
  'log.source.http': 'from {host}',
  'log.source.s3': 'from {place}',
  'log.stderr': 'stderr: ',
  'log.take': 'Copy or save',
  'log.times': 'Times',
  'log.wrap': 'Wrap',
} as const
