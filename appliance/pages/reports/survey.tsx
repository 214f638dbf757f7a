import type { ReportView } from '../../reports/views.ts'
import type { SurveyElement } from '../../survey/views.ts'
import { count, type MessageKey, t } from '../ui/messages.ts'
import { type Group, groups, membersOf } from '../ui/questionnaire.ts'
import { EnterPaper } from './enter-paper.tsx'
import { decimal } from './figure.tsx'
import { SuggestionList } from './suggestions.tsx'

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

/**
 * Satisfaction: the index, its class, how much it can be believed, the nine elements, and the tables of a yearly report.
 * `may`: whether who looks may read visitors' own words.
 */
export function SurveyPart({ view, changed, may }: { view: ReportView; changed: () => void; may: boolean }) {
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
      {respondents > 0 && <SurveyTables survey={survey} />}
      {may && <SuggestionList view={view} />}
    </section>
  )
}

/** Who answered, and what each service got. */
function SurveyTables({ survey }: { survey: ReportView['survey'] }) {
  const { respondents, respondentsBy, services } = survey
  const row = (name: string, n: number) => (
    <tr key={name}>
      <th scope="row" style={{ '--share': `${(100 * n) / respondents}%` }}>
        {name}
      </th>
      <td>{count(n)}</td>
      <td>{decimal((100 * n) / respondents, 1)} %</td>
    </tr>
  )
  return (
    <details class="skm-tables">
      <summary>{t('reports.skm-tables')}</summary>
      <div class="groups">
        {(Object.keys(groups) as Group[]).map((group) => (
          <table key={group} class="lines">
            <thead>
              <tr>
                <th scope="col">{t(`survey.group-${group}`)}</th>
                <th scope="col">{t('reports.skm-count')}</th>
                <th scope="col">%</th>
              </tr>
            </thead>
            <tbody>
              {membersOf(group).map(([member, word]) => row(word, respondentsBy[group].counts[member] ?? 0))}
              {row(t('reports.skm-unsaid'), respondentsBy[group].unsaid)}
            </tbody>
          </table>
        ))}
      </div>
      <table class="lines services">
        <thead>
          <tr>
            <th scope="col">{t('reports.column-service')}</th>
            <th scope="col">{t('reports.skm-count')}</th>
            <th scope="col">{t('reports.survey-index')}</th>
            <th scope="col">{t('reports.survey-grade')}</th>
          </tr>
        </thead>
        <tbody>
          {services.map(({ name, respondents: some, index, grade }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{count(some)}</td>
              <td>{decimal(index, 2)}</td>
              <td>{grade ?? '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  )
}
