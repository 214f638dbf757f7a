import { useSignal } from '@preact/signals'
import type { AdminView } from '../../screens/admin-view.ts'
import { t } from '../ui/messages.ts'
import { Field } from '../ui/staff/field.tsx'
import { Form } from '../ui/staff/section.tsx'
import { SelectField } from '../ui/staff/select-field.tsx'
import { useSubmit } from '../ui/staff/submit.ts'
import { NewPin } from './pin-form.tsx'

type Person = AdminView['people'][number]

export function PersonForm({ person, close }: { person: Person | null; close: () => void }) {
  const name = useSignal(person?.name ?? '')
  const role = useSignal<string>(person?.role ?? 'clerk')
  const pin = useSignal('')
  const { submit, busy, problemOf } = useSubmit(
    {
      'people.name-taken': 'name',

      'people.may-not': 'role',
      'people.last-technician': 'role',
      'people.pin-weak': 'pin',
      'people.pin-missing': 'pin',
    },
    ['name', 'role', 'pin'],
  )

  async function save() {
    const body = { name: name.value.trim(), role: role.value }
    const saved = await submit((send) =>
      person
        ? send('PUT', `/api/people/${person.account}`, body)
        : send('POST', '/api/people', { ...body, pin: pin.value }),
    )
    if (saved) close()
  }

  const roles = [
    ['clerk', t('staff.role-clerk')],
    ['secretary', t('staff.role-secretary')],
    ['head', t('staff.role-head')],
    ['technician', t('staff.role-technician')],
  ]
  return (
    <Form save={save} busy={busy} close={close} problem={problemOf(null)}>
      <Field
        label={t('admin.name')}
        hint={t('admin.person-name-what')}
        value={name}
        problem={problemOf('name')}
        required
        maxLength={40}
      />
      <SelectField label={t('admin.role')} value={role} hint={t('admin.role-what')} problem={problemOf('role')}>
        {roles.map(([value, word]) => (
          <option key={value} value={value}>
            {word}
          </option>
        ))}
      </SelectField>
      {!person && <NewPin pin={pin} problem={problemOf('pin')} />}
    </Form>
  )
}
