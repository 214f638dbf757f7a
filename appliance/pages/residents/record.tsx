import { Printer, X } from 'lucide-preact'
import { useEffect, useRef } from 'preact/hooks'
import { maskNumber } from '../../residents/mask.ts'
import type { ResidentLine, ResidentRecord } from '../../residents/views.ts'
import { formatMoment, formatOfficeDay } from '../ui/format.ts'
import { language, t } from '../ui/messages.ts'
import { Erase } from './erase.tsx'
import { Line } from './line.tsx'
import { RecordCases } from './record-cases.tsx'
import { RecordLetters } from './record-letters.tsx'
import { RecordProposals } from './record-proposals.tsx'
import { fieldText, groups, whyOpened } from './words.ts'

type Props = {
  record: ResidentRecord
  keeps: boolean
  open: (line: ResidentLine) => unknown
  close: () => void
  erased: () => void
}

/** One record, whole: who it is, the family, where it is from, and who has looked. */
export function Record({ record, keeps, open, close, erased }: Props) {
  const { person, age, origin, family, trail } = record
  const head = useRef<HTMLHeadingElement>(null)
  useEffect(() => head.current?.focus(), [record.resident])

  return (
    <article class="group record">
      <header>
        <div>
          <h2 ref={head} tabIndex={-1}>
            {person.name}
          </h2>
          <p class="numbers">
            <span>
              <small class="quiet">{t('residents.field-nik')}</small>
              <b class="num">{person.nik ?? t('residents.no-nik')}</b>
            </span>
            <span>
              <small class="quiet">{t('residents.field-kk')}</small>
              <b class="num">{person.kk ?? '–'}</b>
            </span>
          </p>
        </div>
        <button type="button" class="button button-quiet" onClick={close} aria-label={t('residents.close')}>
          <X class="icon" strokeWidth={1.8} aria-hidden="true" />
        </button>
      </header>
      <RecordCases record={record} />
      <RecordLetters record={record} />
      {groups.map(({ name, fields }) => {
        const known = fields.flatMap((field) => {
          const value = fieldText(field, person, age)
          return value === null ? [] : [[field, value] as const]
        })
        return (
          known.length > 0 && (
            <section key={name}>
              <h3>{t(`residents.group-${name}`)}</h3>
              <dl>
                {known.map(([field, value]) => (
                  <div key={field}>
                    <dt>{t(`residents.field-${field}`)}</dt>
                    <dd>{value}</dd>
                  </div>
                ))}
              </dl>
            </section>
          )
        )
      })}
      {person.marks && (
        <section>
          <h3>{t('residents.marks')}</h3>
          <ul class="marks">
            {person.marks.map(({ mark, asOf }) => (
              <li key={mark}>{asOf ? t('residents.mark-as-of', { mark, day: formatOfficeDay(asOf) }) : mark}</li>
            ))}
          </ul>
        </section>
      )}
      {record.marksHidden && <p class="quiet">{t('residents.marks-hidden')}</p>}
      {family.length > 0 && (
        <section>
          <h3>{t('residents.family', { kk: person.kk ? maskNumber(person.kk) : '' })}</h3>
          <ul class="lines-found">
            {family.map((line) => (
              <li key={line.resident}>
                <button type="button" class="line" onClick={() => open(line)}>
                  <Line line={line} />
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
      {origin && (
        <p class="quiet">
          {t('residents.origin', {
            source: origin.source,
            format: t(`imports.format-${origin.format}`),
            day: formatOfficeDay(origin.asOf),
          })}
        </p>
      )}
      <RecordProposals record={record} />
      <section>
        <div class="trail-head">
          <h3>{t('residents.trail')}</h3>
          <span class="buttons">
            {(
              [
                ['false', t('residents.trail-print')],
                ['true', t('residents.copy-print')],
              ] as const
            )
              .filter(([whole]) => keeps || whole === 'false')
              .map(([whole, word]) => (
                <a
                  key={whole}
                  class="button"
                  download
                  href={`/api/residents/${record.resident}/trail.pdf?whole=${whole}&language=${language.value}`}
                >
                  <Printer class="icon" strokeWidth={1.8} aria-hidden="true" />
                  {word}
                </a>
              ))}
          </span>
        </div>
        <ol class="trail">
          {trail.map((one) => (
            <li key={`${one.at} ${one.name}`}>
              <time>{formatMoment(one.at)}</time>
              <b>{one.name}</b>
              <span class="quiet">{whyOpened(one)}</span>
            </li>
          ))}
        </ol>
      </section>
      {keeps && <Erase key={record.resident} record={record} erased={erased} />}
    </article>
  )
}
