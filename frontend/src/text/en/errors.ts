/**
 * Errors by the reason that Go gives, as "error.<reason>". A reason without a text here is shown in Go's own English
 * sentence, as is one whose values did not come along.
 */
export const errors = {
  'error.args.duplicate':
    'Line {line}, column {column}: the name “{name}” stands twice; only the last value would be kept.',
  'error.args.not_container': 'The arguments must be a JSON object or array.',
  'error.args.nul': 'Line {line}, column {column}: PostgreSQL can’t store the character \\u0000.',
  'error.args.surrogate': 'Line {line}, column {column}: a \\u escape of half a character stands alone.',
  'error.args.syntax': 'Line {line}, column {column}: “{found}” is not expected here.',
  'error.args.too_long': 'The arguments are longer than {max} bytes; a command could not be started with them.',
  'error.args.truncated': 'The JSON ends at line {line}, column {column}, before it is complete.',
  'error.expected.empty_window': 'The window ends before it starts, or has not begun yet.',
  'error.expected.long_window': 'At most {days} days can be compared at once.',
  'error.expected.many_runs': 'More than {max} runs lie in this window. Choose a shorter one.',
  'error.internal': 'Something went wrong inside Opsdeck. The log has the cause; please report it.',
  'error.job.bad_number': 'A whole number from 0 to 2147483647 is needed here, not “{value}”.',
  'error.job.command_long': 'A command has at most {max} characters.',
  'error.job.command_missing': 'The job needs a command to run.',
  'error.job.command_space': 'A command is one word: arguments go into the arguments’ JSON.',
  'error.job.name_long': 'A name has at most {max} characters.',
  'error.job.name_missing': 'The job needs a name.',
  'error.job.text_nul': 'The text holds a character that PostgreSQL can’t store.',
  'error.job.unknown_policy': 'There is no policy “{policy}”.',
  'error.jobs.not_found': 'There is no job {job}.',
  'error.localserver.damaged':
    'The {server} data in {dir} is damaged and the server refuses it. Start over with “opsdeck sandbox reset”.',
  'error.localserver.disk_full': 'The disk that holds {dir} is full. Make room there, then start again.',
  'error.localserver.in_use': 'Another running process uses {dir}. End it, or choose another folder.',
  'error.localserver.not_ready': '{server} in {dir} started but did not answer in time; its log is in that folder.',
  'error.localserver.path_too_long':
    'The path {dir} is too long for a Unix socket. Choose a folder with a shorter path.',
  'error.localserver.start_failed': '{server} did not start in {dir}; its log is in that folder.',
  'error.localserver.unreadable':
    '{dir} can’t be read and written by the user that runs the servers. Correct its permissions, or choose another folder.',
  'error.page.timeout': 'The program did not answer in time. Try again; if it stays, restart Opsdeck.',
  'error.postgres.account_missing':
    'PostgreSQL refuses to run as root, and there is no system user to run it as. Start as an ordinary user, or make the user “postgres”.',
  'error.postgres.auth': 'PostgreSQL at {address} refused the login. Check the user, the password and pg_hba.conf.',
  'error.postgres.bad_url':
    'The address of PostgreSQL can’t be read. It looks like postgres://user@host:5432/database.',
  'error.postgres.bad_value': 'What was asked for can’t stand in a database.',
  'error.postgres.connection_lost': 'The connection to PostgreSQL at {address} broke.',
  'error.postgres.exhausted': 'PostgreSQL at {address} has no connection, memory or disk left.',
  'error.postgres.locked': 'A table at {address} is locked, by a migration perhaps. Try again when it is done.',
  'error.postgres.missing':
    'PostgreSQL is not installed and could not be downloaded. Install it (Debian and Ubuntu: apt-get install postgresql; macOS: brew install postgresql@17), then start again.',
  'error.postgres.no_database': 'There is no such database at {address}.',
  'error.postgres.no_rights':
    'This login may not read what was asked for at {address}. Ask for read rights on the scheduler’s tables.',
  'error.postgres.no_scheduler':
    'The database has no scheduler tables, or this login may not see them. Check the database’s name and the login’s search_path.',
  'error.postgres.restarting': 'PostgreSQL at {address} is starting or stopping.',
  'error.postgres.schema_changed':
    'The tables at {address} are not those of a scheduler we know. They may have changed since the connection was opened.',
  'error.postgres.schema_old':
    'The scheduler’s tables are older than migration {migration}. Migrate the scheduler first.',
  'error.postgres.timeout': 'PostgreSQL at {address} did not answer in time.',
  'error.postgres.unexpected':
    'PostgreSQL at {address} gave an answer that Opsdeck doesn’t understand. The log has it.',
  'error.postgres.unreachable':
    'PostgreSQL at {address} can’t be reached. Check that it runs, the address, and the way there.',
  'error.postgres.url_parameter':
    'The address of PostgreSQL has the parameter {parameter}, which a profile doesn’t know. Leave it away, and use the fields for certificates.',
  'error.postgres.version_missing':
    'The data was made by PostgreSQL {wanted}, but this machine has only {found}. Install PostgreSQL {wanted}, or start over with “opsdeck sandbox reset”.',
  'error.postgres.withdrawn': 'The question to PostgreSQL was withdrawn.',
  'error.redis.auth': 'Redis at {address} refused the login. Check the user and the password.',
  'error.redis.bad_url': 'The address of Redis can’t be read. It looks like redis://user@host:6379/0.',
  'error.redis.missing':
    'Redis is not installed. Install it (Debian and Ubuntu: apt-get install redis-server; macOS: brew install redis), then start again.',
  'error.redis.no_rights':
    'This login may not read the scheduler’s keys in Redis at {address}. Its ACL needs the read commands on scheduler:*.',
  'error.redis.refused':
    'Redis at {address} answers, but not to this question: it may be loading, failing over, or not a Redis for this scheduler.',
  'error.redis.unreachable': 'Redis at {address} can’t be reached. Check that it runs, the address, and the way there.',
  'error.request.bad_id': '“{id}” is not an id.',
  'error.request.bad_time': '“{time}” is not a time.',
  'error.runs.bad_delay': 'The start delay can’t be negative.',
  'error.runs.bad_page_size': 'A page of runs can’t have this length. Choose another one.',
  'error.runs.count_timeout': 'Counting the runs that match took too long.',
  'error.runs.empty_duration': 'The longest duration is below the shortest.',
  'error.runs.empty_range': 'The time range ends before it starts.',
  'error.runs.list_timeout':
    'Too many runs would have to be read for this filter. Narrow it by a time range, a job or a state.',
  'error.runs.long_text': 'The text to search for is too long.',
  'error.runs.no_log_search':
    'Logs can be searched in an archive and not in a live cluster. Export the runs in question, and search there.',
  'error.runs.not_found': 'There is no run {run}.',
  'error.runs.short_text': 'Search for more characters, or give a time range.',
  'error.runs.unknown_state': 'There is no run state “{state}”.',
  'error.runs.window_timeout': 'Too many runs would have to be read for this window. Choose a shorter one.',
  'error.sandbox.failed': 'The sandbox’s nodes have not elected a leader in time; their logs are in {dir}.',
  'error.sandbox.foreign_folder': '{dir} holds files that are not a sandbox’s. Choose another folder.',
  'error.sandbox.node_failed':
    'The sandbox’s node {node} ended while it started. Its log in the sandbox’s folder says why.',
  'error.sandbox.not_running': 'No sandbox runs in {dir}.',
  'error.sandbox.ports_taken':
    'The sandbox needs {need} free ports between {start} and {end} on 127.0.0.1, but only {free} are free. End other programs, or choose another range.',
  'error.sandbox.running': 'The sandbox in {dir} is running already. Stop it first.',
  'error.sandbox.unknown_role': 'The sandbox has no role “{role}”. Choose viewer, operator or admin.',
  'error.session.unknown_stage': 'The page told the program something that it doesn’t know. Please report it.',
  'error.archive.bad_moment': 'That is no time.',
  'error.archive.live': 'Only an archive can be looked at as of another moment.',
  'error.session.switched': 'Another environment is shown by now. What was asked of the one before is dropped.',
  'error.session.not_open': 'This is not open any more.',
  'error.session.idle':
    '{name} was closed, because nobody had used the window for {minutes} {minutes:minute|minutes}. Open it again.',
  'error.profile.bad_secrets': 'What was typed as secrets can’t be read. Please report this.',
  'error.profile.no_doctor': 'This window can’t try profiles out.',
  'error.profile.no_store': 'This window has no folder for profiles. The log says why.',
  'error.session.closed': 'No environment is open. Choose one on the first screen.',
  'error.timeline.empty_window': 'The window ends before it starts.',
  'error.timeline.long_window': 'The timeline shows at most {days} days at once.',
  'error.worker.bad_key_pair':
    'The certificate and key for calling workers can’t be used: check that both are there, are PEM and belong together.',
  'error.worker.bad_trust': 'The certificates that workers are known by can’t be read: they are PEM, and at least one.',
  'error.worker.forbidden': 'The worker at {address} does not let this certificate give it orders.',
  'error.worker.no_certificate': 'This environment has no certificate for calling workers, so they are not asked.',
  'error.worker.plaintext': 'The worker at {address} does not speak TLS, but this environment expects it to.',
  'error.worker.refused_certificate':
    'The worker at {address} closed the connection right after the handshake. It most likely does not trust our certificate, or speaks plaintext.',
  'error.worker.timeout': 'The worker at {address} did not answer in time. It may be busy, stopped, or out of reach.',
  'error.worker.unimplemented':
    'The process at {address} answers gRPC but does not know this call; it is no scheduler worker, or a very old one.',
  'error.worker.unreachable':
    'The worker at {address} can’t be reached. Check that its process runs and that its address is reachable from here.',
  'error.worker.untrusted':
    'The process at {address} shows a certificate that this environment does not trust. Check the address and the trusted certificates.',
  'error.workers.gone': 'Worker “{worker}” has no heartbeat any more, so there is no address to call.',
  'error.workers.unknown': 'There is no worker “{worker}” now, and it had no run in the last hours.',
  'error.list.bad_cursor': 'This place in the list can’t be read; go back to its top.',
  'error.list.bad_page_size': 'A page can’t hold that many rows.',
  'error.list.empty_range': 'The time range ends before it starts.',
  'error.list.long_text': 'Search for at most 200 characters.',
  'error.settings.not_found': 'There is no setting {setting}.',
  'error.settings.not_integer': 'Write a whole number.',
  'error.settings.not_number': 'Write a number, such as 0.3.',
  'error.settings.not_boolean': 'Choose on or off.',
  'error.settings.not_choice': 'It is none of {choices}.',
  'error.settings.not_text': 'It is not a text.',
  'error.settings.too_small': 'The smallest value is {min}.',
  'error.settings.too_large': 'The largest value is {max}.',
  'error.settings.too_long': 'The text is too long.',
  'error.settings.control': 'The text has a control character or a line break, which no setting takes.',
  'error.settings.unusable': 'It is not JSON.',
  'error.audit.not_found': 'There is no audit entry {entry}.',
  'error.events.not_found': 'There is no event {event}.',
  'error.events.bad_processed': 'Choose processed or waiting.',
  'error.failures.bad_window': 'Choose a window between a minute and 92 days.',
  'error.audit.no_chain':
    'This database has no gate, so nothing proves the audit. Its administrator can run “opsctl install”.',
  'error.audit.verify_timeout': 'The audit is too long to be verified from here. Run “opsctl audit verify”.',
  'error.export.bad_format': 'There is no export format “{format}”.',
  'error.export.bad_path': 'Give the whole path of a file that ends with {extension}.',
  'error.export.elsewhere': 'Open {name} first: this export reads from there.',
  'error.export.no_window': 'Choose a window of time whose end is after its beginning.',
  'error.export.not_here': 'Only a live environment can be exported into an archive.',
  'error.export.runs': 'Stop the export first.',
  'error.export.exists': '{path} exists already. Choose another name.',
  'error.export.gone': 'This export is no longer under way.',
  'error.export.no_dialog': 'There is no dialog to choose a file with. Type its path.',
  'error.export.unwritable':
    '{path} can’t be written. Check that its folder exists, its rights, and the space on its disk.',
  'error.export.disk_full':
    'The disk of {path} is full. Make room and export again with the same choices: it goes on where it stopped.',
  'error.export.busy': 'Another export is writing {path}. Wait for it, or choose another name.',
  'error.archive.not_found': 'There is no file {path}.',
  'error.archive.foreign': '{path} is not an archive of Opsdeck.',
  'error.archive.future':
    '{path} was written by a newer Opsdeck, in format {format}. This one reads up to format {known}: update it.',
  'error.archive.truncated': '{path} was cut off, perhaps while it was copied. Fetch it again.',
  'error.archive.damaged':
    '{path} is damaged, or something else made it look like an archive. Fetch it again from where it was made.',
  'error.archive.unreadable': '{path} can’t be read. Check its rights and its disk.',
  'error.archive.timeout': 'The archive did not answer in time. Narrow the question by a time range.',
  'error.archive.log_search':
    'No log has this text as far as runs that were made at {at}. Reading on takes long, since no index helps here: narrow the search by a time range, a job or a worker.',
  'error.archive.canceled': 'Opening the archive was stopped.',
  'error.archive.not_live': 'This is an archive: its workers can’t be called.',
  'error.export.other':
    '{path} was begun from another database or with other choices. Delete it, or choose another name.',
  'error.export.many_masks': 'Give at most {max} patterns to mask.',
  'error.export.bad_mask':
    '“{pattern}” is no pattern that can be masked: it is not a regular expression, or it matches an empty text.',
  'error.export.bad_signature': 'The signature does not fit the key that made it.',
  'error.secrets.no_signing_key': 'You have no key for signing archives yet. “opsctl archive keys create” makes one.',
  'error.archive.no_key': 'The archive that is shown has no signature by this key.',
  'error.archive.no_config': 'There is no folder for settings, so nobody’s keys are known.',
  'error.archive.bad_signer':
    'Give the signer a name of up to 200 characters on one line, and a public key as “opsctl archive keys” prints it.',
  'error.archive.known_signer': '{name} is known already, with the key {fingerprint}. Forget it first.',
  'error.archive.unknown_signer': 'Nobody is known as {name}.',
  'error.archive.no_signers': 'The list of known signers in {path} can’t be read or written.',
  'error.record.no_folder': 'There is no home folder to keep recordings in. Name a file with --file.',
  'error.record.bad_name': 'A name of an environment is wanted that holds letters or digits.',
  'error.record.busy': 'Another program records into {path} already; its samples are as good.',
  'error.record.foreign_file': '{path} is no file of samples that this version can write.',
  'error.record.none': 'There is no recording at {path}.',
  'error.record.unwritable':
    'Samples can’t be written to {path}. Check the rights of its folder and the space on its disk.',
  'error.archive.load_not_empty': 'The database {database} has tables. Make an empty one for the archive.',
} as const
