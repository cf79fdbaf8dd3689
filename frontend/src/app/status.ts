import { html, nothing, render } from 'lit-html'
import { session } from '../api/session.ts'
import { count, localOffset } from '../lib/format.ts'
import { preferences, setPreferences } from '../lib/preferences.ts'
import { t } from '../text/text.ts'

function choice<T extends string>(
  id: string,
  label: string,
  current: T,
  options: readonly (readonly [T, string])[],
  choose: (value: T) => void,
) {
  const onChange = (event: Event) => {
    const chosen = options.find(([value]) => value === (event.target as HTMLSelectElement).value)
    if (chosen) choose(chosen[0])
  }
  return html`<label class="ops-status-choice"
    ><span>${label}</span>
    <select class="form-select form-select-sm" id=${id} @change=${onChange}>
      ${options.map(([value, name]) => html`<option value=${value} .selected=${value === current}>${name}</option>`)}
    </select></label
  >`
}

/** Draws the status bar: language, theme, zone with its offset, queries a minute (-1: none), a link, keys, help, version. */
export function drawStatus(
  element: HTMLElement,
  queries: number,
  show: { link(): void; keys(): void; help(): void },
): void {
  const chosen = preferences()
  render(
    html`${choice(
      'ops-language',
      t('status.language'),
      chosen.language,
      [
        ['ja', '日本語'],
        ['en', 'English'],
      ],
      (language) => setPreferences({ language }),
    )}
    ${choice(
      'ops-theme',
      t('status.theme'),
      chosen.theme,
      [
        ['system', t('status.theme.system')],
        ['light', t('status.theme.light')],
        ['dark', t('status.theme.dark')],
        ['contrast', t('status.theme.contrast')],
      ],
      (theme) => setPreferences({ theme }),
    )}
    ${choice(
      'ops-zone',
      t('status.zone'),
      chosen.zone,
      [
        ['local', t('status.zone.local', { offset: localOffset(new Date()) })],
        ['utc', t('status.zone.utc')],
      ],
      (zone) => setPreferences({ zone }),
    )}
    <span class="ops-status-space"></span>
    ${
      queries < 0
        ? nothing
        : html`<span class="ops-status-queries" title=${t('status.queries.title')}>${t('status.queries', { n: count(queries) })}</span>`
    }
    ${
      session().environment
        ? html`<button type="button" class="ops-status-button" title=${t('status.linkTitle')} @click=${show.link}>
            ${t('status.link')} <kbd>y</kbd>
          </button>`
        : nothing
    }
    <button type="button" class="ops-status-button" @click=${show.keys}>${t('status.keys')} <kbd>?</kbd></button>
    <button type="button" class="ops-status-button" @click=${show.help}>${t('status.help')} <kbd>F1</kbd></button>
    <span class="ops-status-version">${t('status.version', { version: session().version })}</span>`,
    element,
  )
}
