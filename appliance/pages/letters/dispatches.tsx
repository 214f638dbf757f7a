import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { dotVillage } from '../../base/village-code.ts'
import type { DispatchesView, DispatchLine } from '../../letters/dispatches-view.ts'
import type { LettersView } from '../../letters/views.ts'
import { formatOfficeDay } from '../ui/format.ts'
import { t } from '../ui/messages.ts'
import { usePages } from '../ui/staff/use-pages.ts'
import { StateLine } from '../ui/state-line.tsx'
import { BookTools } from './book-tools.tsx'

type Props = {
  /** Changes when anything does. */
  view: LettersView | null
  keeps: boolean
}

/** The book of dispatched letters: what was collected or sent, the newest first. It fills itself. */
export function Dispatches({ view: live, keeps }: Props) {
  const year = useSignal<number | null>(null)
  const pages = usePages<DispatchesView, DispatchLine>({
    address: (behind) =>
      `/api/letters/dispatches?${new URLSearchParams({
        ...(year.value === null ? {} : { year: String(year.value) }),
        ...(behind === null ? {} : { before: String(behind.n) }),
      })}`,
    rowsOf: ({ lines }) => lines,
  })
  useEffect(() => void pages.refresh(), [live])
  const { value: now } = pages.newest
  const { value: lines } = pages.rows
  return (
    <>
      <header class="room">
        <div>
          <h1>{t('letters.dispatches')}</h1>
          <p class="quiet">{t('letters.dispatches-what')}</p>
        </div>
        <div class="buttons">
          {now && (
            <BookTools
              shown={now}
              choose={(chosen) => {
                year.value = chosen
                void pages.begin()
              }}
              take={keeps ? 'dispatches' : null}
            />
          )}
        </div>
      </header>
      {pages.problem.value && <StateLine kind="error">{pages.problem.value}</StateLine>}
      {now && lines.length === 0 && (
        <div class="nobody">
          <p>{t('letters.dispatches-empty', { year: String(now.year) })}</p>
          <p class="quiet">{t('letters.dispatches-empty-what')}</p>
        </div>
      )}
      {lines.length > 0 && (
        <ol class="group book">
          {lines.map((line) => (
            <li key={line.n} class={`row ${line.void ? 'closed' : ''}`}>
              <b class="badge num">{line.n}</b>
              <div class="about">
                <b>{line.subject ?? t('letters.erased')}</b>
                <span class="tag">
                  {line.village
                    ? t('letters.collected-in', { village: dotVillage(line.village) })
                    : t(`letters.dispatched-${line.how}`)}
                </span>
                {line.void && <span class="tag">{t('letters.register-void')}</span>}
                {line.to !== '' && <p>{t('letters.dispatched-to', { name: line.to ?? t('letters.erased') })}</p>}
                <p class="quiet">
                  {formatOfficeDay(line.day)} · <span class="num">{line.written}</span>
                  {line.note && ` · ${line.note}`}
                </p>
              </div>
            </li>
          ))}
        </ol>
      )}
      {pages.more.value && (
        <button type="button" class="button older" onClick={() => void pages.older()}>
          {t('letters.older')}
        </button>
      )}
    </>
  )
}
