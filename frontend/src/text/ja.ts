import { common } from './ja/common.ts'
import { errors } from './ja/errors.ts'
import { frame } from './ja/frame.ts'
import { welcome } from './ja/welcome.ts'
import { widgets } from './ja/widgets.ts'
import { workers } from './ja/workers.ts'

/** Every Japanese text. */
export const ja = { ...common, ...errors, ...frame, ...welcome, ...widgets, ...workers } as const
