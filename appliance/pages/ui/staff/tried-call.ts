import { t } from '../messages.ts'

/** What became of a test call: who spoke it (null: nobody), and whether that one reports that it is heard (null: not yet). */
export type Tried = { speaker: string | null; heard: boolean | null }

/** Who sounded, in a sentence. */
export function sayTried({ speaker, heard }: Tried, screens: readonly { device: string; name: string }[]): string {
  if (speaker === null) return t('staff.call-test-nobody')
  const screen = screens.find(({ device }) => device === speaker)
  const name = screen?.name ?? t('staff.call-test-box')
  if (heard === null) return t('staff.call-test-sent', { name })
  return heard ? t('staff.call-test-heard', { name }) : t('staff.call-test-silent', { name })
}
