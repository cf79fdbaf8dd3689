import { html, nothing, type TemplateResult } from 'lit-html'
import { type Maskable, type Outcome, type Preview, reveal } from '../api/operations.ts'
import { may, session } from '../api/session.ts'
import { t } from '../text/text.ts'
import { openOperation } from '../ui/operation.ts'
import { indented } from './jobedit/draft.ts'

/** What stands where a secret was; see the gate's views. */
const MASKED = '<masked>'

/** One document, for the dialog that asks why. */
export interface Subject {
  readonly of: Maskable
  readonly id: string
  /** What is about to be shown, such as "Show masked values of run 7". */
  readonly title: string
}

/** What the audit calls showing a document. */
const ACTIONS: Readonly<Record<Maskable, string>> = {
  job_args: 'job.reveal',
  run_args: 'job_run.reveal',
  event: 'event.reveal',
  audit: 'audit.reveal',
}

/** Whether this operator may be shown what is masked in a text: administrators of a live database that has the gate. */
export function revealable(text: string): boolean {
  const { environment } = session()
  return text.includes(MASKED) && environment?.gate === true && !environment.archive && may('admin')
}

/** The button that asks for it; nothing where it is of no use. */
export function revealButton(text: string, ask: () => void): TemplateResult | typeof nothing {
  if (!revealable(text)) return nothing
  return html`<button type="button" class="btn btn-sm btn-outline-secondary ops-reveal" @click=${ask}>
    <i class="bi bi-eye" aria-hidden="true"></i> ${t('reveal.show')}
  </button>`
}

/** That secrets stand in plain sight now, and until when. */
export function revealedNote(): TemplateResult {
  return html`<p class="ops-soft ops-revealed" role="status">
    <i class="bi bi-eye-fill" aria-hidden="true"></i> ${t('reveal.shown')}
  </p>`
}

/** Asks why, has it written down, and hands the document over. closed is called when the dialog is gone. */
export function askReveal(
  signal: AbortSignal,
  subject: Subject,
  show: (document: string) => void,
  closed: () => void = () => undefined,
): void {
  openOperation(signal, {
    title: subject.title,
    verb: t('reveal.verb'),
    plan: async () => previewOf(subject),
    async perform(_token, reason): Promise<Outcome> {
      const { outcome, document } = await reveal(subject.of, subject.id, reason)
      if (outcome.result === 'done' && !signal.aborted) show(document)
      return outcome
    },
    drop: () => undefined,
    brief: true,
    closed,
  })
}

/** Nothing is touched, so that there is nothing to look up first. */
function previewOf({ of, id }: Subject): Preview {
  return {
    token: '',
    action: ACTIONS[of],
    target: id,
    tier: 'plain',
    reversible: false,
    typedName: '',
    touches: [],
    notes: [{ level: 'warning', key: 'reveal', args: {} }],
    epoch: '',
    way: '',
    asOf: new Date().toISOString(),
  } as Preview
}

/** A document of a page, masked or shown. */
export interface Revealing {
  /** The document to show in place of the masked text: the text itself until it was revealed, or once it has changed. */
  text(masked: string): string
  /** The button, or that it is shown. */
  controls(masked: string): TemplateResult | typeof nothing
}

/** Keeps what was revealed for as long as the page is open, and no longer. */
export function revealing(signal: AbortSignal, subject: () => Subject, changed: () => void): Revealing {
  let known: { masked: string; document: string } | undefined
  signal.addEventListener('abort', () => {
    known = undefined
  })
  return {
    text: (masked) => (known?.masked === masked ? known.document : masked),
    controls(masked) {
      if (known?.masked === masked) return revealedNote()
      return revealButton(masked, () =>
        askReveal(signal, subject(), (document) => {
          known = { masked, document: indented(document) || document }
          changed()
        }),
      )
    },
  }
}
