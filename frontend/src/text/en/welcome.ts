/** The first screen: environments and the sandbox. */
export const welcome = {
  'sandbox.about':
    'A whole cluster on this machine: its own PostgreSQL and Redis, five scheduler nodes with jobs that really run, and 30 days of history. Nothing outside its own folder is touched.',
  'sandbox.open': 'Open the dashboard',
  'sandbox.phase.failed': 'Could not start',
  'sandbox.phase.running': 'Running',
  'sandbox.phase.starting': 'Starting…',
  'sandbox.phase.stopped': 'Stopped',
  'sandbox.progress': 'Starting the sandbox',
  'sandbox.progressOf': '{done} of {total}',
  'sandbox.reset': 'If it keeps failing, start over with “opsdeck sandbox reset”.',
  'sandbox.start': 'Start the sandbox',
  'sandbox.stop': 'Stop the sandbox',
  'sandbox.stopBody': 'The cluster stops and this window leaves it. Its data stays and is there at the next start.',
  'sandbox.stopTitle': 'Stop the sandbox?',
  'sandbox.title': 'Sandbox',
  'welcome.environments': 'Environments',
  'welcome.lead': 'Choose what this window should watch.',
  'welcome.title': 'Opsdeck',
} as const
