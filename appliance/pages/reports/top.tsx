import { ask } from '../ui/api.ts'
import { Mark } from '../ui/mark.tsx'
import { t } from '../ui/messages.ts'
import { Account } from '../ui/staff/account.tsx'
import { heedRefusal, logOut, type Me, refreshSession } from '../ui/staff/session.ts'
import './reports.css'

type Props = { name: string; here: 'today' | 'reports'; me: Me }

/** The head of both pages, and the way between them. */
export function Top({ name, here, me }: Props) {
  return (
    <header class="top">
      <Mark />
      <b>{name}</b>
      {me.role === 'watcher' ? <EndWall /> : <Ways here={here} me={me} />}
    </header>
  )
}

function Ways({ here, me }: Omit<Props, 'name'>) {
  const places = [
    ['today', '/today', t('reports.today')],
    ['reports', '/reports', t('reports.title')],
    ['admin', '/admin', t('reports.settings')],
  ] as const
  return (
    <>
      <nav class="places">
        {places.map(([place, path, word]) => (
          <a key={place} href={path} aria-current={place === here ? 'page' : undefined}>
            {word}
          </a>
        ))}
      </nav>
      <div class="end">
        <Account me={me}>
          {here === 'today' && (
            <button type="button" class="button" onClick={() => void beWall()}>
              {t('reports.be-wall')}
            </button>
          )}
        </Account>
      </div>
    </>
  )
}

/** On the wall of the head's room: it shows for a month, locks never and does nothing. */
const EndWall = () => (
  <div class="end">
    <button type="button" class="button" onClick={() => logOut().catch(() => {})}>
      {t('reports.end-wall')}
    </button>
  </div>
)

async function beWall() {
  try {
    await ask('POST', '/api/session/watch', {})
  } catch (error) {
    heedRefusal(error)
  }
  await refreshSession()
}
