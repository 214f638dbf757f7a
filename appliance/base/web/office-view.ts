import { type Static, Type } from 'typebox'

/*
 * The head of every view. Views are what the pages show, whole each time (design: views, not events); a file here for
 * each page. Times are ms since 1970 UTC by the box's clock; `now` is that clock when the view was made, so that a page
 * can tell ages whatever its own clock says.
 */

export const ClockTrust = Type.Union([Type.Literal('synced'), Type.Literal('confirmed'), Type.Literal('doubtful')])

/** The head of every view: which office, what time it is there, and how much that time is worth. */
export const Office = Type.Object({
  village: Type.String({ description: 'Village code, ten digits' }),
  name: Type.String({ description: 'As on its sign: "Desa Tamansari"' }),
  district: Type.String({ description: 'Name of the kecamatan' }),
  zone: Type.String({ description: 'IANA time zone: Asia/Jakarta, Asia/Makassar or Asia/Jayapura' }),
  now: Type.Integer(),
  clock: ClockTrust,
  drafts: Type.Array(Type.String(), { description: 'Codes of the draft languages that this office offers' }),
})
export type Office = Static<typeof Office>
