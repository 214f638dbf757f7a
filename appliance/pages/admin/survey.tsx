import type { AdminView } from '../../queue/views.ts'
import { count, type MessageKey, t } from '../ui/messages.ts'

type Survey = AdminView['survey']

const words = {
  requirements: 'admin.skm-requirements',
  procedure: 'admin.skm-procedure',
  time: 'admin.skm-time',
  cost: 'admin.skm-cost',
  product: 'admin.skm-product',
  competence: 'admin.skm-competence',
  behaviour: 'admin.skm-behaviour',
  complaints: 'admin.skm-complaints',
  facilities: 'admin.skm-facilities',
} as const satisfies Record<keyof Survey['means'], MessageKey>

/** The month's satisfaction: the index, its class, and how much it can be believed. */
export function SurveyReport({ survey }: { survey: Survey }) {
  const { index, auditIndex, grade, respondents, needed, served, means, month } = survey
  const elements = Object.keys(words) as (keyof Survey['means'])[]
  return (
    <>
      <header class="room">
        <div>
          <h1>{t('admin.skm')}</h1>
          <p class="quiet">{t('admin.skm-month', { month, served: count(served) })}</p>
        </div>
      </header>
      <div class="group skm">
        <p class="index">
          <b class="num">{index === null ? '–' : index.toFixed(2).replace('.', ',')}</b>
          <span>{grade === null ? t('admin.skm-none') : t('admin.skm-grade', { grade })}</span>
        </p>
        <p class="quiet">{t('admin.skm-respondents', { n: count(respondents), needed: count(needed) })}</p>
        {auditIndex !== null && (
          <p class="quiet">{t('admin.skm-audit', { index: auditIndex.toFixed(2).replace('.', ',') })}</p>
        )}
        <dl>
          {elements.map((element) => (
            <div key={element}>
              <dt>{t(words[element])}</dt>
              <dd>
                <meter min={1} max={4} value={means[element] ?? 1} aria-label={t(words[element])} />
                <span class="num">{means[element]?.toFixed(2).replace('.', ',') ?? '–'}</span>
              </dd>
            </div>
          ))}
        </dl>
      </div>
    </>
  )
}
