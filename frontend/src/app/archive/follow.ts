import { html, nothing, type TemplateResult } from 'lit-html'
import type { ArchiveLink } from '../../api/launches.ts'
import { chooseArchive, openArchive, recentArchives, session, setMoment, show } from '../../api/session.ts'
import { Failure, failureText } from '../../lib/failure.ts'
import { visible } from '../../lib/hostile.ts'
import { mayLeave } from '../../lib/leave.ts'
import { navigate } from '../../lib/router.ts'
import { t } from '../../text/text.ts'
import { confirm } from '../../ui/confirm.ts'
import { openModal } from '../../ui/modal.ts'
import { foreign } from '../../ui/text.ts'
import type { Target } from '../launch.ts'

/**
 * Shows the screen of an archive that a link leads to, as of the link's moment. An archive that is not open is opened where it
 * was before, after the operator has agreed; one that nobody knows is asked for. `live` is what it was made from, if that can be
 * opened here.
 */
export async function followIntoArchive(
  signal: AbortSignal,
  link: ArchiveLink,
  live: { target: Target; follow(): Promise<void> } | undefined,
): Promise<void> {
  const open = session().open.find((one) => one.content === link.content)
  if (open) {
    if (!open.shown && !(await mayLeave())) return
    if (!open.shown) await show(open.key)
    return arrive(link)
  }
  const known = (await recentArchives()).find((one) => one.there && one.id === link.content)
  if (!known) return askFor(signal, link, live)
  const agreed = await confirm(signal, {
    title: t('launch.openTitle', { name: visible(known.name) }),
    body: html`<p>${t('launch.archiveText')}</p>
      <p class="mb-0">${foreign(known.path)}</p>`,
    verb: t('launch.open'),
  })
  if (!agreed || !(await mayLeave())) return
  await openArchive(known.path, link.content)
  await arrive(link)
}

async function arrive({ moment, route }: ArchiveLink): Promise<void> {
  if (moment !== '') await setMoment(moment)
  navigate(`#${route}`)
}

/** Says which file the link leads into, and takes it, or shows what it was made from instead. Resolves when that is decided. */
function askFor(
  signal: AbortSignal,
  link: ArchiveLink,
  live: { target: Target; follow(): Promise<void> } | undefined,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const problem = document.createElement('p')
    problem.className = 'ops-bad mb-0'
    problem.setAttribute('role', 'alert')
    let next: () => Promise<void> = async () => undefined

    async function choose(): Promise<void> {
      try {
        const path = await chooseArchive(t('archive.open.title'), t('archive.open.kind'))
        if (path === '' || !(await mayLeave())) return
        await openArchive(path, link.content)
        leave(() => arrive(link))
      } catch (thrown) {
        problem.textContent = failureText(Failure.of(thrown))
      }
    }
    function leave(then: () => Promise<void>): void {
      next = then
      modal.close()
    }

    const modal = openModal(signal, {
      title: t('launch.archiveUnknown'),
      body: html`${sentence(link)}
        ${live ? html`<p>${t('launch.archiveLive', { name: visible(live.target.name) })}</p>` : nothing}
        ${problem}`,
      close: t('action.cancel'),
      footer: html`${
        live
          ? html`<button type="button" class="btn btn-outline-primary" @click=${() => leave(live.follow)}>
              ${t('launch.archiveLiveOpen', { name: visible(live.target.name) })}
            </button>`
          : nothing
      }<button type="button" class="btn btn-primary" @click=${() => void choose()}>${t('launch.archiveChoose')}</button>`,
      onClose: () => next().then(resolve, reject),
    })
  })
}

function sentence({ file, content }: ArchiveLink): TemplateResult {
  const named = file === '' ? t('launch.archiveNameless') : t('launch.archiveNamed', { file: visible(file) })
  return html`<p>${named}</p>
    <p class="ops-soft">${t('launch.archiveContent')} <span class="ops-mono">${visible(content)}</span></p>`
}
