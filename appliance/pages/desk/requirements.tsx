import type { Published } from '../../office/published-view.ts'
import { t } from '../ui/messages.ts'
import { describePublished } from '../ui/published.ts'

/** What this service asks for, to tick off while the papers come out of the bag. Kept nowhere. */
export function Requirements({ requires, published }: { requires: string[]; published: Published }) {
  if (!requires.length && !published) return null
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
      {published && <p class="quiet">{describePublished(published)}</p>}
    </section>
  )
}
