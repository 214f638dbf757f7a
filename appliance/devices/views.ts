import { type Static, Type } from 'typebox'
import { closed } from '../base/schemas.ts'

/** What the screen at the machine itself shows. */
export const AttachedScreen = Type.Object(
  {
    page: Type.Union([
      Type.Literal('none', { description: 'Its state in words, or nothing' }),
      Type.Literal('kiosk'),
      Type.Literal('display'),
    ]),
    turned: Type.Union([Type.Literal(0), Type.Literal(90), Type.Literal(180), Type.Literal(270)], {
      description: 'Degrees; portrait is 90 or 270',
    }),
  },
  closed,
)
export type AttachedScreen = Static<typeof AttachedScreen>

export const AttachedScreenView = Type.Object({
  possible: Type.Union([
    Type.Literal('yes'),
    Type.Literal('no-browser', { description: 'The machine has none, or nothing that would show it' }),
    Type.Literal('memory', { description: 'Less than 1 GB: a browser would take what the box needs' }),
  ]),
  ...AttachedScreen.properties,
})
export type AttachedScreenView = Static<typeof AttachedScreenView>
