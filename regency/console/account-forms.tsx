import { type Signal, useSignal } from '@preact/signals'
import { readers as roles } from '../../appliance/base/web/callers.ts'
import { ask } from '../../appliance/pages/ui/api.ts'
import { t } from '../../appliance/pages/ui/messages.ts'
import { Field } from '../../appliance/pages/ui/staff/field.tsx'
import { PinField } from '../../appliance/pages/ui/staff/pin-field.tsx'
import { Form } from '../../appliance/pages/ui/staff/section.tsx'
import { SelectField } from '../../appliance/pages/ui/staff/select-field.tsx'
import { useSubmit } from '../../appliance/pages/ui/staff/submit.ts'
import type { AccountsView, Role } from './accounts-view.ts'

type Closing = { saved: () => void; close: () => void }
type OfOne = Closing & { of: AccountsView['accounts'][number] }

/** Beside which field a refusal stands. */
const places = { 'people.name-taken': 'name', 'people.pin-weak': 'pin' }
const fields = ['name', 'role', 'pin']

export function AddForm({ saved, close }: Closing) {
  const name = useSignal('')
  const role = useSignal<Role>('reader')
  const pin = useSignal('')
  const { submit, busy, problemOf } = useSubmit(places, fields)

  async function save() {
    const body = { name: name.value, role: role.value, pin: pin.value }
    if (await submit((send) => send('POST', '/api/accounts', body))) saved()
  }
  return (
    <Form save={save} busy={busy} close={close} problem={problemOf(null)}>
      <Field
        label={t('hub.account-name')}
        hint={t('hub.account-name-what')}
        value={name}
        problem={problemOf('name')}
        required
        maxLength={60}
        autocomplete="off"
      />
      <RoleField role={role} problem={problemOf('role')} hint={t(`hub.may-${role.value}`)} />
      <NewPin pin={pin} problem={problemOf('pin')} />
    </Form>
  )
}

export function RoleForm({ of, saved, close }: OfOne) {
  const role = useSignal<Role>(of.role)
  const { submit, busy, problemOf } = useSubmit(places, fields)

  async function save() {
    if (await submit(() => ask('PUT', `/api/accounts/${of.account}/role`, { role: role.value }))) saved()
  }
  return (
    <Form save={save} busy={busy} close={close} problem={problemOf(null)}>
      <RoleField
        role={role}
        problem={problemOf('role')}
        hint={`${t(`hub.may-${role.value}`)} ${t('hub.must-log-in')}`}
      />
    </Form>
  )
}

export function PinForm({ of, saved, close }: OfOne) {
  const pin = useSignal('')
  const { submit, busy, problemOf } = useSubmit(places, fields)

  async function save() {
    if (await submit(() => ask('PUT', `/api/accounts/${of.account}/pin`, { pin: pin.value }))) saved()
  }
  return (
    <Form save={save} busy={busy} close={close} problem={problemOf(null)}>
      <NewPin pin={pin} problem={problemOf('pin')} />
    </Form>
  )
}

/** Asked once more: an account that was closed does not come back. */
export const CloseForm = (one: OfOne) => (
  <DropForm {...one} path="" go={t('hub.close-account')} what={t('hub.close-what', { name: one.of.name })} />
)

/** For who has lost the phone. */
export const FactorForm = (one: OfOne) => (
  <DropForm
    {...one}
    path="/second-factor"
    go={t('hub.factor-drop')}
    what={t('hub.factor-drop-what', { name: one.of.name })}
  />
)

function DropForm({ of, saved, close, path, go, what }: OfOne & { path: string; go: string; what: string }) {
  const { submit, busy, problemOf } = useSubmit()

  async function save() {
    if (await submit(() => ask('DELETE', `/api/accounts/${of.account}${path}`))) saved()
  }
  return (
    <Form save={save} go={go} busy={busy} close={close} problem={problemOf(null)}>
      <p>{what}</p>
    </Form>
  )
}

type RoleProps = { role: Signal<Role>; hint: string; problem: string | undefined }

function RoleField({ role, hint, problem }: RoleProps) {
  return (
    <SelectField label={t('hub.role')} value={role} hint={hint} problem={problem}>
      {roles.map((one) => (
        <option key={one} value={one}>
          {t(`staff.role-${one}`)}
        </option>
      ))}
    </SelectField>
  )
}

/** Shown while typed: it is told to the other person, who changes it after the first log-in. */
const NewPin = ({ pin, problem }: { pin: Signal<string>; problem: string | undefined }) => (
  <PinField label={t('staff.new-pin')} hint={t('hub.pin-what')} {...{ pin, problem }} covered={false} />
)
