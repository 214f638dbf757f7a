import { Download } from 'lucide-preact'
import { language, t } from '../ui/messages.ts'

type Props = {
  /** The year that is shown, and those that there are. */
  shown: { year: number; years: readonly number[] }
  choose: (year: number) => void
  /** Where sheet and paper are had; null: this person takes none. */
  take: 'register' | 'dispatches' | null
}

/** What stands beside the title of a book that an office keeps by year: which year, and the year as sheet and paper. */
export function BookTools({ shown: { year, years }, choose, take }: Props) {
  return (
    <>
      {years.length > 1 && (
        <label class="year">
          {t('letters.year')}{' '}
          <select value={year} onChange={({ currentTarget }) => choose(Number(currentTarget.value))}>
            {years.map((one) => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
          </select>
        </label>
      )}
      {take &&
        (['csv', 'pdf'] as const).map((kind) => (
          <a
            key={kind}
            class="button"
            download
            href={`/api/letters/${take}.${kind}?year=${year}&language=${language.value}`}
          >
            <Download class="icon" strokeWidth={1.8} aria-hidden="true" />
            {t(`letters.take-${kind}`)}
          </a>
        ))}
    </>
  )
}
