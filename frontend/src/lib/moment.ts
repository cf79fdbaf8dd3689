/** The moment that an archive is looked at; undefined while time goes by, as in a live environment. */
let moment: Date | undefined

/** Makes the screens take a moment for the present; undefined = the machine's own clock. */
export function holdTime(at: Date | undefined): void {
  moment = at
}

/** Whether time stands still, as in an archive: nothing grows old and nothing is read again. */
export function timeStands(): boolean {
  return moment !== undefined
}

/** The present of what is shown: now, or the moment that an archive is looked at. */
export function nowShown(): Date {
  return moment === undefined ? new Date() : new Date(moment)
}
