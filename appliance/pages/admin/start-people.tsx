import { useSignal } from '@preact/signals'
import type { AdminView } from '../../screens/admin-view.ts'
import { find, t } from '../ui/messages.ts'
import { PersonForm } from './person-form.tsx'

type Props = { people: AdminView['people']; next: () => void }

/** Who works here: at least one clerk. */
export function PeopleStep({ people, next }: Props) {
  const clerks = people.filter(({ role, active }) => role === 'clerk' && active)
  const adding = useSignal(clerks.length === 0)
  return (
    <>
      <ul class="names">
        {people.map(({ account, name, role }) => (
          <li key={account}>
            <b>{name}</b> <span class="quiet">{find(`staff.role-${role}`) ?? role}</span>
          </li>
        ))}
      </ul>
      {adding.value && (
        <PersonForm
          person={null}
          close={() => {
            adding.value = false
          }}
        />
      )}
      {!adding.value && (
        <div class="buttons">
          <button type="button" class="button button-main" disabled={clerks.length === 0} onClick={next}>
            {t('admin.start-next')}
          </button>
          <button
            type="button"
            class="button"
            onClick={() => {
              adding.value = true
            }}
          >
            {t('admin.add-person')}
          </button>
        </div>
      )}
    </>
  )
}
