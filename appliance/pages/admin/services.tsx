import { useSignal } from '@preact/signals'
import type { AdminView } from '../../screens/admin-view.ts'
import { t } from '../ui/messages.ts'
import { describePublished } from '../ui/published.ts'
import { Field } from '../ui/staff/field.tsx'
import { Row } from '../ui/staff/row.tsx'
import { Form, Section } from '../ui/staff/section.tsx'
import { useSubmit } from '../ui/staff/submit.ts'
import { TextField } from '../ui/staff/text-field.tsx'

import { Conflicts, RegencyData } from './regency.tsx'

type Service = AdminView['services'][number]

export function Services({ services, regency }: { services: Service[]; regency: AdminView['regency'] }) {
  return (
    <>
      <Section
        title={t('admin.services')}
        what={t('admin.services-what')}
        add={t('admin.add-service')}
        form={(close) => <ServiceForm service={null} close={close} />}
        empty={services.length ? null : t('admin.no-services')}
      >
        {services.map((service) => (
          <Row
            key={service.service}
            badge={service.prefix}
            title={service.name}
            what={describe(service)}
            more={service.conflicts.length > 0 && <Conflicts service={service} />}
            closed={service.open ? null : t('admin.closed')}
            forms={[{ label: t('admin.edit'), form: (close) => <ServiceForm service={service} close={close} /> }]}
            actions={[
              { label: t('admin.close'), path: `/api/services/${service.service}/close`, hidden: !service.open },
              { label: t('admin.open'), path: `/api/services/${service.service}/open`, hidden: service.open },
            ]}
          />
        ))}
      </Section>
      {regency.services.length > 0 && (
        <section class="part">
          <h2>{t('admin.regency-services')}</h2>
          <p class="quiet">{t('admin.regency-services-what')}</p>
          <ul class="group">
            {regency.services.map((one) => (
              <Row
                key={one.code}
                title={one.name}
                what={[
                  t('admin.minutes', { n: one.minutes }),
                  one.requires.join(', ') || t('admin.requires-nothing'),
                ].join(' · ')}
                closed={null}
                forms={[
                  {
                    label: t('admin.regency-add'),
                    form: (close) => <ServiceForm service={null} from={one} close={close} />,
                  },
                ]}
                actions={[]}
              />
            ))}
          </ul>
        </section>
      )}
      <RegencyData datasets={regency.datasets} />
    </>
  )
}

const describe = ({ requires, minutes, publicName, quota, week, published }: Service) =>
  [
    publicName,
    t('admin.minutes', { n: minutes }),
    quota !== null && t('admin.quota', { n: quota }),
    week && t('admin.own-hours'),
    requires.join(', ') || t('admin.requires-nothing'),
    describePublished(published),
  ]
    .filter(Boolean)
    .join(' · ')

/** `from`: a service of the regency's catalogue that the new one follows. */
function ServiceForm({
  service,
  from = null,
  close,
}: {
  service: Service | null
  from?: AdminView['regency']['services'][number] | null
  close: () => void
}) {
  const prefix = useSignal(service?.prefix ?? '')
  const name = useSignal((service ?? from)?.name ?? '')
  const requires = useSignal((service ?? from)?.requires.join('\n') ?? '')
  const minutes = useSignal(String((service ?? from)?.minutes ?? 10))
  const publicName = useSignal(service?.publicName ?? '')
  const collection = useSignal(service?.collection ?? false)
  const quota = useSignal(service?.quota ? String(service.quota) : '')
  const { submit, busy, problemOf } = useSubmit(
    {
      'queue.prefix-taken': 'prefix',
    },
    ['prefix', 'name', 'requires', 'minutes', 'publicName', 'quota'],
  )

  async function save() {
    const body = {
      name: name.value.trim(),
      requires: requires.value
        .split('\n')
        .map((paper) => paper.trim())
        .filter(Boolean),
      minutes: Number(minutes.value),
      collection: collection.value,
      publicName: publicName.value.trim() || null,
    }
    const limit = quota.value ? Number(quota.value) : null
    const saved = await submit(async (send) => {
      if (!service)
        return send('POST', '/api/services', {
          prefix: prefix.value.trim().toUpperCase(),
          ...body,
          ...(from ? { code: from.code } : {}),
        })
      await send('PUT', `/api/services/${service.service}`, body)
      if (limit !== service.quota) await send('PUT', '/api/settings/quota', { service: service.service, quota: limit })
    })
    if (saved) close()
  }

  return (
    <Form save={save} busy={busy} close={close} problem={problemOf(null)}>
      {!service && (
        <Field
          label={t('admin.prefix')}
          hint={t('admin.prefix-what')}
          value={prefix}
          problem={problemOf('prefix')}
          required
          maxLength={1}
          pattern="[A-Za-z]"
          autocomplete="off"
          class="letter"
        />
      )}
      <Field
        label={t('admin.name')}
        hint={t('admin.service-name-what')}
        value={name}
        problem={problemOf('name')}
        required
        maxLength={60}
      />
      <Field
        label={t('admin.public-name')}
        hint={t('admin.public-name-what')}
        value={publicName}
        problem={problemOf('publicName')}
        maxLength={60}
      />
      <TextField
        label={t('admin.requires')}
        hint={t('admin.requires-what')}
        value={requires}
        problem={problemOf('requires')}
        rows={4}
      />
      <Field
        label={t('admin.minutes-label')}
        hint={t('admin.minutes-what')}
        value={minutes}
        problem={problemOf('minutes')}
        required
        type="number"
        min={1}
        max={480}
        class="letter"
      />
      {service && (
        <Field
          label={t('admin.quota-label')}
          hint={t('admin.quota-what')}
          value={quota}
          problem={problemOf('quota')}
          type="number"
          min={1}
          max={999}
          class="letter"
        />
      )}
      <div class="choices">
        <label>
          <input
            type="checkbox"
            checked={collection.value}
            onChange={(event) => {
              collection.value = event.currentTarget.checked
            }}
          />
          {t('admin.collection')}
        </label>
      </div>
    </Form>
  )
}
