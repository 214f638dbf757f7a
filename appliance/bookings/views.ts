import { type Static, Type } from 'typebox'
import { nullable } from '../base/schemas.ts'
import { Office } from '../base/web/office-view.ts'
import { Published } from '../office/published-view.ts'

export const BookingState = Type.Union([
  Type.Literal('open'),
  Type.Literal('arrived'),
  Type.Literal('no-show'),
  Type.Literal('cancelled'),
  Type.Literal('office-closed', { description: 'The office closed on its day after it was made' }),
])
export type BookingState = Static<typeof BookingState>

/** A booking as its phone shows it. */
export const BookingView = Type.Object({
  office: Office,
  booking: Type.String({ description: 'Twelve random characters: the address of its page' }),
  code: Type.String({ description: 'Four digits for kiosk and desk' }),
  service: Type.String({ description: 'Public name of the service' }),
  requires: Type.Array(Type.String()),
  published: Published,
  fromAt: Type.Integer(),
  untilAt: Type.Integer(),
  state: BookingState,
  mayArriveAt: Type.Integer({ description: 'From then on its number can be taken' }),
  ticket: nullable(Type.String({ description: 'Once arrived: its ticket' })),
})
export type BookingView = Static<typeof BookingView>

/** What can be booked, by service. */
export const BookingOffers = Type.Object({
  office: Office,
  services: Type.Array(
    Type.Object({
      service: Type.String(),
      prefix: Type.String(),
      name: Type.String(),
      requires: Type.Array(Type.String()),
      published: Published,
      days: Type.Array(
        Type.Object({
          day: Type.String({ description: '2026-11-23' }),
          windows: Type.Array(
            Type.Object({
              from: Type.Integer({ description: 'Minutes since local midnight: what a booking names' }),
              fromAt: Type.Integer(),
              untilAt: Type.Integer(),
              left: Type.Integer({ description: 'Places left' }),
            }),
          ),
        }),
      ),
    }),
  ),
})
export type BookingOffers = Static<typeof BookingOffers>
