/**
 * Errors by the reason that Go gives, as "error.<reason>". A reason without a text here is shown in Go's own English
 * sentence.
 */
export const errors = {
  'error.internal': 'Something went wrong inside Opsdeck. The log has the cause; please report it.',
  'error.page.timeout': 'The program did not answer in time. Try again; if it stays, restart Opsdeck.',
  'error.session.closed': 'No environment is open. Choose one on the first screen.',
} as const
