import type { ReportView } from '../../reports/views.ts'
import type { SurveyElement } from '../../survey/views.ts'
import { type MessageKey, t } from '../ui/messages.ts'
import { EnterPaper } from './enter-paper.tsx'
import { decimal } from './figure.tsx'

export const elementWords = {
  requirements: 'reports.skm-requirements',
  procedure: 'reports.skm-procedure',
  time: 'reports.skm-time',
  cost: 'reports.skm-cost',
  product: 'reports.skm-product',
  competence: 'reports.skm-competence',
  behaviour: 'reports.skm-behaviour',
  complaints: 'reports.skm-complaints',
  facilities: 'reports.skm-facilities',
} as const satisfies Record<SurveyElement, MessageKey>

/** Satisfaction: the index, its class, how much it can be believed, and the nine elements. */
export function SurveyPart({ view, changed }: { view: ReportView; changed: () => void }) {
  const { survey } = view
  const { index, auditIndex, grade, respondents, needed, served, means } = survey
  const elements = Object.keys(elementWords) as SurveyElement[]
  return (
    <section class="group skm">
      <header>
        <h2>{t('reports.survey')}</h2>
        <EnterPaper services={view.offered} changed={changed} />
      </header>
      <p class="quiet">{t('reports.survey-what')}</p>
      <p class="index">
        <b class="num">{decimal(index, 2)}</b>
        <span>{grade === null ? t('reports.survey-few') : `${t('reports.survey-grade')} ${grade}`}</span>
      </p>
      <p class="quiet">{t('reports.survey-answers', { n: respondents, needed, served })}</p>
      {auditIndex !== null && (
        <p class="quiet">
          {t('reports.survey-audit')}: {decimal(auditIndex, 2)}.
        </p>
      )}
      <dl>
        {elements.map((element) => (
          <div key={element}>
            <dt>{t(elementWords[element])}</dt>
            <dd>
              <meter min={1} max={4} value={means[element] ?? 1} aria-label={t(elementWords[element])} />
              <span class="num">{decimal(means[element], 2)}</span>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
