import { Type } from 'typebox'
import { closedType } from '../schemas.ts'
import { event } from './event-registry.ts'

/* What the box writes about itself. */

/** The most names in one `journal.private-erased`. */
export const mostErased = 300

export const journalEvents = {
  'journal.epoch-began': event(
    'ignore',
    closedType({
      serial: Type.String({ maxLength: 80, description: 'Hardware serial' }),
      card: Type.String({ maxLength: 80, description: 'Card id' }),
      continues: Type.Union([
        Type.Tuple([Type.String(), Type.Integer(), Type.String()], { description: '[epoch, seq, hash]' }),
        Type.Null(),
      ]),
      why: Type.Optional(
        Type.Union(
          [
            Type.Literal('made'),
            Type.Literal('hardware'),
            Type.Literal('restored'),
            Type.Literal('other-past'),
            Type.Literal('damaged'),
          ],
          { description: 'Why this journal may no longer be the only continuation of its past' },
        ),
      ),
    }),
  ),
  /** Once a day: what this box wrote since the last of these, for the regency to count again (rule 15). */
  'journal.day-totalled': event(
    'ignore',
    closedType({
      places: Type.Array(Type.Tuple([Type.String(), Type.Integer(), Type.Integer()]), {
        description: '[epoch, from, to], both included',
      }),
      counts: Type.Record(Type.String(), Type.Integer(), { description: 'Entries at these places, by type' }),
    }),
  ),
  /** The private parts of these entries have ended, here and wherever they came to (wire SYNC-019). */
  'journal.private-erased': event(
    'record',
    closedType({
      names: Type.Array(Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' }), {
        minItems: 1,
        maxItems: mostErased,
        description: 'Names of the entries, base64url',
      }),
    }),
  ),
}
