import type { ResidentLine } from '../../residents/views.ts'
import { t } from '../ui/messages.ts'
import { labelOf } from './words.ts'

/** Enough to tell people apart, and no number whole. */
export function Line({ line }: { line: ResidentLine }) {
  const place = [line.hamlet, line.rt && line.rw ? t('residents.rt-rw', { rt: line.rt, rw: line.rw }) : null].filter(
    Boolean,
  )
  return (
    <>
      <b>{line.name}</b>
      <span class="person">
        {[line.sex && labelOf('sex', line.sex), line.age !== null && t('residents.age', { n: line.age })]
          .filter(Boolean)
          .join(', ')}
        {line.relation !== null && <> · {labelOf('relation', line.relation)}</>}
      </span>
      <span class="quiet where">{place.join(' · ')}</span>
      <span class="quiet nik">{line.nik ?? t('residents.no-nik')}</span>
      {line.status !== 1 && <em class="tag">{labelOf('status', line.status)}</em>}
    </>
  )
}
