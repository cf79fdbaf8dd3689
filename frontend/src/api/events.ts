import { Get, List } from '../../wailsjs/go/desktop/Events'
import type { desktop } from '../../wailsjs/go/models'
import { call } from './bridge.ts'

/** Something that happened outside of the cluster. Its name in the browser is taken. */
export type ClusterEvent = Readonly<desktop.Event>
export type EventPage = Readonly<desktop.EventPage>
export type EventFilterRequest = desktop.EventFilter

/** A page of events, newest first, with the runs that they made. */
export async function listEvents(filter: EventFilterRequest, cursor: string, size: number): Promise<EventPage> {
  return call(() => List({ filter, cursor, size }))
}

/** One event with its whole payload. */
export async function getEvent(id: string): Promise<ClusterEvent> {
  return call(() => Get({ id }))
}
