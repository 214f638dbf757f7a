import { find, t } from '../../appliance/pages/ui/messages.ts'

/** Who is not an account, in the page's language. */
export function nameOfActor(actor: string): string {
  const [, user] = /^command line \((.*)\)$/.exec(actor) ?? []
  if (user !== undefined) return t('hub.command-line', { user })
  return actor === 'hub' ? t('hub.hub-itself') : actor
}

export const nameOfDataset = (dataset: string): string => find(`hub.dataset-${dataset}`) ?? dataset
