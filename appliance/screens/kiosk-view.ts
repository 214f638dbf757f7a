import { type Static, Type } from 'typebox'
import { nullable } from '../base/schemas.ts'
import { Office } from '../base/web/office-view.ts'
import { Published } from '../office/published-view.ts'
import { PrinterView } from '../print/views.ts'
import { NumbersRefused, ServiceState, WaitRange } from '../queue/ticket-view.ts'

export const KioskView = Type.Object({
  office: Office,
  printer: PrinterView,
  refuses: NumbersRefused,
  services: Type.Array(
    Type.Object({
      service: Type.String(),
      prefix: Type.String({ description: 'One letter, A to Z' }),
      name: Type.String(),
      requires: Type.Array(Type.String(), { description: 'What to bring' }),
      published: Published,
      open: Type.Boolean({ description: 'A number is given now' }),
      state: ServiceState,
      opensAt: nullable(Type.Integer({ description: 'When it is open again, if that is known' })),
      collection: Type.Boolean({ description: 'Finished papers are fetched here' }),
      ahead: Type.Integer({ description: 'About how many are called before whoever takes a number of it now' }),
      wait: WaitRange,
    }),
  ),
  notice: Type.String({ description: 'Running text; empty when there is none' }),
  spoken: Type.Array(Type.String(), { description: 'Prefixes of services whose name the office has recorded' }),
  spokenPapers: Type.Array(Type.String(), {
    description: 'What services ask for, as far as the office has recorded it',
  }),
  finished: Type.Array(Type.Object({ ticket: Type.String(), number: Type.String() }), {
    description:
      'Served within the last hour and not asked yet, newest first: who rates the service picks the own number',
  }),
  bookings: Type.Boolean({ description: 'Arrival windows can be booked' }),
  bookingAddress: Type.String({ description: 'Address of the booking page on the LAN; drawn as a QR' }),
})
export type KioskView = Static<typeof KioskView>
