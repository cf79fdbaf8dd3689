/** Expected versus actual. */
export const expected = {
  'expected.title': 'Expected and actual',
  'expected.lead': 'What should have run by the job definitions, and what did.',
  'expected.window': 'Window',
  'expected.due': 'Due',
  'expected.jobs': 'By job',
  'expected.findings': 'Not as it should be',
  'expected.findings.none': 'All is as it should be',
  'expected.all': 'Show all of them',
  'expected.left': '{n} older one is left out||{n} older ones are left out',
  'expected.changes': 'Definitions that were changed since',
  'expected.changed': 'Definition changed',
  'expected.verdict': 'Verdict',
  'expected.verdict.on_time': 'On time',
  'expected.verdict.waiting': 'Waiting',
  'expected.verdict.retry': 'Retry',
  'expected.verdict.late': 'Late',
  'expected.verdict.missed': 'Missed',
  'expected.verdict.skipped': 'Skipped',
  'expected.verdict.withdrawn': 'Withdrawn',
  'expected.verdict.duplicate': 'Duplicate',
  'expected.verdict.not_due': 'Not due',
  'expected.at': 'Was due',
  'expected.refused': 'This window can’t be compared',
  'expected.late.note':
    'Late: started, or still waiting, more than {limit} after its time. Duplicate and not due: runs by hand are among them.',
  'expected.inUtc': 'The present leader reads every schedule in UTC, so that is how they are read here.',
  'expected.uncertain': 'uncertain',
  'expected.uncertain.title':
    'The definition was changed afterwards: what was wanted at that time is not known any more.',
  'expected.uncertain.note':
    '{n} finding is uncertain: the job’s definition was changed afterwards, and only the present one is known.||{n} findings are uncertain: the jobs’ definitions were changed afterwards, and only the present ones are known.',
  'expected.unaudited':
    'This login may not read the audit: of changed definitions only the time of the latest change is known.',
} as const
