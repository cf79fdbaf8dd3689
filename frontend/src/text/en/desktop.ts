/** What belongs to the desktop: links, files, notifications, diagnostics. */
export const desktop = {
  'error.definitions.too_many': 'There are more than {max} jobs; they can’t be read whole at once.',
  'error.compare.bad_pair': 'Two different environments are needed to compare.',
  'error.compare.bad_rule': 'This can’t be kept as an expected difference.',
  'error.compare.many_rules': 'There are too many expected differences already; remove some first.',
  'error.compare.unreadable': '{path} can’t be read: repair or delete it. No difference counts as expected until then.',
  'error.compare.unwritable': '{path} can’t be written. Check its folder’s rights and the space on its disk.',
  'error.launch.bad_link':
    'This link can’t be followed: it leads to none of Opsdeck’s screens. A link looks like opsdeck://staging/ops/runs/123.',
  'error.launch.bad_file': 'Only archives on this machine can be opened, files whose name ends with .opsdeck.',
  'error.launch.not_known': 'This is neither a link (opsdeck://…) nor an archive (….opsdeck).',
  'help.title': 'Help',
  'help.version': 'Opsdeck {version}',
  'help.log': 'The log of this program:',
  'help.copy': 'Copy the path',
  'help.logCopied': 'The path of the log is on the clipboard.',
  'help.bundle': 'Diagnostics',
  'help.bundleAbout':
    'A zip file for whoever helps you: the program and its system, what is open, and the end of the log. Passwords, keys and tokens are left out. Look through it before you hand it on: names of jobs, workers and people may be in it.',
  'help.maskHosts': 'Replace the names and addresses of hosts by numbers',
  'help.path': 'Where to write it',
  'help.save': 'Save diagnostics…',
  'help.saved': 'The diagnostics are in {path}.',
  'keys.help.open': 'Help and diagnostics',
  'status.help': 'Help',
  'launch.open': 'Open',
  'launch.openText': 'A link leads to a screen of {name}. Opening it connects to that environment.',
  'launch.openTitle': 'Open {name}?',
  'launch.switchText':
    'A link leads to a screen of {name}. {open} is open now; it is closed first, and what is unsaved there is lost.',
  'launch.unknown':
    'The link leads to the environment “{profile}”, which this machine doesn’t know. Add it on the first screen under this id.',
} as const
