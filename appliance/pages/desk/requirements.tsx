import { t } from '../ui/messages.ts'

/** What this service asks for, to tick off while the papers come out of the bag. Kept nowhere. */
export function Requirements({ requires }: { requires: string[] }) {
  if (!requires.length) return null
  return (
    <section class="need checks">
      <h2>{t('desk.requires')}</h2>
      <ul>
        {requires.map((paper) => (
          <li key={paper}>
            <label>
              <input type="checkbox" />
              {paper}
            </label>
          </li>
        ))}
      </ul>
    </section>
  )
}
