import { tidyText } from '../../appliance/base/tidy-text.ts'

const longest = 500

/**
 * A text that a box or a broker said, as PostgreSQL and any JSON reader take it and people can read it: the rule for what
 * people type, and not endless.
 */
export const cleanText = (text: string): string =>
  tidyText(text.slice(0, 8 * longest))
    .slice(0, longest)
    .toWellFormed()
