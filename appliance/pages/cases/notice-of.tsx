import { useSignal } from '@preact/signals'
import type { Notice } from '../../cases/views.ts'
import { ask, explain } from '../ui/api.ts'
import { formatOfficeDay } from '../ui/format.ts'
import { t } from '../ui/messages.ts'
import { heedRefusal } from '../ui/staff/session.ts'

/** What a hospital or a midwife has told, once somebody asks for it: of a known person the record has to be open. */
export function NoticeOf({ id }: { id: string }) {
  const notice = useSignal<Notice | 'erased' | null>(null)
  const problem = useSignal<string | null>(null)

  async function load() {
    try {
      notice.value = (await ask<{ notice: Notice | null }>('GET', `/api/cases/${id}/notice`)).notice ?? 'erased'
      problem.value = null
    } catch (error) {
      problem.value = explain(error)
      heedRefusal(error)
    }
  }
  if (notice.value === 'erased') return <p class="quiet">{t('cases.notice-erased')}</p>
  if (notice.value === null)
    return (
      <>
        <button type="button" class="button" onClick={() => void load()}>
          {t('cases.notice-look')}
        </button>
        {problem.value && (
          <p class="wrong" role="alert">
            {problem.value}
          </p>
        )}
      </>
    )
  return (
    <dl class="told">
      {linesOf(notice.value).map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function linesOf(notice: Notice): [string, string][] {
  const { on, time, place, letter } = notice
  const when = time ? `${formatOfficeDay(on)}, ${time.replace(':', '.')}` : formatOfficeDay(on)
  const all: [string, string | undefined][] =
    notice.kind === 'birth'
      ? [
          [t('cases.notice-child'), notice.name ?? t('cases.notice-unnamed')],
          [t('cases.notice-sex'), notice.sex === 1 ? t('cases.notice-male') : t('cases.notice-female')],
          [t('cases.notice-born'), when],
          [t('cases.notice-place'), place],
          [t('cases.notice-mother'), person(notice.mother)],
          [t('cases.notice-father'), notice.father && person(notice.father)],
          [t('cases.notice-kk'), notice.kk],
          [t('cases.notice-weight'), notice.weightGrams && `${notice.weightGrams} g`],
          [t('cases.notice-length'), notice.lengthCm && `${notice.lengthCm} cm`],
          [t('cases.notice-letter'), letter],
        ].map(([label = '', value]) => [String(label), value === undefined ? undefined : String(value)])
      : [
          [t('cases.notice-name'), person(notice)],
          [t('cases.notice-died'), when],
          [t('cases.notice-place'), place],
          [t('cases.notice-letter'), letter],
        ]
  return all.filter((line): line is [string, string] => Boolean(line[1]))
}

const person = ({ name, nik }: { name: string; nik?: string }): string => (nik ? `${name} · ${nik}` : name)
