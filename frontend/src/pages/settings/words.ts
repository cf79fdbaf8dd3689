import type { Setting } from '../../api/settings.ts'
import { visible } from '../../lib/hostile.ts'
import { t, tryText } from '../../text/text.ts'

/** What a setting is called: the contract's name, else the scheduler's own, else its key. */
export function settingName(setting: Pick<Setting, 'key' | 'help'>): string {
  const own = setting.help?.title ?? ''
  return tryText(`setting.${setting.key}`, {}) ?? (own === '' ? visible(setting.key) : visible(own))
}

/** What it does; "" where only the scheduler's own help says so. */
export function settingAbout(key: string): string {
  return tryText(`setting.${key}.about`, {}) ?? ''
}

/** What settings of its group are about. */
export function groupName(group: string): string {
  return tryText(`settings.group.${group === '' ? 'other' : group}`, {}) ?? visible(group)
}

/** A value as an operator says it: on and off for truth values. */
export function valueWords(type: string, value: string): string {
  if (type !== 'boolean') return visible(value)
  return truthy(value) ? t('settings.on') : t('settings.off')
}

/** Reads a truth value as processes do. */
export function truthy(value: string): boolean {
  return !['', '0', 'false', 'False', 'no', 'No'].includes(value.trim())
}

/** What a process takes without a value from anywhere. */
export function defaultWords(setting: Pick<Setting, 'known' | 'type' | 'default' | 'secret'>): string {
  if (!setting.known) return ''
  if (setting.default === '') return t('settings.empty')
  return valueWords(setting.type, setting.default)
}

/** What may be entered: "1 to 50", "at least 1"; "" for anything. */
export function boundsWords(setting: Pick<Setting, 'min' | 'max' | 'choices' | 'type'>): string {
  const { min, max } = setting
  if (setting.type === 'choice') return setting.choices.map((c) => visible(c)).join(', ')
  if (min !== '' && max !== '') return t('settings.bounds.both', { min, max })
  if (min !== '') return t('settings.bounds.min', { min })
  return max === '' ? '' : t('settings.bounds.max', { max })
}
