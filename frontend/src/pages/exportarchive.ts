import { html, nothing, render } from 'lit-html'
import { type ArchiveSigner, readSigner, startArchive } from '../api/archiving.ts'
import { chooseFile, suggestFile } from '../api/exports.ts'
import type { RunFilterRequest } from '../api/runs.ts'
import { session } from '../api/session.ts'
import { fromField, toField } from '../lib/clocks.ts'
import { Failure, failureText } from '../lib/failure.ts'
import { offsetAt } from '../lib/format.ts'
import { visible } from '../lib/hostile.ts'
import { nowShown } from '../lib/moment.ts'
import { t } from '../text/text.ts'
import { fieldError } from '../ui/form.ts'
import type { Action } from '../ui/menu.ts'
import { openModal } from '../ui/modal.ts'
import { notifySuccess } from '../ui/notify.ts'
import { NO_FILTER } from './runs/filter.ts'
import { filterRequest } from './runs/request.ts'

export interface ArchiveExport {
  /** Everything of a window of time, which can be chosen still; otherwise exactly the runs of the filter. */
  readonly incident: boolean
  readonly filter: RunFilterRequest
}

/** The names of the fields at which a refusal is shown. */
const FIELD_OF: Readonly<Record<string, string>> = {
  'export.bad_mask': 'masks',
  'export.many_masks': 'masks',
  'export.no_window': 'until',
}

/** Asks what an archive is to hold and where it goes, and begins it; the panel of exports tells how far it is. */
export function openArchiveExport(signal: AbortSignal, { incident, filter }: ArchiveExport): void {
  const form = document.createElement('form')
  form.noValidate = true
  form.id = 'ops-archive-export'
  const button = document.createElement('span')
  let busy = false
  let open = true
  let path = ''
  /** What the keyring says of who signs; it is asked only when somebody chooses to sign, because it may be locked. */
  let signing: 'not asked' | 'asking' | { readonly signer: ArchiveSigner } | { readonly refused: string } = 'not asked'
  const title = t(incident ? 'archive.export.incident' : 'archive.export.runs')
  const modal = openModal(signal, {
    title,
    size: 'lg',
    body: html`${form}`,
    close: t('action.cancel'),
    footer: html`${button}`,
    onClose() {
      open = false
    },
  })
  const field = (name: string) => form.elements.namedItem(name) as HTMLInputElement
  const name = incident ? 'incident' : 'runs'

  function refuse(thrown: unknown): void {
    if (!open) return
    const failure = Failure.of(thrown)
    const at = field(FIELD_OF[failure.reason] ?? 'path')
    fieldError(at, failureText(failure))
    at.focus()
  }

  async function prepare(): Promise<void> {
    try {
      path = await suggestFile(name, 'opsdeck')
      if (open) draw()
    } catch (thrown) {
      refuse(thrown)
    }
  }

  async function chooseToSign(box: HTMLInputElement): Promise<void> {
    if (!box.checked || signing === 'asking' || (typeof signing === 'object' && 'signer' in signing)) return
    signing = 'asking'
    draw()
    try {
      signing = { signer: await readSigner() }
    } catch (thrown) {
      signing = { refused: failureText(Failure.of(thrown)) }
      box.checked = false
    }
    if (open) draw()
  }

  function signerText(): string {
    if (signing === 'not asked') return t('archive.export.signHelp')
    if (signing === 'asking') return t('archive.export.askingKeyring')
    if ('refused' in signing) return signing.refused
    const { name, fingerprint } = signing.signer
    return fingerprint === ''
      ? t('archive.export.newKey', { signer: visible(name) })
      : t('archive.export.signer', { signer: visible(name), fingerprint: visible(fingerprint) })
  }

  async function choose(): Promise<void> {
    try {
      const chosen = await chooseFile(name, 'opsdeck', title)
      if (chosen !== '' && open) field('path').value = chosen
    } catch (thrown) {
      refuse(thrown)
    }
  }

  async function begin(event: Event): Promise<void> {
    event.preventDefault()
    if (busy || signing === 'asking') return
    busy = true
    draw()
    const window = incident
      ? { createdFrom: fromField(field('from').value), createdBefore: fromField(field('until').value) }
      : {}
    try {
      await startArchive({
        path: field('path').value.trim(),
        incident,
        title: field('title').value.trim(),
        filter: { ...filter, ...window },
        logs: field('logs').checked,
        note: field('note').value.trim(),
        masks: field('masks')
          .value.split('\n')
          .map((line) => line.trim())
          .filter((line) => line !== ''),
        sign: field('sign').checked,
        timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      })
      notifySuccess(t('archive.export.begun'))
      modal.close()
    } catch (thrown) {
      refuse(thrown)
    }
    busy = false
    if (open) draw()
  }

  function draw(): void {
    const zone = offsetAt(nowShown())
    render(
      html`<p>${t(incident ? 'archive.export.incidentAbout' : 'archive.export.runsAbout')}</p>
        ${
          incident
            ? html`<div class="row g-3 mb-3">
                ${(['from', 'until'] as const).map(
                  (edge) => html`<div class="col-sm-6">
                    <label class="form-label" for=${`ops-archive-${edge}`}>${t(`archive.export.${edge}`, { offset: zone })}</label>
                    <input
                      type="datetime-local"
                      class="form-control"
                      id=${`ops-archive-${edge}`}
                      name=${edge}
                      value=${toField(edge === 'from' ? filter.createdFrom : filter.createdBefore)}
                    />
                  </div>`,
                )}
              </div>`
            : nothing
        }
        <div class="mb-3">
          <label class="form-label" for="ops-archive-name">${t('archive.export.title')}</label>
          <input class="form-control" id="ops-archive-name" name="title" maxlength="200" autocomplete="off" />
        </div>
        <div class="mb-3">
          <label class="form-label" for="ops-archive-note">${t('archive.export.note')}</label>
          <textarea class="form-control" id="ops-archive-note" name="note" rows="2" maxlength="4000"></textarea>
        </div>
        <div class="form-check mb-2">
          <input class="form-check-input" type="checkbox" id="ops-archive-logs" name="logs" checked />
          <label class="form-check-label" for="ops-archive-logs">${t('archive.export.logs')}</label>
        </div>
        <div class="form-check mb-3">
          <input
            class="form-check-input"
            type="checkbox"
            id="ops-archive-sign"
            name="sign"
            aria-describedby="ops-archive-signer"
            @change=${(event: Event) => void chooseToSign(event.currentTarget as HTMLInputElement)}
          />
          <label class="form-check-label" for="ops-archive-sign">${t('archive.export.sign')}</label>
          <div class="form-text ${typeof signing === 'object' && 'refused' in signing ? 'ops-bad' : ''}" id="ops-archive-signer" role="status">
            ${signerText()}
          </div>
        </div>
        <div class="mb-3">
          <label class="form-label" for="ops-archive-masks">${t('archive.export.masks')}</label>
          <textarea
            class="form-control ops-mono"
            id="ops-archive-masks"
            name="masks"
            rows="2"
            spellcheck="false"
            aria-describedby="ops-archive-masks-help"
          ></textarea>
          <div class="form-text" id="ops-archive-masks-help">${t('archive.export.masksHelp')}</div>
        </div>
        <label class="form-label" for="ops-archive-file">${t('export.path')}</label>
        <div class="ops-setting-entry">
          <div class="ops-setting-input">
            <input
              class="form-control ops-mono"
              id="ops-archive-file"
              name="path"
              autocomplete="off"
              spellcheck="false"
              value=${path}
            />
          </div>
          <button type="button" class="btn btn-outline-secondary" @click=${() => void choose()}>${t('export.choose')}</button>
        </div>`,
      form,
    )
    render(
      html`<button type="submit" form="ops-archive-export" class="btn btn-primary" ?disabled=${busy || signing === 'asking'}>
        ${t('archive.export.begin')}
      </button>`,
      button,
    )
  }

  form.addEventListener('submit', (event) => void begin(event))
  draw()
  void prepare()
}

/** How long before the present an incident is taken to have begun, in milliseconds. */
const INCIDENT = 2 * 3600_000

/** What can be exported into an archive from a screen: its runs, if it lists any, and an incident. An archive isn't exported again. */
export function archiveActions(signal: AbortSignal, runs?: () => RunFilterRequest, window?: () => Window): Action[] {
  if (session().environment?.archive) return []
  const incident = () => {
    const { from, to } = window?.() ?? { from: nowShown().getTime() - INCIDENT, to: nowShown().getTime() + 60_000 }
    const filter = filterRequest(NO_FILTER, nowShown())
    return { ...filter, createdFrom: new Date(from).toISOString(), createdBefore: new Date(to).toISOString() }
  }
  return [
    ...(runs
      ? [
          {
            label: t('archive.export.runs'),
            icon: 'bi-archive',
            run: () => openArchiveExport(signal, { incident: false, filter: runs() }),
          },
        ]
      : []),
    {
      label: t('archive.export.incident'),
      icon: 'bi-bandaid',
      run: () => openArchiveExport(signal, { incident: true, filter: incident() }),
    },
  ]
}

/** A window of time that is looked at, in milliseconds. */
interface Window {
  readonly from: number
  readonly to: number
}
