import { useSignal } from '@preact/signals'
import { useRef } from 'preact/hooks'
import { explain, newKey } from '../../appliance/pages/ui/api.ts'
import { t } from '../../appliance/pages/ui/messages.ts'
import { DayField } from '../../appliance/pages/ui/staff/day-field.tsx'
import { Field } from '../../appliance/pages/ui/staff/field.tsx'
import { Form } from '../../appliance/pages/ui/staff/section.tsx'
import { SelectField } from '../../appliance/pages/ui/staff/select-field.tsx'
import { TimeField } from '../../appliance/pages/ui/staff/time-field.tsx'
import type { NoticeKind } from '../../appliance/wire/notices.ts'
import { type Access, askAs, sealFor } from './open-case.ts'
import { VillageField } from './village-field.tsx'

const empty = {
  ...{ from: '', village: '', name: '', nik: '', sex: '', on: '', time: '', place: '', weight: '', length: '' },
  ...{ mother: '', motherNik: '', father: '', fatherNik: '', kk: '', letter: '' },
}
type Typed = typeof empty
type Member = keyof Typed

/** A birth or a death, told to the village where the family lives: sealed here to the village's box. */
export function Notify({ access: { token, key: secret, me } }: { access: Access }) {
  const kind = useSignal<NoticeKind | null>(null)
  const typed = useSignal<Typed>(empty)
  const told = useSignal<string | null>(null)
  const problem = useSignal<string | undefined>(undefined)
  const busy = useSignal(false)
  /** The same while nobody knows whether it went: told twice, it is one. */
  const key = useRef(newKey())

  const value = (member: Member) => ({
    get value() {
      return typed.value[member]
    },
    set value(next: string) {
      typed.value = { ...typed.value, [member]: next }
    },
  })
  const begin = (next: NoticeKind) => {
    kind.value = next
    told.value = null
    problem.value = undefined
    key.current = newKey()
  }
  async function send(what: NoticeKind) {
    const { village, from } = typed.value
    const found = me.villages.find((one) => one.village === village)
    if (!found) {
      problem.value = t('agency.village-missing')
      return
    }
    busy.value = true
    try {
      const { recipient } = await askAs<{ recipient: string }>(token, 'GET', `/api/agency/recipient?village=${village}`)
      const sealed = await sealFor(recipient, JSON.stringify(noticeOf(what, typed.value)))
      const notice = { village, notice: key.current, kind: what, from, sealed }
      const signature =
        secret && me.signs ? { signature: (await import('./sign-notice.ts')).signHere(secret, notice) } : {}
      await askAs(token, 'POST', '/api/agency/notices', { ...notice, ...signature })
      // Who tells is the same the next time.
      typed.value = { ...empty, from }
      kind.value = null
      told.value = t('agency.told', { village: found.name })
    } catch (error) {
      problem.value = explain(error)
    } finally {
      busy.value = false
    }
  }

  return (
    <section class="group notify">
      <h2>{t('agency.notify')}</h2>
      <p class="quiet">{t('agency.notify-what')}</p>
      <p class="said" role="status">
        {told.value}
      </p>
      {kind.value === null && (
        <div class="buttons">
          <button type="button" class="button" onClick={() => begin('birth')}>
            {t('agency.birth')}
          </button>
          <button type="button" class="button" onClick={() => begin('death')}>
            {t('agency.death')}
          </button>
        </div>
      )}
      {kind.value !== null && (
        <Form
          save={() => kind.value && void send(kind.value)}
          go={t('agency.tell')}
          busy={busy.value}
          close={() => {
            kind.value = null
          }}
          problem={problem.value}
        >
          <h3>{kind.value === 'birth' ? t('agency.birth') : t('agency.death')}</h3>
          <Field label={t('agency.teller')} value={value('from')} required maxLength={60} autocomplete="organization" />
          <VillageField villages={me.villages} value={value('village')} />
          {kind.value === 'birth' ? <Birth value={value} /> : <Death value={value} />}
          <div class="pair">
            <DayField
              label={kind.value === 'birth' ? t('agency.born-on') : t('agency.died-on')}
              value={value('on')}
              required
            />
            <TimeField label={t('agency.at')} value={value('time')} />
          </div>
          <Field label={t('agency.place')} value={value('place')} required maxLength={100} autocomplete="off" />
          <Field label={t('agency.letter')} value={value('letter')} required maxLength={60} autocomplete="off" />
        </Form>
      )}
    </section>
  )
}

type Asked = { value: (member: Member) => { value: string } }

const digits = (text: string) => text.replace(/\D/g, '').slice(0, 16)
function Nik({ label, value }: { label: string; value: { value: string } }) {
  return (
    <Field
      label={label}
      value={value}
      inputMode="numeric"
      pattern="[0-9]{16}"
      say={{ pattern: t('agency.sixteen') }}
      clean={digits}
      autocomplete="off"
    />
  )
}

function Birth({ value }: Asked) {
  return (
    <>
      <div class="pair">
        <Field label={t('agency.mother')} value={value('mother')} required maxLength={100} autocomplete="off" />
        <Nik label={t('agency.mother-nik')} value={value('motherNik')} />
      </div>
      <div class="pair">
        <Field label={t('agency.father')} value={value('father')} maxLength={100} autocomplete="off" />
        <Nik label={t('agency.father-nik')} value={value('fatherNik')} />
      </div>
      <Nik label={t('agency.kk')} value={value('kk')} />
      <div class="pair">
        <Field
          label={t('agency.child')}
          hint={t('agency.child-what')}
          value={value('name')}
          maxLength={100}
          autocomplete="off"
        />
        <SelectField label={t('agency.sex')} value={value('sex')} required>
          <option value="" />
          <option value="1">{t('agency.male')}</option>
          <option value="2">{t('agency.female')}</option>
        </SelectField>
      </div>
      <div class="pair">
        <Field type="number" label={t('agency.weight')} value={value('weight')} min={200} max={9000} />
        <Field type="number" label={t('agency.length')} value={value('length')} min={20} max={80} />
      </div>
    </>
  )
}

function Death({ value }: Asked) {
  return (
    <div class="pair">
      <Field label={t('agency.dead')} value={value('name')} required maxLength={100} autocomplete="off" />
      <Nik label="NIK" value={value('nik')} />
    </div>
  )
}

/** As the village's box reads it (wire/notices.ts): what was left empty is not in it. */
function noticeOf(kind: NoticeKind, typed: Typed): object {
  const { name, nik, sex, on, time, place, weight, length, mother, motherNik, father, fatherNik, kk, letter } = typed
  const person = (one: string, number: string) => ({ name: one.trim(), ...(number ? { nik: number } : {}) })
  const same = { kind, on, place: place.trim(), letter: letter.trim(), ...(time ? { time: time.slice(0, 5) } : {}) }
  if (kind === 'death') return { ...same, ...person(name, nik) }
  return {
    ...{ ...same, sex: Number(sex), mother: person(mother, motherNik) },
    ...(name.trim() ? { name: name.trim() } : {}),
    ...(father.trim() ? { father: person(father, fatherNik) } : {}),
    ...(kk ? { kk } : {}),
    ...(weight ? { weightGrams: Number(weight) } : {}),
    ...(length ? { lengthCm: Number(length) } : {}),
  }
}
