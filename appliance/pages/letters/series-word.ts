import { t } from '../ui/messages.ts'

/** What a row of numbers is called: a classification by its digits. */
export const seriesWord = (series: string): string =>
  series === 'letters' || series === 'mail' || series === 'all' ? t(`letters.series-${series}`) : series
