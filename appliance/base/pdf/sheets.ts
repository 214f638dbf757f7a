/** Papers of offices, in mm. F4 is what they call folio. */
export const sheets = { F4: { width: 215, height: 330 }, A4: { width: 210, height: 297 } } as const
export type SheetName = keyof typeof sheets
