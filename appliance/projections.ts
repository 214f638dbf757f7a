import type { Projection } from './base/journal/journal.ts'
import type { Db } from './base/store/store.ts'
import { createLanProjection } from './devices/projection.ts'
import { createPeopleProjection } from './people/projection.ts'
import { createPrintProjection } from './print/projection.ts'
import { createQueueProjection } from './queue/projection.ts'
import { createReportsProjection } from './reports/projection.ts'
import { createVoiceProjection } from './voice/projection.ts'

/** Every room's projection for one database, in the order of folding. */
export const allProjections = (db: Db): Projection[] => [
  createQueueProjection(db),
  createPeopleProjection(db),
  createLanProjection(db),
  createVoiceProjection(db),
  createPrintProjection(db),
  createReportsProjection(db),
]

/** The tables that projections write: what `balai rebuild` folds again and compares. */
export const foldedTables = [
  'service',
  'counter',
  'counter_service',
  'office_day',
  'series',
  'ticket',
  'chained_service',
  'queue_settings',
  'call',
  'notice',
  'survey',
  'hours',
  'holiday',
  'booking',
  'wait_score',
  'account',
  'device',
  'voice_settings',
  'printer_settings',
  'day_begun',
] as const
