/** Puts an error at its field, tells assistive technology so, and takes it away at the next change. */
export function fieldError(field: HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement, message: string): void {
  clearFieldError(field)
  const note = document.createElement('div')
  note.className = 'invalid-feedback'
  note.id = `${field.id || field.name}-error`
  note.textContent = message
  field.classList.add('is-invalid')
  field.setAttribute('aria-invalid', 'true')
  field.setAttribute('aria-describedby', note.id)
  field.after(note)
  field.addEventListener('input', () => clearFieldError(field), { once: true })
}

/** Takes a field's error away. */
export function clearFieldError(field: HTMLElement): void {
  field.classList.remove('is-invalid')
  field.removeAttribute('aria-invalid')
  field.removeAttribute('aria-describedby')
  if (field.nextElementSibling?.classList.contains('invalid-feedback')) field.nextElementSibling.remove()
}

/**
 * Shows errors by field name and puts the focus on the first of them. Names that the form doesn't have come back, for
 * the caller to say elsewhere.
 */
export function showFieldErrors(form: HTMLFormElement, errors: Readonly<Record<string, string>>): string[] {
  const missing: string[] = []
  let first: HTMLElement | undefined
  for (const [name, message] of Object.entries(errors)) {
    const field = form.elements.namedItem(name)
    if (
      field instanceof HTMLInputElement ||
      field instanceof HTMLSelectElement ||
      field instanceof HTMLTextAreaElement
    ) {
      fieldError(field, message)
      first ??= field
    } else missing.push(name)
  }
  first?.focus()
  return missing
}
