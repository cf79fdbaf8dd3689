/** Where a run's log reference says that its log is. */
export type LogPlace =
  | { kind: 'none' }
  | { kind: 'database'; attempt: number }
  | { kind: 'address' } // http(s) or S3: read where the profile allows it
  | { kind: 'file' } // a path on the host of the worker that ran it
  | { kind: 'other' } // an address of a kind that is never opened

/** Reads a log reference: "", "db:<run>/<attempt>", an address, or a path on a worker's host. */
export function logPlace(ref: string): LogPlace {
  if (ref === '') return { kind: 'none' }
  const database = /^db:\d+\/(\d{1,9})$/.exec(ref)
  if (database) return { kind: 'database', attempt: Number(database[1]) }
  if (/^(https?|s3):\/\//i.test(ref)) return { kind: 'address' }
  return /^[a-z][a-z0-9+.-]+:/i.test(ref) ? { kind: 'other' } : { kind: 'file' }
}
