import { planApplySettings, planResetSetting, planSetSetting } from '../../api/operations.ts'
import { may } from '../../api/session.ts'
import type { Setting } from '../../api/settings.ts'
import { t } from '../../text/text.ts'
import type { Action } from '../../ui/menu.ts'
import { operate } from '../operate.ts'
import { type FieldRefusal, refusedField } from '../refusal.ts'
import { settingName } from './words.ts'

/** Whether this operator may change this setting, as far as the screen knows. */
export function mayChange(setting: Setting): boolean {
  return may('admin') && setting.editable
}

/** Writes a setting; `value` is JSON text. */
export function setSetting(
  signal: AbortSignal,
  setting: Setting,
  value: string,
  events: { done(): void; correct?(refusal: FieldRefusal): void },
): void {
  operate(signal, {
    title: t('settings.set.title', { name: settingName(setting) }),
    verb: t('settings.set.verb'),
    plan: () => planSetSetting(setting.key, value),
    correct(outcome) {
      const refusal = refusedField(outcome, { value: 'value' })
      return refusal && (() => events.correct?.(refusal))
    },
    done: events.done,
  })
}

/** Removes a setting's value, so that each process uses its own. */
export function resetSetting(signal: AbortSignal, setting: Setting, done: () => void): void {
  operate(signal, {
    title: t('settings.reset.title', { name: settingName(setting) }),
    verb: t('settings.reset.verb'),
    plan: () => planResetSetting(setting.key),
    done,
  })
}

/** What can be done with all settings. */
export function settingsActions(signal: AbortSignal, done: () => void): Action[] {
  if (!may('admin')) return []
  return [
    {
      label: t('settings.apply'),
      icon: 'bi-arrow-repeat',
      run: () =>
        operate(signal, {
          title: t('settings.apply.title'),
          verb: t('settings.apply.verb'),
          plan: planApplySettings,
          done,
        }),
    },
  ]
}
