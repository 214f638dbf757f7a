import type { AdminView } from '../../screens/admin-view.ts'
import { now } from '../ui/clock.ts'
import { formatTime } from '../ui/format.ts'
import { find, t } from '../ui/messages.ts'
import { initials } from '../ui/staff/initials.ts'
import { Row } from '../ui/staff/row.tsx'
import { Section } from '../ui/staff/section.tsx'
import { PersonForm } from './person-form.tsx'
import { PinForm } from './pin-form.tsx'

type Person = AdminView['people'][number]

export function People({ people }: { people: Person[] }) {
  return (
    <Section
      title={t('admin.people')}
      what={t('admin.people-what')}
      add={t('admin.add-person')}
      form={(close) => <PersonForm person={null} close={close} />}
      empty={people.length ? null : t('admin.no-people')}
    >
      {people.map((person) => (
        <Row
          key={person.account}
          badge={initials(person.name)}
          title={person.name}
          what={describe(person)}
          closed={person.active ? null : t('admin.inactive')}
          forms={[
            { label: t('admin.edit'), form: (close) => <PersonForm person={person} close={close} /> },
            { label: t('admin.new-pin'), form: (close) => <PinForm person={person} close={close} /> },
          ]}
          actions={[
            { label: t('admin.unlock'), path: `/api/people/${person.account}/unlock`, hidden: !isLockedOut(person) },
            { label: t('admin.deactivate'), path: `/api/people/${person.account}/close`, hidden: !person.active },
            { label: t('admin.activate'), path: `/api/people/${person.account}/open`, hidden: person.active },
          ]}
        />
      ))}
    </Section>
  )
}

const isLockedOut = (person: Person) => person.lockedUntil !== null && person.lockedUntil > now.value

function describe(person: Person): string {
  const facts = [find(`staff.role-${person.role}`) ?? person.role]
  if (!person.hasPin) facts.push(t('admin.no-pin'))
  if (isLockedOut(person) && person.lockedUntil)
    facts.push(t('admin.locked-until', { time: formatTime(person.lockedUntil) }))
  return facts.join(' · ')
}
