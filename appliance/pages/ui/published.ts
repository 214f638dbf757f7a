import type { Published } from '../../office/published-view.ts'
import { formatDate } from './format.ts'
import { locale, t } from './messages.ts'

/** Gratis · hasil: KTP-el · Disdukcapil · menurut kabupaten, 12 Nov 2026; empty for a village's own service. */
export function describePublished(published: Published): string {
  if (!published) return ''
  const { fee, result, agency, at } = published
  return [
    fee === null ? null : formatFee(fee),
    result && t('ui.result', { result }),
    agency,
    t('ui.published', { date: formatDate(at) }),
  ]
    .filter(Boolean)
    .join(' · ')
}

/** Rp10.000 */
export const formatFee = (rupiah: number): string =>
  rupiah === 0 ? t('ui.free') : `Rp${new Intl.NumberFormat(locale()).format(rupiah)}`
