import { type Static, Type } from 'typebox'
import { nullable } from '../base/schemas.ts'
import { Office } from '../base/web/office-view.ts'
import { Week } from '../base/week.ts'
import { DatasetView } from '../datasets/views.ts'
import { Published } from '../office/published-view.ts'
import { WholeSettings } from '../office/settings.ts'
import { PrinterSettings } from '../print/events.ts'
import { DocumentPrinterView, PrinterView } from '../print/views.ts'
import { NumbersRefused } from '../queue/ticket-view.ts'
import { VoiceSettings } from '../voice/events.ts'

export type { Span, Week } from '../base/week.ts'

/** A service as the regency has it. */
const CatalogueText = Type.Object({ name: Type.String(), requires: Type.Array(Type.String()), minutes: Type.Integer() })

export const AdminView = Type.Object({
  office: Office,
  services: Type.Array(
    Type.Object({
      service: Type.String(),
      prefix: Type.String(),
      name: Type.String(),
      publicName: nullable(Type.String({ description: 'What the waiting room reads, if it is not the name' })),
      requires: Type.Array(Type.String()),
      minutes: Type.Integer(),
      collection: Type.Boolean(),
      open: Type.Boolean(),
      quota: nullable(Type.Integer({ description: 'Numbers a day; null: no limit' })),
      week: nullable(Week),
      code: nullable(Type.String({ description: 'Of the regency’s catalogue; null: the village’s own' })),
      published: Published,
      conflicts: Type.Array(
        Type.Object({
          member: Type.Union([Type.Literal('name'), Type.Literal('requires'), Type.Literal('minutes')]),
          theirs: Type.String(),
        }),
        { description: 'What the regency has changed where the village has its own' },
      ),
      theirs: nullable(CatalogueText),
    }),
  ),
  regency: Type.Object({
    datasets: Type.Array(DatasetView),
    services: Type.Array(Type.Object({ code: Type.String(), ...CatalogueText.properties }), {
      description: 'Of its catalogue, those that this office does not have',
    }),
    holidays: Type.Array(Type.Object({ day: Type.String(), name: Type.String(), waived: Type.Boolean() })),
    week: nullable(Week),
  }),
  week: nullable(Week),
  holidays: Type.Array(Type.Object({ day: Type.String(), name: Type.String() })),
  settings: WholeSettings,
  voice: VoiceSettings,
  recordings: Type.Array(Type.String(), { description: 'Clips that this office recorded itself' }),
  printer: Type.Object({
    settings: PrinterSettings,
    now: PrinterView,
    documents: DocumentPrinterView,
    found: Type.Array(
      Type.Object({ target: Type.String(), name: Type.String({ description: 'As its maker has it' }) }),
      {
        description: 'Printers that are plugged in',
      },
    ),
  }),
  screens: Type.Array(
    Type.Object({
      device: Type.String({ description: 'kiosk:1, display:2' }),
      name: Type.String(),
      open: Type.Boolean({ description: 'Its page is open now' }),
    }),
  ),
  refuses: NumbersRefused,
  start: Type.Object({
    address: Type.String({ description: 'Of this box, as screens of the office open it' }),
    served: Type.Boolean({ description: 'A ticket was served to its end once' }),
    usual: Type.Array(
      Type.Object({
        prefix: Type.String(),
        name: Type.String(),
        requires: Type.Array(Type.String()),
        minutes: Type.Integer(),
      }),
      { description: 'Services to begin with' },
    ),
  }),
  counters: Type.Array(
    Type.Object({
      counter: Type.String(),
      name: Type.String(),
      services: Type.Array(Type.String()),
      open: Type.Boolean(),
      autoCall: Type.Boolean(),
    }),
  ),
  people: Type.Array(
    Type.Object({
      account: Type.String(),
      name: Type.String(),
      role: Type.Union([
        Type.Literal('clerk'),
        Type.Literal('secretary'),
        Type.Literal('head'),
        Type.Literal('technician'),
      ]),
      active: Type.Boolean(),
      hasPin: Type.Boolean(),
      lockedUntil: nullable(Type.Integer()),
    }),
  ),
  notice: Type.Object({ text: Type.String(), until: nullable(Type.String({ description: 'Last day: 2026-11-30' })) }),
})
export type AdminView = Static<typeof AdminView>
