import { formatOfficeDay } from './format.ts'

/** A date field shows its day as the PC's language does, 11/23/2026 on many: here it stands in the page's own words. */
export const DayWords = ({ day }: { day: string }) => <small class="quiet day-words">{formatOfficeDay(day)}</small>
