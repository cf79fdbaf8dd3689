import { html, nothing, type TemplateResult } from 'lit-html'
import type { Archive, Trust } from '../../api/archive.ts'
import { nameSigner } from '../../api/session.ts'
import { Failure, failureText } from '../../lib/failure.ts'
import { count, fullTime, parseTime, percent } from '../../lib/format.ts'
import { visible } from '../../lib/hostile.ts'
import { t, tryText } from '../../text/text.ts'
import { fieldError } from '../../ui/form.ts'
import { openModal } from '../../ui/modal.ts'
import { facts } from '../../ui/page.ts'
import { foreign } from '../../ui/text.ts'

/** What the check of an archive comes to, the worst first. */
export type Verdict =
  | 'changed'
  | 'unreadable'
  | 'forged'
  | 'impostor'
  | 'broken'
  | 'signed'
  | 'stranger'
  | 'unsigned'
  | 'checking'

/** What the check comes to. Nobody is trusted before the rows have been looked at. */
export function verdictOf(trust: Trust): Verdict {
  if (trust.phase === 'failed') return 'unreadable'
  if (trust.phase === 'checking') return 'checking'
  if (trust.changed.length > 0) return 'changed'
  if (trust.signed && trust.signature !== 'good') return 'forged'
  if (trust.impostor) return 'impostor'
  if (trust.chainBroken !== '') return 'broken'
  if (!trust.signed) return 'unsigned'
  return trust.signer === '' ? 'stranger' : 'signed'
}

const LOOK: Readonly<Record<Verdict, readonly [icon: string, tone: string]>> = {
  changed: ['bi-x-octagon-fill', 'bad'],
  unreadable: ['bi-x-octagon-fill', 'bad'],
  forged: ['bi-x-octagon-fill', 'bad'],
  impostor: ['bi-x-octagon-fill', 'bad'],
  broken: ['bi-link-45deg', 'bad'],
  signed: ['bi-patch-check-fill', 'good'],
  stranger: ['bi-patch-question-fill', 'warn'],
  unsigned: ['bi-check-circle', 'plain'],
  checking: ['bi-hourglass-split', 'plain'],
}

/** Whether the verdict is one that nothing in the archive should be believed after. */
export function isAlarm(verdict: Verdict): boolean {
  return LOOK[verdict][1] === 'bad'
}

/** The sentence that the verdict is, with the part, the signer or the row that it is about. */
export function verdictText(trust: Trust): string {
  const verdict = verdictOf(trust)
  switch (verdict) {
    case 'checking':
      return trust.total > 0
        ? t('archive.trust.checkingShare', { share: percent(trust.done / trust.total) })
        : t('archive.trust.checking')
    case 'changed': {
      const parts = [...new Set(trust.changed.map(partName))].join(', ')
      return trust.firstRow === ''
        ? t('archive.trust.changed', { parts })
        : t('archive.trust.changedRow', { parts, row: trust.firstRow })
    }
    case 'broken':
      return t('archive.trust.broken', { row: trust.chainBroken })
    case 'signed':
      return t('archive.trust.signed', { signer: visible(trust.signer) })
    case 'stranger':
      return t('archive.trust.stranger', { fingerprint: visible(trust.fingerprint) })
    case 'impostor':
      return t('archive.trust.impostor', { signer: visible(trust.claimed) })
    case 'unreadable':
      return trust.failure ? failureText(trust.failure) : t('archive.trust.unreadable')
    default:
      return t(`archive.trust.${verdict}`)
  }
}

/** What a part is called; the tables that an index lies in are one part to people. */
function partName(part: string): string {
  const name = part.replace(/^(error|log)_text_(data|idx|config)$/, '$1_text')
  return tryText(`archive.part.${name}`, {}) ?? visible(part)
}

/** The verdict as a button that opens what there is to know of the archive. */
export function trustButton(signal: AbortSignal, archive: Archive): TemplateResult {
  const verdict = verdictOf(archive.trust)
  const [icon, tone] = LOOK[verdict]
  return html`<button
    type="button"
    class="ops-trust ops-trust-${tone}"
    @click=${() => openFacts(signal, archive)}
  >
    <i class="bi ${icon}" aria-hidden="true"></i> <span role="status">${verdictText(archive.trust)}</span>
  </button>`
}

/** What the archive says of itself, and what the check found. */
function openFacts(signal: AbortSignal, archive: Archive): void {
  const { trust } = archive
  const at = (wire: string) => {
    const time = parseTime(wire)
    return time ? fullTime(time).replace(/\.\d+/, '') : t('value.unknown')
  }
  const modal = openModal(signal, {
    title: t('archive.about'),
    size: 'lg',
    body: html`<p class=${isAlarm(verdictOf(trust)) ? 'ops-bad' : ''}>${verdictText(trust)}</p>
      ${trust.phase === 'checked' && trust.signed ? html`<p class="ops-soft">${t('archive.trust.compare')}</p>` : nothing}
      ${facts([
        [t('archive.file'), foreign(archive.path)],
        [t('archive.source'), foreign(archive.source)],
        [t('archive.window'), `${at(archive.from)} – ${at(archive.to)}`],
        [t('archive.madeAt'), at(archive.madeAt)],
        [t('archive.madeBy'), archive.madeBy === '' ? t('value.unknown') : foreign(archive.madeBy)],
        [t('archive.filter'), archive.filter.length === 0 ? t('archive.filter.none') : conditionsView(archive)],
        [t('archive.masked'), t('archive.maskedValues', { n: count(archive.masked) })],
        [t('archive.claimed'), trust.signed ? foreign(trust.claimed) : undefined],
        [t('archive.fingerprint'), trust.signed ? foreign(trust.fingerprint) : undefined],
        [t('archive.chain'), trust.phase === 'checked' ? chainText(trust) : undefined],
      ])}
      ${verdictOf(trust) === 'stranger' ? naming(trust, () => modal.close()) : nothing}`,
  })
}

/** What narrowed the runs, in words; whoever wrote the file chose the values. */
function conditionsView({ filter }: Archive): TemplateResult {
  return html`${filter.map(({ name, value }) => {
    const time = name.startsWith('created_') ? parseTime(value) : undefined
    const shown = time
      ? fullTime(time).replace(/\.\d+/, '')
      : name === 'states'
        ? statesOf(value)
        : visible(value.slice(0, 300))
    return html`<div>${tryText(`archive.filter.${name}`, { value: shown }) ?? `${visible(name.slice(0, 60))}: ${shown}`}</div>`
  })}`
}

const statesOf = (value: string) =>
  value
    .split(',')
    .slice(0, 20)
    .map((state) => tryText(`run.state.${state}`, {}) ?? visible(state.slice(0, 60)))
    .join(', ')

/** Asks whose the key is. What the signer calls itself is no answer, so the field begins empty. */
function naming(trust: Trust, done: () => void): TemplateResult {
  let busy = false
  async function name(event: SubmitEvent): Promise<void> {
    event.preventDefault()
    const form = event.currentTarget as HTMLFormElement
    const field = form.elements.namedItem('signer') as HTMLInputElement
    if (busy) return
    busy = true
    try {
      await nameSigner(field.value.trim(), trust.fingerprint)
      done()
    } catch (thrown) {
      fieldError(field, failureText(Failure.of(thrown)))
      field.focus()
    }
    busy = false
  }
  return html`<form class="mt-3" novalidate @submit=${(event: SubmitEvent) => void name(event)}>
    <label class="form-label" for="ops-archive-signed-by">${t('archive.signer.name')}</label>
    <input class="form-control" id="ops-archive-signed-by" name="signer" maxlength="200" autocomplete="off" />
    <div class="form-text mb-2">${t('archive.signer.help')}</div>
    <button type="submit" class="btn btn-outline-primary">${t('archive.signer.trust')}</button>
  </form>`
}

function chainText(trust: Trust): string {
  if (!trust.chained) return t('archive.chain.none')
  return trust.chainBroken === '' ? t('archive.chain.holds') : t('archive.trust.broken', { row: trust.chainBroken })
}
