/** How many backups stay in a folder; the oldest go. On a stick more: it has nothing else to do. */
export const keptBackups = { data: 7, stick: 30 } as const

/** How long what a restore has put aside is kept. */
export const asideDays = 30
