/** Errors about profiles, by the reason that Go gives. {field} is a field of a form, whose own word stands beside it. */
export const profileErrors = {
  'error.profile.bad_address': 'Write a host with its port, such as db.example:5432, a line each.',
  'error.profile.bad_bucket': 'The name of a bucket has 3 to 63 small letters, digits, hyphens and dots.',
  'error.profile.bad_certificate': 'These are no certificates in PEM: from BEGIN CERTIFICATE to END CERTIFICATE.',
  'error.profile.bad_choice': 'Choose one of what is offered.',
  'error.profile.bad_idle': 'Write 1 to 1440 minutes, or leave it empty.',
  'error.profile.no_other_server':
    'The last test met no other server than the known one, or tried out what is not saved. Save, and test again.',
  'error.profile.bad_id': 'The id of a profile is made of small letters, digits and hyphens, at most 63.',
  'error.profile.bad_known_hosts': 'These are no lines of a known_hosts file.',
  'error.profile.bad_name': 'A name has 1 to 80 characters that can be seen.',
  'error.profile.bad_redis_database': 'The number of a Redis database is 0 to 65535, and 0 in a Cluster.',
  'error.profile.bad_text': 'This is too long, or has characters that can’t be seen.',
  'error.profile.bad_url': 'Write a URL like https://s3.example:9000, without user, path and query.',
  'error.profile.changed':
    'The profile was changed meanwhile, here or in another window. Look at it again before you save.',
  'error.profile.disk_full': 'There is no room left to write {path}. It is as it was.',
  'error.profile.far_socket': 'A Unix socket can be reached by a direct connection only.',
  'error.profile.file_failed': '{path} can’t be read or written. The log says why.',
  'error.profile.missing': 'This is missing.',
  'error.profile.name_taken': 'Another profile has this name. Two that look alike get confused.',
  'error.profile.newer':
    'The profile was written by a newer Opsdeck (format {found}; this one knows {known}). Update Opsdeck.',
  'error.profile.no_access': '{path} can’t be read or written by this user. Correct its permissions.',
  'error.profile.no_folder':
    'This system names no folder for configuration. Set OPSDECK_CONFIG_DIR to a folder of yours.',
  'error.profile.no_known_hosts':
    'A jump host is known by its key. Put its line of known_hosts here: ssh-keyscan gives it; compare it with what its administrator says.',
  'error.profile.no_profile':
    'The file is no profile of Opsdeck. A profile comes from “Export” or from “opsctl profile export”.',
  'error.profile.not_found': 'There is no profile {profile}.',
  'error.profile.not_private':
    '{path} belongs to somebody else, or others can read or change it. It isn’t used until that is corrected: {remedy}',
  'error.profile.one_address': 'A single Redis has one address. Choose Sentinel or Cluster for several.',
  'error.profile.private_key': 'This holds a private key. A profile isn’t secret: put the key among the secrets.',
  'error.profile.renamed': 'The file {file} holds the profile {id}. Import it instead of copying it there.',
  'error.profile.reserved_id': 'The sandbox is no profile that can be kept.',
  'error.profile.too_large': 'The file is larger than a profile can be ({bytes} bytes).',
  'error.profile.too_many': 'These are too many lines.',
  'error.profile.unreadable':
    'The profile can’t be read: it is damaged at {where}, or has a field that this version doesn’t know.',
}
