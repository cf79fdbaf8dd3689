/** What belongs to the desktop: links, files, notifications, diagnostics. */
export const desktop = {
  'error.launch.bad_link':
    'This link can’t be followed: it leads to none of Opsdeck’s screens. A link looks like opsdeck://staging/ops/runs/123.',
  'error.launch.bad_file': 'Only archives on this machine can be opened, files whose name ends with .opsdeck.',
  'error.launch.not_known': 'This is neither a link (opsdeck://…) nor an archive (….opsdeck).',
  'launch.noArchives': 'This version can’t open archives.',
  'launch.open': 'Open',
  'launch.openText': 'A link leads to a screen of {name}. Opening it connects to that environment.',
  'launch.openTitle': 'Open {name}?',
  'launch.switchText':
    'A link leads to a screen of {name}. {open} is open now; it is closed first, and what is unsaved there is lost.',
  'launch.unknown':
    'The link leads to the environment “{profile}”, which this machine doesn’t know. Add it on the first screen under this id.',
} as const
