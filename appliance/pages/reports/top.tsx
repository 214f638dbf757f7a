import { Mark } from '../ui/mark.tsx'
import { t } from '../ui/messages.ts'
import { Account } from '../ui/staff/account.tsx'
import type { Me } from '../ui/staff/session.ts'
import './reports.css'

type Props = { name: string; here: 'today' | 'reports'; me: Me }

/** The head of both pages, and the way between them. */
export function Top({ name, here, me }: Props) {
  const places = [
    ['today', '/today', t('reports.today')],
    ['reports', '/reports', t('reports.title')],
    ['admin', '/admin', t('reports.settings')],
  ] as const
  return (
    <header class="top">
      <Mark />
      <b>{name}</b>
      <nav class="places">
        {places.map(([place, path, word]) => (
          <a key={place} href={path} aria-current={place === here ? 'page' : undefined}>
            {word}
          </a>
        ))}
      </nav>
      <div class="end">
        <Account me={me} />
      </div>
    </header>
  )
}
