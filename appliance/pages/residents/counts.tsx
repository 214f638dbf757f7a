import type { ImportsView } from '../../imports/views.ts'
import { t } from '../ui/messages.ts'

type Props = { counts: NonNullable<ImportsView['staged']>['counts']; small?: boolean }

/** What became of the rows of a file. */
export const Counts = ({ counts, small = false }: Props) => (
  <ul class={`counts ${small ? 'small' : ''}`}>
    {(['new', 'changed', 'same', 'asked', 'refused'] as const).map((name) => (
      <li key={name} class={counts[name] > 0 ? name : 'none'}>
        <b class="num">{t('imports.number', { n: counts[name] })}</b> {t(`imports.count-${name}`)}
      </li>
    ))}
  </ul>
)
