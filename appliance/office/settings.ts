import { type Static, Type } from 'typebox'

/** Of the languages that are drafts (`pages/drafts`), those that an office may offer. */
export const draftLanguages = ['jv', 'osi'] as const
const DraftLanguage = Type.Union([Type.Literal('jv'), Type.Literal('osi')])

/** How this office calls. Set at `/admin`; whole each time. */
export const QueueSettings = Type.Object(
  {
    recalls: Type.Integer({ minimum: 0, maximum: 9, description: 'Recalls before a ticket is offered as missed' }),
    missAfterSeconds: Type.Integer({ minimum: 10, maximum: 600, description: 'Wait after the last call, seconds' }),
    returnAfter: Type.Integer({
      minimum: 1,
      maximum: 50,
      description: 'Further calls of its service until a missed ticket comes back',
    }),
    normalsPerPriority: Type.Integer({
      minimum: 1,
      maximum: 9,
      description: 'Ordinary tickets between two with priority, at each counter',
    }),
    autoCallSeconds: Type.Integer({
      minimum: 0,
      maximum: 120,
      description: 'After a completed ticket the next is called by itself, seconds; 0: never',
    }),
    // From here on: absent in entries of older boxes.
    earlyMinutes: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 240, description: 'Tickets are given so long before the office opens' }),
    ),
    closeAfterMinutes: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 720, description: 'Open tickets are closed so long after the last closing' }),
    ),
    dayBeginsHour: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 12, description: 'Local hour at which numbers begin at 001' }),
    ),
    bookingsPerWindow: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 20, description: 'Bookings of a service in one window; 0: none are taken' }),
    ),
    windowMinutes: Type.Optional(
      Type.Integer({ minimum: 15, maximum: 120, description: 'Length of an arrival window' }),
    ),
    bookingDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 60, description: 'How many days ahead' })),
    bookedPercent: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 100, description: 'Share of a quota that bookings may take' }),
    ),
    phonePercent: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 100,
        description: 'Share of the places of a day that phones may book; the rest is for kiosk and desk. 0: none',
      }),
    ),
    graceMinutes: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 120, description: 'A booking is kept so long after its window' }),
    ),
    draftLanguages: Type.Optional(
      Type.Array(DraftLanguage, {
        uniqueItems: true,
        maxItems: draftLanguages.length,
        description: 'Languages that kiosk and phone offer though nobody has read their words yet',
      }),
    ),
  },
  { additionalProperties: false },
)

/** With every setting, as it is set and read. */
export const WholeSettings = Type.Required(QueueSettings, { additionalProperties: false })
export type WholeSettings = Static<typeof WholeSettings>

export const defaultSettings: WholeSettings = {
  recalls: 3,
  missAfterSeconds: 60,
  returnAfter: 5,
  normalsPerPriority: 2,
  autoCallSeconds: 0,
  earlyMinutes: 30,
  closeAfterMinutes: 60,
  dayBeginsHour: 0,
  bookingsPerWindow: 2,
  windowMinutes: 30,
  bookingDays: 7,
  bookedPercent: 50,
  phonePercent: 60,
  graceMinutes: 15,
  draftLanguages: [],
}
