import type { JobDraft } from '../../api/jobs.ts'

/** What somebody was typing, with the version that it began from. */
export interface KeptDraft {
  readonly draft: JobDraft
  readonly base: JobDraft
  readonly seen: string
}

/** Only for as long as the window lives: the page is drawn anew with another language or zone. */
const kept = new Map<string, KeptDraft>()

export function keepDraft(id: string, draft: KeptDraft): void {
  kept.set(id, draft)
}

export function keptDraft(id: string): KeptDraft | undefined {
  return kept.get(id)
}

export function forgetDraft(id: string): void {
  kept.delete(id)
}

/** Forgets everything, as when another environment is opened. */
export function forgetDrafts(): void {
  kept.clear()
}
