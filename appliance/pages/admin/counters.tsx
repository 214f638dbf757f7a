import { useSignal } from '@preact/signals'
import type { AdminView } from '../../screens/admin-view.ts'
import { t } from '../ui/messages.ts'
import { Field } from '../ui/staff/field.tsx'
import { Row } from '../ui/staff/row.tsx'
import { Form, Section } from '../ui/staff/section.tsx'
import { useSubmit } from '../ui/staff/submit.ts'

type Counter = AdminView['counters'][number]
type Service = AdminView['services'][number]

export function Counters({ counters, services }: { counters: Counter[]; services: Service[] }) {
  const names = (ids: string[]) =>
    services
      .filter((service) => ids.includes(service.service))
      .map((service) => `${service.prefix} ${service.name}`)
      .join(', ')
  return (
    <Section
      title={t('admin.counters')}
      what={t('admin.counters-what')}
      add={t('admin.add-counter')}
      form={(close) => <CounterForm counter={null} services={services} close={close} />}
      empty={counters.length ? null : t('admin.no-counters')}
    >
      {counters.map((counter) => (
        <Row
          key={counter.counter}
          title={counter.name}
          what={names(counter.services) || t('admin.serves-nothing')}
          closed={counter.open ? null : t('admin.closed')}
          forms={[
            {
              label: t('admin.edit'),
              form: (close) => <CounterForm counter={counter} services={services} close={close} />,
            },
          ]}
          actions={[
            { label: t('admin.close'), path: `/api/counters/${counter.counter}/close`, hidden: !counter.open },
            { label: t('admin.open'), path: `/api/counters/${counter.counter}/open`, hidden: counter.open },
          ]}
        />
      ))}
    </Section>
  )
}

type FormProps = { counter: Counter | null; services: Service[]; close: () => void }

function CounterForm({ counter, services, close }: FormProps) {
  const name = useSignal(counter?.name ?? '')
  const chosen = useSignal<string[]>(counter?.services ?? [])
  const autoCall = useSignal(counter?.autoCall ?? true)
  const { submit, busy, problemOf } = useSubmit({ 'queue.service-unknown': 'services' }, ['name', 'services'])

  async function save() {
    const body = { name: name.value.trim(), services: chosen.value, autoCall: autoCall.value }
    const saved = await submit((send) =>
      counter ? send('PUT', `/api/counters/${counter.counter}`, body) : send('POST', '/api/counters', body),
    )
    if (saved) close()
  }

  return (
    <Form save={save} busy={busy} close={close} problem={problemOf(null)}>
      <Field
        label={t('admin.name')}
        hint={t('admin.counter-name-what')}
        value={name}
        problem={problemOf('name')}
        required
        maxLength={40}
      />
      <fieldset class="field">
        <legend>{t('admin.serves')}</legend>
        <div class="choices">
          {services.map((service) => (
            <label key={service.service}>
              <input
                type="checkbox"
                checked={chosen.value.includes(service.service)}
                onChange={() => {
                  chosen.value = toggle(chosen.value, service.service)
                }}
              />
              {service.prefix} {service.name}
            </label>
          ))}
        </div>
        {problemOf('services') && (
          <small class="wrong" role="alert">
            {problemOf('services')}
          </small>
        )}
      </fieldset>
      <div class="field">
        <div class="choices">
          <label>
            <input
              type="checkbox"
              checked={autoCall.value}
              onChange={() => {
                autoCall.value = !autoCall.value
              }}
            />
            {t('admin.counter-auto-call')}
          </label>
        </div>
        <small class="quiet">{t('admin.counter-auto-call-what')}</small>
      </div>
    </Form>
  )
}

const toggle = (list: string[], one: string) =>
  list.includes(one) ? list.filter((other) => other !== one) : [...list, one]
